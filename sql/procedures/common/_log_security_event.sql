CREATE PROCEDURE _log_security_event (
    IN p_event        VARCHAR(32),
    IN p_user_id      BIGINT UNSIGNED,
    IN p_workspace_id BIGINT UNSIGNED,
    IN p_actor_id     BIGINT UNSIGNED,
    IN p_address      VARCHAR(45),
    IN p_user_agent   VARCHAR(255),
    IN p_facts        JSON
)
    COMMENT '
Write down what happened to an account or to rights.

In the transaction of the caller, so that what is told is what was committed.

Parameters
  p_event         security_event_kind.event
  p_user_id       whom it is about, or NULL
  p_workspace_id  where, or NULL if it is about the account
  p_actor_id      who did it, or NULL
  p_address       address of the client, or NULL
  p_user_agent    what the client calls itself, or NULL
  p_facts         an object with what else there is to tell, or NULL; never a secret

Result
  none
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    INSERT INTO security_event (event, user_id, workspace_id, actor_id, address, user_agent, facts)
    VALUES (p_event, p_user_id, p_workspace_id, p_actor_id, p_address, p_user_agent, p_facts);
END
