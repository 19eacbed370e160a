CREATE PROCEDURE list_organization_security_events (
    IN p_actor_id        BIGINT UNSIGNED,
    IN p_organization_id BIGINT UNSIGNED,
    IN p_skip            INT UNSIGNED,
    IN p_limit           INT UNSIGNED
)
    COMMENT '
List who came to an organization, went, or has another role there. Only for its owners.

What happened in its workspaces, list_security_events tells.

Parameters
  p_actor_id         the user who asks; NULL for the one that the SQL login is bound to
  p_organization_id  the organization
  p_skip             how many rows to leave out
  p_limit            how many to give at most

Result
  rows, the newest first: event_id, occurred_at, event, user_id, workspace_id (NULL), actor_id,
  login, address, user_agent, facts

Errors
  actor_not_allowed       the login may not ask for that user
  actor_required          the login may ask for any user and named none
  permission_denied       the actor is a member, but no owner
  organization_not_found  there is no such organization for the actor

Example
  CALL list_organization_security_events(NULL, 1, 0, 20);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _authorize_organization(p_actor_id, p_organization_id, 'own');

    -- Which organization an event is about is in its facts; by the kinds of events, their index finds the few there are.
    SELECT id AS event_id, occurred_at, event, user_id, workspace_id, actor_id, login, address, user_agent, facts
      FROM security_event
     WHERE event IN ('organization_member_added', 'organization_member_removed', 'organization_role_changed')
       AND CAST(facts ->> '$.organization_id' AS UNSIGNED) = p_organization_id
     ORDER BY id DESC
     LIMIT p_limit OFFSET p_skip;
END
