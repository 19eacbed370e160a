-- transactional: false
DROP TABLE IF EXISTS reaction;
DROP TABLE IF EXISTS reaction_kind;
