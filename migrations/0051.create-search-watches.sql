-- What the followers of a saved search were told of it.
-- transactional: false

-- Each user has a place of their own in each search: me, and the days of a time zone, make it another set of tasks.
CREATE TABLE IF NOT EXISTS search_watch (
    search_id BIGINT UNSIGNED NOT NULL COMMENT 'what is followed',
    user_id   BIGINT UNSIGNED NOT NULL,
    place     BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how much has entered and left since it is watched',
    gone      BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'up to this place nothing is kept',
    looked_at TIMESTAMP(6) NULL COMMENT 'when was last looked what it finds; NULL: that was forgotten, and the next look begins anew',
    PRIMARY KEY (search_id, user_id),
    KEY search_watch_user (user_id) COMMENT 'serves its foreign key',
    KEY search_watch_looked (looked_at) COMMENT 'remove_old_rows: what nobody follows any more',
    CONSTRAINT search_watch_search_fk FOREIGN KEY (search_id) REFERENCES saved_search (id),
    CONSTRAINT search_watch_user_fk FOREIGN KEY (user_id) REFERENCES app_user (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Who follows which saved search';

-- No foreign key to the task: that one is gone is found out by the next look, and no change of a task waits for it.
CREATE TABLE IF NOT EXISTS search_member (
    search_id BIGINT UNSIGNED NOT NULL COMMENT 'what is followed',
    user_id   BIGINT UNSIGNED NOT NULL,
    task_id   BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (search_id, user_id, task_id),
    CONSTRAINT search_member_watch_fk FOREIGN KEY (search_id, user_id) REFERENCES search_watch (search_id, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What a followed search found when last looked';

CREATE TABLE IF NOT EXISTS search_event (
    search_id  BIGINT UNSIGNED NOT NULL COMMENT 'what is followed',
    user_id    BIGINT UNSIGNED NOT NULL,
    place      BIGINT UNSIGNED NOT NULL COMMENT 'counts up by one in each watch',
    event      ENUM('entered', 'left') CHARACTER SET ascii NOT NULL COMMENT 'what the task has done',
    task_id    BIGINT UNSIGNED NOT NULL,
    revision   BIGINT UNSIGNED NOT NULL COMMENT 'how far the log of the workspace had come when it was noticed',
    noticed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'when the look was that found it out',
    PRIMARY KEY (search_id, user_id, place),
    KEY search_event_noticed (noticed_at) COMMENT 'remove_old_rows',
    CONSTRAINT search_event_watch_fk FOREIGN KEY (search_id, user_id) REFERENCES search_watch (search_id, user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What entered a followed search, and left it';
