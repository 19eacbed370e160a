CREATE PROCEDURE revoke_invitation (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_invitation_id BIGINT UNSIGNED
)
    COMMENT '
Take an invitation back.

Parameters
  p_actor_id       the user who asks; NULL for the one that the SQL login is bound to
  p_invitation_id  the invitation

Result
  one row: invitation_id

Errors
  actor_not_allowed     the login may not ask for that user
  actor_required        the login may ask for any user and named none
  permission_denied     only owners and admins revoke
  invitation_not_found  there is no such invitation for the actor, or it is used or
                        revoked

Example
  CALL revoke_invitation(NULL, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_organization_id BIGINT UNSIGNED;
    DECLARE v_workspace_id    BIGINT UNSIGNED;

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

    SELECT invitation.organization_id, invitation.workspace_id
      INTO v_organization_id, v_workspace_id
      FROM invitation
      LEFT JOIN membership ON membership.workspace_id = invitation.workspace_id AND membership.user_id = p_actor_id
      LEFT JOIN organization_member
             ON organization_member.organization_id = invitation.organization_id
            AND organization_member.user_id = p_actor_id
     WHERE invitation.id = p_invitation_id AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
       AND COALESCE(membership.user_id, organization_member.user_id) IS NOT NULL
       FOR UPDATE OF invitation;

    IF v_workspace_id IS NOT NULL THEN
        CALL _authorize(p_actor_id, v_workspace_id, NULL, 'administer');
    ELSEIF v_organization_id IS NOT NULL THEN
        CALL _authorize_organization(p_actor_id, v_organization_id, 'administer');
    ELSE
        CALL raise_error('invitation_not_found', CONCAT('no invitation ', p_invitation_id),
                         JSON_OBJECT('invitation_id', p_invitation_id));
    END IF;

    UPDATE invitation SET revoked_at = NOW(6) WHERE id = p_invitation_id;

    SELECT p_invitation_id AS invitation_id;

    COMMIT;
    SET @headgate_actor_id = NULL;
END
