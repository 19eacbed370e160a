CREATE PROCEDURE accept_invitation (
    IN p_actor_id BIGINT UNSIGNED,
    IN p_token    VARCHAR(128)
)
    COMMENT '
Join where an invitation leads to.

It is worth what whoever made it may still give.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to
  p_token     what the link holds

Result
  one row: invitation_id, organization_id, workspace_id, role

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  invitation_not_found  it was never made, is used or revoked, or its maker may not
                        invite any more
  invitation_expired    its time is over
  user_not_found        there is no such user
  member_exists         the actor already has a role there
  guest_restricted      the role administers, and the actor does not belong to the
                        organization
  api_key_bound         the actor is an API key

Example
  CALL accept_invitation(NULL, "c0ffee");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_invitation_id   BIGINT UNSIGNED;
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;
    DECLARE v_locked_id       BIGINT UNSIGNED;
    DECLARE v_role            VARCHAR(16);
    DECLARE v_is_expired      BOOLEAN;
    DECLARE v_is_member       BOOLEAN;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        SET @headgate_actor_id = NULL, @headgate_deriving = NULL;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _identify(p_actor_id);

    SELECT invitation.id, invitation.workspace_id,
           COALESCE(invitation.organization_id, organization_workspace.organization_id)
      INTO v_invitation_id, v_workspace_id, v_locked_id
      FROM invitation
      LEFT JOIN organization_workspace ON organization_workspace.workspace_id = invitation.workspace_id
     WHERE invitation.token_hash = SHA2(p_token, 256);

    -- The organization first, then the workspace, as everywhere; then whether it is still good.
    SELECT id INTO v_locked_id FROM organization WHERE id = v_locked_id FOR UPDATE;
    SELECT id INTO v_workspace_id FROM workspace WHERE id = v_workspace_id FOR UPDATE;

    SELECT invitation.organization_id, invitation.role, invitation.expires_at <= NOW(6),
           membership.direct_role IS NOT NULL OR organization_member.user_id IS NOT NULL
      INTO v_organization_id, v_role, v_is_expired, v_is_member
      FROM invitation
      LEFT JOIN membership AS maker
             ON maker.workspace_id = invitation.workspace_id AND maker.user_id = invitation.created_by
      LEFT JOIN organization_member AS founder
             ON founder.organization_id = invitation.organization_id AND founder.user_id = invitation.created_by
      JOIN role_permission
        ON role_permission.role = COALESCE(maker.role, founder.role)
       AND role_permission.permission = IF(invitation.role = 'owner', 'own', 'administer')
      LEFT JOIN membership ON membership.workspace_id = invitation.workspace_id AND membership.user_id = p_actor_id
      LEFT JOIN organization_member
             ON organization_member.organization_id = invitation.organization_id
            AND organization_member.user_id = p_actor_id
     WHERE invitation.id = v_invitation_id AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
       FOR UPDATE OF invitation;

    IF v_role IS NULL THEN
        CALL raise_error('invitation_not_found', 'the link is good for nothing', NULL);
    END IF;

    IF v_is_expired THEN
        CALL raise_error('invitation_expired', 'ask for a new one', NULL);
    END IF;

    IF v_is_member THEN
        CALL raise_error('member_exists', 'you already have a role there',
                         JSON_OBJECT('organization_id', v_organization_id, 'workspace_id', v_workspace_id));
    END IF;

    SET @headgate_actor_id = p_actor_id, @headgate_deriving = NULL, @headgate_new_after = NULL;

    IF v_workspace_id IS NULL THEN
        INSERT INTO organization_member (organization_id, user_id, role) VALUES (v_organization_id, p_actor_id, v_role);
    ELSE
        INSERT INTO membership (workspace_id, user_id, direct_role)
        VALUES (v_workspace_id, p_actor_id, v_role) AS new_row
            ON DUPLICATE KEY UPDATE direct_role = new_row.direct_role;
    END IF;

    UPDATE invitation SET accepted_by = p_actor_id, accepted_at = NOW(6) WHERE id = v_invitation_id;

    SELECT v_invitation_id AS invitation_id, v_organization_id AS organization_id, v_workspace_id AS workspace_id,
           v_role AS role;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
