CREATE PROCEDURE list_revoked_sessions (
    IN p_seconds INT UNSIGNED
)
    COMMENT '
List the sessions that were ended a short while ago.

Only for the service: an access token is good by itself until it expires, unless its
session is in this list.

Parameters
  p_seconds  how far to look back: as long as an access token can live

Result
  rows: session_id

Example
  CALL list_revoked_sessions(905);
'
    READS SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT id AS session_id
      FROM login_session
     WHERE revoked_at > CURRENT_TIMESTAMP(6) - INTERVAL p_seconds SECOND;
END
