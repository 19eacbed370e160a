-- transactional: false

DROP TABLE IF EXISTS idempotent_answer;
