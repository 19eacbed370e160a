-- transactional: false
DROP TABLE IF EXISTS role_permission;
DROP TABLE IF EXISTS role;
DROP TABLE IF EXISTS task_priority;
DROP TABLE IF EXISTS status_transition;
DROP TABLE IF EXISTS task_status;
DROP TABLE IF EXISTS error_code;
DROP TABLE IF EXISTS schema_object;
