-- transactional: false

ALTER TABLE node DROP COLUMN is_claimed;
