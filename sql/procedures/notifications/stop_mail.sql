CREATE PROCEDURE stop_mail (
    IN p_user_id BIGINT UNSIGNED
)
    COMMENT '
Mail a user nothing more: not what was told before, and not what will be.

Only for the service, to which somebody has shown the link in a mail to that user. The
inbox stays as it is, and set_notification_preference turns mails on again.

Parameters
  p_user_id  the user

Result
  one row: user_id, username

Errors
  user_not_found  there is no such user

Example
  CALL stop_mail(7);
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

    IF NOT EXISTS (SELECT 1 FROM app_user WHERE id = p_user_id) THEN
        CALL raise_error('user_not_found', CONCAT('no user ', p_user_id), JSON_OBJECT('user_id', p_user_id));
    END IF;

    INSERT INTO notification_preference (user_id, kind, workspace_id, mail)
    SELECT p_user_id, kind, 0, 'none' FROM notification_kind
        ON DUPLICATE KEY UPDATE mail = 'none';

    UPDATE notification_preference SET mail = 'none' WHERE user_id = p_user_id AND workspace_id <> 0 AND mail IS NOT NULL;

    UPDATE notification
       SET mail = 'none'
     WHERE mail IN ('at_once', 'digest') AND mail_id IS NULL AND user_id = p_user_id;

    SELECT id AS user_id, username FROM app_user WHERE id = p_user_id;

    COMMIT;
END
