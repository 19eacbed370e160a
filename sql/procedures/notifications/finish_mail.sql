CREATE PROCEDURE finish_mail (
    IN p_mail_id BIGINT UNSIGNED,
    IN p_attempt INT UNSIGNED,
    IN p_outcome VARCHAR(8),
    IN p_reason  VARCHAR(200)
)
    COMMENT '
Say what came of sending a mail.

Only for the service: its workers call it. One that failed is tried again, each time
later, up to an hour; after 24 attempts, which take most of a day, it is given up.

Parameters
  p_mail_id  the mail, as claim_mail gave it
  p_attempt  likewise; if another worker has it by now, that one is heard, unless it was sent
  p_outcome  sent; failed, to be tried again; or refused, for good
  p_reason   why it failed or was refused, or NULL

Result
  one row: mail_id, outcome (sent, given_up, dropped; NULL: it is tried again), attempts, next_at

Example
  CALL finish_mail(7, 1, "sent", NULL);
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    UPDATE mail
       SET outcome    = CASE WHEN p_outcome = 'sent' THEN 'sent' WHEN p_outcome = 'refused' OR attempts >= 24 THEN 'given_up' END,
           ended_at   = IF(outcome IS NULL, NULL, NOW(6)),
           -- Jitter, so that what failed together is not tried together.
           next_at    = NOW(6) + INTERVAL LEAST(3600, 30 * POW(2, LEAST(attempts, 12) - 1)) * (0.75 + RAND() / 4) SECOND,
           last_error = p_reason
     WHERE id = p_mail_id AND outcome IS NULL AND (p_outcome = 'sent' OR attempts = p_attempt);

    SELECT id AS mail_id, outcome, attempts, next_at FROM mail WHERE id = p_mail_id;
END
