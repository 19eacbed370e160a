CREATE PROCEDURE delete_saved_search (
    IN p_actor_id  BIGINT UNSIGNED,
    IN p_search_id BIGINT UNSIGNED
)
    COMMENT '
Delete a saved search.

Parameters
  p_actor_id   the user who asks; NULL for the one that the SQL login is bound to
  p_search_id  the search

Result
  one row: search_id, workspace_id

Errors
  actor_not_allowed  the login may not ask for that user
  actor_required     the login may ask for any user and named none
  permission_denied  it is shared by somebody else, and the actor does not administer
  search_not_found   there is no such search for the actor

Example
  CALL delete_saved_search(NULL, 1);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_workspace_id BIGINT UNSIGNED;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    CALL _find_search(p_actor_id, p_search_id, 'administer', v_workspace_id);

    -- From here on nobody begins to follow it, and nobody looks.
    DO (SELECT id FROM saved_search WHERE id = p_search_id FOR UPDATE);
    DO (SELECT COUNT(*) FROM (SELECT user_id FROM search_watch WHERE search_id = p_search_id FOR UPDATE) AS watch);

    DELETE FROM search_event WHERE search_id = p_search_id;
    DELETE FROM search_member WHERE search_id = p_search_id;
    DELETE FROM search_watch WHERE search_id = p_search_id;
    DELETE FROM saved_search WHERE id = p_search_id;

    SELECT p_search_id AS search_id, v_workspace_id AS workspace_id;

    COMMIT;
END
