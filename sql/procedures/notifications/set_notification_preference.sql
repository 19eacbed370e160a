CREATE PROCEDURE set_notification_preference (
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_kind         VARCHAR(16),
    IN p_inbox        BOOLEAN,
    IN p_mail         VARCHAR(8)
)
    COMMENT '
Say whether the actor wants to be told of something, and by which way.

It holds for what is told from now on.

Parameters
  p_actor_id      the user who asks; NULL for the one that the SQL login is bound to
  p_workspace_id  where it holds; NULL: wherever nothing else is said
  p_kind          notification_kind.kind, such as mentioned
  p_inbox         1: it goes into the inbox; 0: it does not; NULL: as is said for everywhere,
                  or as is usual
  p_mail          none, at_once or digest; NULL likewise

Result
  one row, as list_notification_preferences gives it

Errors
  actor_not_allowed    the login may not ask for that user
  actor_required       the login may ask for any user and named none
  permission_denied    the role of the actor does not allow reading
  workspace_not_found  there is no such workspace for the actor
  invalid_request      there is no such kind or way

Example
  CALL set_notification_preference(NULL, NULL, "due_soon", 1, "none");
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    IF p_workspace_id IS NULL THEN
        CALL _identify(p_actor_id);
    ELSE
        CALL _authorize(p_actor_id, p_workspace_id, NULL, 'read');
    END IF;

    -- Exactly: the tables hold these words only, and refuse one with an accent by no name.
    IF NOT EXISTS (SELECT 1 FROM notification_kind WHERE kind = p_kind COLLATE utf8mb4_bin) THEN
        CALL raise_error('invalid_request', 'nothing of that kind is told',
                         JSON_OBJECT('errors', JSON_OBJECT('kind', JSON_ARRAY('is not known'))));
    END IF;

    IF p_mail COLLATE utf8mb4_bin NOT IN ('none', 'at_once', 'digest') THEN
        CALL raise_error('invalid_request', 'mail is none, at_once or digest',
                         JSON_OBJECT('errors', JSON_OBJECT('mail', JSON_ARRAY('none, at_once or digest'))));
    END IF;

    IF p_inbox IS NULL AND p_mail IS NULL THEN
        DELETE FROM notification_preference
         WHERE user_id = p_actor_id AND kind = p_kind AND workspace_id = COALESCE(p_workspace_id, 0);
    ELSE
        INSERT INTO notification_preference (user_id, kind, workspace_id, inbox, mail)
        VALUES (p_actor_id, p_kind, COALESCE(p_workspace_id, 0), p_inbox, p_mail) AS new_row
            ON DUPLICATE KEY UPDATE inbox = new_row.inbox, mail = new_row.mail;
    END IF;

    CALL _show_preferences(p_actor_id, p_workspace_id, p_kind);

    COMMIT;
END
