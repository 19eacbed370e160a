CREATE PROCEDURE _invite (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_workspace_id    BIGINT UNSIGNED,
    IN p_role            VARCHAR(16),
    IN p_hours           INT UNSIGNED
)
    COMMENT '
Write an invitation and show its token.

Parameters
  p_actor_id         who invites, and may
  p_organization_id  the organization; NULL for a workspace
  p_workspace_id     the workspace; NULL for an organization
  p_role             a role that there is
  p_hours            how long it is good: 1 to 720

Result
  one row: invitation_id, token, organization_id, workspace_id, role, expires_at

Errors
  invalid_request  the hours are not 1 to 720
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_token CHAR(64) DEFAULT LOWER(HEX(RANDOM_BYTES(32)));

    IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 720 THEN
        CALL raise_error('invalid_request', 'an invitation is good for 1 to 720 hours',
                         JSON_OBJECT('errors', JSON_OBJECT('hours', JSON_ARRAY('1 to 720'))));
    END IF;

    INSERT INTO invitation (token_hash, organization_id, workspace_id, role, created_by, expires_at)
    VALUES (SHA2(v_token, 256), p_organization_id, p_workspace_id, p_role, p_actor_id, NOW(6) + INTERVAL p_hours HOUR);

    SELECT id AS invitation_id, v_token AS token, organization_id, workspace_id, role, expires_at
      FROM invitation
     WHERE id = LAST_INSERT_ID();
END
