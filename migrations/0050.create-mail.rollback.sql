-- transactional: false
ALTER TABLE notification
    DROP KEY notification_mail,
    DROP COLUMN mail_id;
DROP TABLE IF EXISTS mail;
ALTER TABLE app_user DROP COLUMN email_verified_at;
