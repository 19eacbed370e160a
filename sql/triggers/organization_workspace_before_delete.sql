-- A workspace stays with its organization.
CREATE TRIGGER organization_workspace_before_delete BEFORE DELETE ON organization_workspace FOR EACH ROW
BEGIN
    CALL raise_error('immutable_column', 'a workspace stays with its organization',
                     JSON_OBJECT('workspace_id', OLD.workspace_id));
END
