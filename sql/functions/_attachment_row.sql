CREATE FUNCTION _attachment_row (
    p_attachment_id BIGINT UNSIGNED,
    p_name          VARCHAR(255),
    p_version       INT UNSIGNED,
    p_file_id       BIGINT UNSIGNED
)
    RETURNS JSON
    COMMENT '
Tell what the change log says of an attachment.

Parameters
  p_attachment_id  the attachment
  p_name           its name
  p_version        its newest version
  p_file_id        the stored file of that

Result
  an object: attachment_id, name, version, size_bytes, media_type, sha256
'
    READS SQL DATA
    SQL SECURITY DEFINER
-- A locking read: the caller of a trigger may live in an old snapshot.
RETURN (SELECT JSON_OBJECT('attachment_id', p_attachment_id, 'name', p_name, 'version', p_version,
                           'size_bytes', size_bytes, 'media_type', media_type, 'sha256', sha256)
          FROM stored_file
         WHERE id = p_file_id
           FOR SHARE)
