-- Invitations by a link that is shown once.
-- transactional: false

CREATE TABLE IF NOT EXISTS invitation (
    id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    token_hash      CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the token in the link',
    organization_id BIGINT UNSIGNED NULL COMMENT 'where to, if it is an organization',
    workspace_id    BIGINT UNSIGNED NULL COMMENT 'where to, if it is a workspace',
    role            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_by      BIGINT UNSIGNED NOT NULL COMMENT 'who invites; it is worth what they may still give',
    created_at      TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    expires_at      TIMESTAMP(6) NOT NULL COMMENT 'from then on it is good for nothing',
    accepted_by     BIGINT UNSIGNED NULL COMMENT 'who came; it is good for one',
    accepted_at     TIMESTAMP(6) NULL COMMENT 'when they came',
    revoked_at      TIMESTAMP(6) NULL COMMENT 'when it was taken back',
    PRIMARY KEY (id),
    UNIQUE KEY invitation_token (token_hash) COMMENT 'accept_invitation',
    KEY invitation_organization (organization_id) COMMENT 'list_organization_invitations',
    KEY invitation_workspace (workspace_id) COMMENT 'list_workspace_invitations',
    KEY invitation_role (role) COMMENT 'serves its foreign key',
    KEY invitation_creator (created_by) COMMENT 'serves its foreign key',
    KEY invitation_guest (accepted_by) COMMENT 'serves its foreign key',
    CONSTRAINT invitation_organization_fk FOREIGN KEY (organization_id) REFERENCES organization (id),
    CONSTRAINT invitation_workspace_fk FOREIGN KEY (workspace_id) REFERENCES workspace (id),
    CONSTRAINT invitation_role_fk FOREIGN KEY (role) REFERENCES role (role),
    CONSTRAINT invitation_creator_fk FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT invitation_guest_fk FOREIGN KEY (accepted_by) REFERENCES app_user (id),
    CONSTRAINT invitation_somewhere CHECK ((organization_id IS NULL) <> (workspace_id IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who holds the token may join, once, until it expires';
