CREATE PROCEDURE claim_mail (
    IN p_limit         INT UNSIGNED,
    IN p_lease_seconds INT UNSIGNED
)
    COMMENT '
Take mails that are to be sent now, for a time.

Only for the service: its workers call it, as many at once as they like, and say by
finish_mail what came of it. A mail that a worker did not finish in its time, because it
died, is given to another: so it may be sent twice, and a mail is the same each time, by
its id and its created_at. What somebody has read by then, or may not read any more, is
not in it, and a mail with nothing in it is dropped. So is one to an address that is not
known to belong to the user, but for the one that asks them; that is good for a day.

Parameters
  p_limit          how many at most
  p_lease_seconds  for how long they are left to the caller

Result
  rows: mail_id, attempt, purpose (confirmation, at_once, digest), user_id, username, address,
  created_at, things (how many it tells of), items: an array of the first hundred, each with
  kind, task_id, title, workspace, actor, due (where the user lives)

Example
  CALL claim_mail(20, 120);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_ids JSON;

    -- An open transaction of the caller (1568) is not ours to end.
    DECLARE EXIT HANDLER FOR 1568 RESIGNAL;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    START TRANSACTION;

    SELECT COALESCE(JSON_ARRAYAGG(id), JSON_ARRAY())
      INTO v_ids
      FROM (SELECT id
              FROM mail
             WHERE outcome IS NULL AND next_at <= NOW(6)
             ORDER BY next_at
             LIMIT p_limit
               FOR UPDATE SKIP LOCKED) AS due_mail;

    UPDATE /*+ JOIN_FIXED_ORDER() */ JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN mail ON mail.id = chosen.id
       SET mail.attempts = mail.attempts + 1, mail.next_at = NOW(6) + INTERVAL p_lease_seconds SECOND;

    WITH thing AS (
        SELECT mail.id AS mail_id, notification.kind, notification.task_id, task.title, workspace.name AS workspace,
               actor.username AS actor,
               DATE_FORMAT(CONVERT_TZ(notification.due_at, '+00:00', app_user.time_zone), '%Y-%m-%d %H:%i') AS due,
               ROW_NUMBER() OVER (PARTITION BY mail.id ORDER BY notification.id) AS place
          FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS chosen
          JOIN mail ON mail.id = chosen.id AND mail.purpose <> 'confirmation'
          JOIN notification ON notification.mail = mail.purpose AND notification.mail_id = mail.id
          JOIN task ON task.id = notification.task_id
          JOIN workspace ON workspace.id = notification.workspace_id
          JOIN membership ON membership.workspace_id = notification.workspace_id AND membership.user_id = notification.user_id
          JOIN role_permission ON role_permission.role = membership.role AND role_permission.permission = 'read'
          JOIN app_user ON app_user.id = notification.user_id AND app_user.email_verified_at IS NOT NULL
          LEFT JOIN app_user AS actor ON actor.id = notification.actor_id
         WHERE notification.read_at IS NULL
    ),
    letter AS (
        SELECT mail_id, COUNT(*) AS things,
               JSON_ARRAYAGG(IF(place <= 100, JSON_OBJECT('kind', kind, 'task_id', task_id, 'title', title, 'workspace', workspace,
                                                          'actor', actor, 'due', due, 'place', place), NULL)) AS items
          FROM thing
         GROUP BY mail_id
    )
    SELECT JSON_ARRAYAGG(JSON_OBJECT('mail_id', mail.id, 'things', COALESCE(letter.things, 0), 'items', letter.items,
                                     'is_idle', IF(mail.purpose = 'confirmation',
                                                   NOT mail.address <=> app_user.email OR app_user.email_verified_at IS NOT NULL
                                                   OR mail.created_at < NOW(6) - INTERVAL 1 DAY,
                                                   letter.things IS NULL)))
      INTO v_ids
      FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) AS chosen
      JOIN mail ON mail.id = chosen.id
      JOIN app_user ON app_user.id = mail.user_id
      LEFT JOIN letter ON letter.mail_id = mail.id;

    -- Found by a read of its own: an UPDATE would lock rows of users, too.
    UPDATE /*+ JOIN_FIXED_ORDER() */ JSON_TABLE(v_ids, '$[*]' COLUMNS (
               mail_id BIGINT UNSIGNED PATH '$.mail_id',
               is_idle BOOLEAN         PATH '$.is_idle')) AS letter
      JOIN mail ON mail.id = letter.mail_id
       SET mail.outcome = 'dropped', mail.ended_at = NOW(6)
     WHERE letter.is_idle;

    SELECT mail.id AS mail_id, mail.attempts AS attempt, mail.purpose, mail.user_id, app_user.username,
           app_user.email AS address, mail.created_at, letter.things, letter.items
      FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (
               mail_id BIGINT UNSIGNED PATH '$.mail_id',
               things  INT UNSIGNED    PATH '$.things',
               items   JSON            PATH '$.items')) AS letter
      JOIN mail ON mail.id = letter.mail_id
      JOIN app_user ON app_user.id = mail.user_id
     WHERE mail.outcome IS NULL
     ORDER BY mail.id;

    COMMIT;
END
