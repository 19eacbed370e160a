CREATE PROCEDURE _derive_mentions (
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_comment_id   BIGINT UNSIGNED,
    IN p_body         TEXT
)
    COMMENT '
Note which members a comment names, in a transaction that holds the workspace lock.

Whoever was named before and still is keeps their row, so a new row is a new mention.
Names of others stay what they are, text: who belongs to the workspace only later was not
mentioned. Of more than 50 names the first 50 count, and of the ways to read one, as
_mentioned_names gives them, the first that is the name of a member.

Parameters
  p_workspace_id  the workspace of the comment
  p_comment_id    the comment
  p_body          what it says

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_names JSON DEFAULT _mentioned_names(p_body);

    SET @headgate_deriving = TRUE;

    DELETE FROM mention
     WHERE workspace_id = p_workspace_id AND comment_id = p_comment_id
       AND user_id NOT IN (SELECT app_user.id
                             FROM JSON_TABLE(v_names, '$[*][*]' COLUMNS (name VARCHAR(32) PATH '$')) AS named
                             JOIN app_user ON app_user.username = named.name);

    -- A locking read: the caller of a trigger may live in an old snapshot.
    INSERT INTO mention (workspace_id, comment_id, user_id)
    SELECT DISTINCT p_workspace_id, p_comment_id, member.user_id
      FROM (SELECT membership.user_id, ROW_NUMBER() OVER (PARTITION BY named.place ORDER BY named.reading) AS nth
              FROM JSON_TABLE(v_names, '$[*]' COLUMNS (place FOR ORDINALITY,
                                                       NESTED PATH '$[*]' COLUMNS (reading FOR ORDINALITY,
                                                                                   name VARCHAR(32) PATH '$'))) AS named
              JOIN app_user ON app_user.username = named.name
              JOIN membership ON membership.workspace_id = p_workspace_id AND membership.user_id = app_user.id
               FOR SHARE OF membership) AS member
      LEFT JOIN mention AS known
             ON known.workspace_id = p_workspace_id AND known.comment_id = p_comment_id AND known.user_id = member.user_id
     WHERE member.nth = 1 AND known.user_id IS NULL;

    SET @headgate_deriving = NULL;
END
