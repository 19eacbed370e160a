CREATE PROCEDURE list_notification_preferences (
    IN p_actor_id BIGINT UNSIGNED
)
    COMMENT '
List what the actor wants to be told, and by which way.

Parameters
  p_actor_id  the user who asks; NULL for the one that the SQL login is bound to

Result
  rows: workspace_id, kind, description, inbox, mail (none, at_once, digest), is_default;
  first what holds everywhere, with workspace_id NULL, then what holds otherwise in a
  workspace

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none

Example
  CALL list_notification_preferences(NULL);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    CALL _identify(p_actor_id);

    CALL _show_preferences(p_actor_id, NULL, NULL);
END
