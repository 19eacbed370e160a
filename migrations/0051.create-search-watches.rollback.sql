-- transactional: false
DROP TABLE IF EXISTS search_event;
DROP TABLE IF EXISTS search_member;
DROP TABLE IF EXISTS search_watch;
