-- The fields that tasks can be found by.
-- transactional: false

CREATE TABLE IF NOT EXISTS task_field (
    field       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as it is written in a query, with _ or -',
    kind        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what its values are; _compile_filter knows each',
    description VARCHAR(200) NOT NULL,
    PRIMARY KEY (field)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci
  COMMENT 'What tasks can be found by';
