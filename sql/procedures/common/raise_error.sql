CREATE PROCEDURE raise_error (
    IN p_code   VARCHAR(48),
    IN p_detail TEXT,
    IN p_facts  JSON
)
    COMMENT '
Refuse the current call with an error from the error_code table.

A message carries 128 characters, so it holds the code and the first words. The
session variable @headgate_error holds all of it; it is only written here and
only read after a refusal, on the same connection.

Parameters
  p_code    error_code.code, such as "dependency_cycle"
  p_detail  one sentence for the caller; cut after 512 characters, for a path can be long
  p_facts   an object with what the refusal rests on, or NULL

Result
  none; always signals SQLSTATE 45000 with error_code.errno

Example
  CALL raise_error("task_not_found", "no task 7", JSON_OBJECT("task_id", 7));
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_errno   SMALLINT UNSIGNED DEFAULT 50000;
    DECLARE v_detail  VARCHAR(512)      DEFAULT IF(CHAR_LENGTH(p_detail) > 512, CONCAT(LEFT(p_detail, 509), '...'), p_detail);
    DECLARE v_message VARCHAR(128)      DEFAULT LEFT(CONCAT(p_code, ': ', COALESCE(p_detail, '')), 128);

    SELECT errno INTO v_errno FROM error_code WHERE code = p_code;

    SET @headgate_error = JSON_OBJECT('code', p_code, 'detail', v_detail, 'facts', COALESCE(p_facts, JSON_OBJECT()));

    SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = v_errno, MESSAGE_TEXT = v_message;
END
