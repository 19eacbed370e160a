-- The table goes with the migration before.
-- transactional: false

DO 0;
