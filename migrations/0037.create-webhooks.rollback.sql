-- transactional: false
DROP TABLE IF EXISTS webhook_attempt;
DROP TABLE IF EXISTS webhook_delivery;
DROP TABLE IF EXISTS webhook_subscription;
DROP TABLE IF EXISTS webhook;
DROP TABLE IF EXISTS webhook_kind;
