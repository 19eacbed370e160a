-- The index of words: in which tasks of a workspace each stands.
-- transactional: false

CREATE TABLE IF NOT EXISTS task_word (
    workspace_id BIGINT UNSIGNED NOT NULL,
    word         VARCHAR(64) NOT NULL
                 COMMENT 'as it is written there first; of Chinese, Japanese and Korean two characters; empty where it sums up a task',
    task_id      BIGINT UNSIGNED NOT NULL,
    weight       TINYINT UNSIGNED NOT NULL COMMENT 'how much it says about the task: more in the title, and the more often it stands there',
    places       BIGINT UNSIGNED NOT NULL
                 COMMENT 'bit n: it is word n, 64 + n and so on; of the empty word the checksums of the text and of the words',
    PRIMARY KEY (workspace_id, word, task_id) COMMENT 'list_tasks by words, newest first, and by their beginnings',
    KEY task_word_of_task (workspace_id, task_id, word) COMMENT 'the words of a task: list_tasks by a frequent beginning, highlight_tasks'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'Which words stand in which task; kept by triggers, never by hand';
