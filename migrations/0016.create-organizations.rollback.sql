-- transactional: false
ALTER TABLE membership
    DROP FOREIGN KEY membership_direct_role_fk,
    DROP KEY membership_direct_role,
    DROP COLUMN direct_role,
    MODIFY COLUMN role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
DROP TABLE IF EXISTS team_role;
DROP TABLE IF EXISTS team_member;
DROP TABLE IF EXISTS team;
DROP TABLE IF EXISTS organization_workspace;
DROP TABLE IF EXISTS organization_member;
DROP TABLE IF EXISTS inherited_role;
DROP TABLE IF EXISTS organization;
