-- transactional: false
DROP TABLE IF EXISTS security_event;
DROP TABLE IF EXISTS security_event_kind;
DROP TABLE IF EXISTS login_session;
