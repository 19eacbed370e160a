-- The column goes with the migration before; until then nothing reads it.
-- transactional: false

DO 0;
