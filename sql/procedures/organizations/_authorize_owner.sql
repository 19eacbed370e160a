CREATE PROCEDURE _authorize_owner (
    IN p_actor_id      BIGINT UNSIGNED,
    IN p_workspace_ids JSON
)
    COMMENT '
Refuse an actor who does not own each of some workspaces of an organization.

An admin of the organization administers its workspaces, but whoever changes a team that
owns one, or puts out somebody who does, makes or unmakes an owner there. Owners of the
organization own them all. To be called under the lock of the organization, without which
nobody''s role in its workspaces changes.

Parameters
  p_actor_id       who asks, and administers the organization
  p_workspace_ids  an array of workspaces of the organization, or NULL for none

Result
  none

Errors
  permission_denied  the actor does not own all of them
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    SELECT MIN(workspaces.id)
      INTO v_workspace_id
      FROM JSON_TABLE(p_workspace_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS workspaces
      LEFT JOIN membership
             ON membership.workspace_id = workspaces.id AND membership.user_id = p_actor_id AND membership.role = 'owner'
     WHERE membership.user_id IS NULL;

    IF v_workspace_id IS NOT NULL THEN
        CALL _authorize(p_actor_id, v_workspace_id, NULL, 'own');
    END IF;
END
