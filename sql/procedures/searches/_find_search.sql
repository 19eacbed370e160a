CREATE PROCEDURE _find_search (
    INOUT p_actor_id     BIGINT UNSIGNED,
    IN    p_search_id    BIGINT UNSIGNED,
    IN    p_permission   VARCHAR(16),
    OUT   p_workspace_id BIGINT UNSIGNED
)
    COMMENT '
Find a saved search, for who may see it: its owner, and where it is shared whoever reads the workspace.

Its owner may change it; a shared one of somebody else may be changed by who administers the
workspace.

Parameters
  p_actor_id      as for _identify
  p_search_id     the search
  p_permission    read, or administer to change it
  p_workspace_id  its workspace

Result
  none

Errors
  actor_not_allowed  as for _identify
  actor_required     as for _identify
  permission_denied  the actor may see it, but not change it
  search_not_found   there is no such search for the actor
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_owner_id BIGINT UNSIGNED;

    CALL _identify(p_actor_id);

    SELECT saved_search.workspace_id, saved_search.owner_id
      INTO p_workspace_id, v_owner_id
      FROM saved_search
      JOIN membership ON membership.workspace_id = saved_search.workspace_id AND membership.user_id = p_actor_id
     WHERE saved_search.id = p_search_id AND (saved_search.is_shared OR saved_search.owner_id = p_actor_id);

    IF p_workspace_id IS NULL THEN
        CALL raise_error('search_not_found', CONCAT('no search ', COALESCE(p_search_id, 'NULL')),
                         JSON_OBJECT('search_id', p_search_id));
    END IF;

    CALL _authorize(p_actor_id, p_workspace_id, NULL, IF(v_owner_id = p_actor_id, 'read', p_permission));
END
