-- Organizations own workspaces; teams of their members are given roles in them.
-- transactional: false

CREATE TABLE IF NOT EXISTS organization (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name       VARCHAR(120) NOT NULL,
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'The lock of who belongs where: whoever changes its people locks its row first, then workspaces';

CREATE TABLE IF NOT EXISTS inherited_role (
    role           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'in the organization',
    workspace_role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'and therefore in each of its workspaces',
    PRIMARY KEY (role),
    KEY inherited_role_workspace_role (workspace_role) COMMENT 'serves its foreign key',
    CONSTRAINT inherited_role_role_fk FOREIGN KEY (role) REFERENCES role (role),
    CONSTRAINT inherited_role_workspace_role_fk FOREIGN KEY (workspace_role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a role in an organization gives in its workspaces; the other roles give nothing there';

CREATE TABLE IF NOT EXISTS organization_member (
    organization_id BIGINT UNSIGNED NOT NULL COMMENT 'the organization',
    user_id         BIGINT UNSIGNED NOT NULL,
    role            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at      TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (organization_id, user_id),
    KEY organization_member_user (user_id, organization_id) COMMENT 'list_organizations',
    KEY organization_member_role (role) COMMENT 'serves its foreign key',
    CONSTRAINT organization_member_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
    CONSTRAINT organization_member_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT organization_member_role_fk FOREIGN KEY (role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who belongs to an organization, and as what';

CREATE TABLE IF NOT EXISTS organization_workspace (
    workspace_id    BIGINT UNSIGNED NOT NULL,
    organization_id BIGINT UNSIGNED NOT NULL COMMENT 'whose workspace it is, for good',
    PRIMARY KEY (workspace_id) COMMENT 'a workspace belongs to one organization or to none',
    KEY organization_workspace_organization (organization_id, workspace_id) COMMENT 'the workspaces that a role is inherited in',
    CONSTRAINT organization_workspace_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT organization_workspace_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which workspaces are of which organization; a table of its own, so that its triggers may lock the workspace';

CREATE TABLE IF NOT EXISTS team (
    id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    organization_id BIGINT UNSIGNED NOT NULL COMMENT 'whose team it is',
    name            VARCHAR(64) NOT NULL,
    created_at      TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (id),
    UNIQUE KEY team_name (organization_id, name) COMMENT 'list_teams; a name is taken once',
    CONSTRAINT team_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Members of an organization who are given roles together';

CREATE TABLE IF NOT EXISTS team_member (
    team_id    BIGINT UNSIGNED NOT NULL COMMENT 'the team',
    user_id    BIGINT UNSIGNED NOT NULL,
    created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (team_id, user_id),
    KEY team_member_user (user_id, team_id) COMMENT 'the teams through which a user has a role',
    CONSTRAINT team_member_team_fk FOREIGN KEY (team_id) REFERENCES team (id),
    CONSTRAINT team_member_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who is in a team';

CREATE TABLE IF NOT EXISTS team_role (
    workspace_id BIGINT UNSIGNED NOT NULL,
    team_id      BIGINT UNSIGNED NOT NULL COMMENT 'the team that has the role',
    role         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at   TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (workspace_id, team_id),
    KEY team_role_team (team_id, workspace_id) COMMENT 'the workspaces of a team',
    KEY team_role_role (role) COMMENT 'serves its foreign key',
    CONSTRAINT team_role_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT team_role_team_fk FOREIGN KEY (team_id) REFERENCES team (id),
    CONSTRAINT team_role_role_fk FOREIGN KEY (role) REFERENCES role (role)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What the members of a team are in a workspace';

ALTER TABLE membership
    ADD COLUMN direct_role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
               COMMENT 'what the user was given themselves; NULL: they are here by a team or the organization',
    MODIFY COLUMN role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
               COMMENT 'the highest of all that was given; worked out by the triggers',
    ADD KEY membership_direct_role (direct_role) COMMENT 'serves its foreign key',
    ADD CONSTRAINT membership_direct_role_fk FOREIGN KEY (direct_role) REFERENCES role (role);
