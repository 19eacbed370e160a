CREATE PROCEDURE _lock_watch (
    IN  p_search_id BIGINT UNSIGNED,
    IN  p_user_id   BIGINT UNSIGNED,
    OUT p_place     BIGINT UNSIGNED,
    OUT p_gone      BIGINT UNSIGNED,
    OUT p_looked_at TIMESTAMP(6)
)
    COMMENT '
Lock what is noted of a saved search for somebody who follows it.

Parameters
  p_search_id  the search
  p_user_id    who follows it; noted if that is new
  p_place      how much has entered and left since
  p_gone       up to this place nothing is kept
  p_looked_at  when was last looked what it finds; NULL: what it found is not known

Result
  none

Errors
  search_not_found  it has just been deleted
'
    MODIFIES SQL DATA
    SQL SECURITY DEFINER
BEGIN
    SELECT place, gone, looked_at
      INTO p_place, p_gone, p_looked_at
      FROM search_watch
     WHERE search_id = p_search_id AND user_id = p_user_id
       FOR UPDATE;

    -- Two who come first at once meet here, and the second waits for the first; or for who deletes the search.
    IF p_place IS NULL THEN
        INSERT INTO search_watch (search_id, user_id)
        SELECT id, p_user_id FROM saved_search WHERE id = p_search_id FOR SHARE
            ON DUPLICATE KEY UPDATE search_watch.place = search_watch.place;

        SELECT place, gone, looked_at
          INTO p_place, p_gone, p_looked_at
          FROM search_watch
         WHERE search_id = p_search_id AND user_id = p_user_id
           FOR UPDATE;

        IF p_place IS NULL THEN
            CALL raise_error('search_not_found', CONCAT('no search ', p_search_id), JSON_OBJECT('search_id', p_search_id));
        END IF;
    END IF;
END
