"""API keys."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Line, Moment, like
from service.vocabulary import rows

SCOPES = [row["scope"] for row in rows("api_key_scope")]


class NewApiKey(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=120), metadata=like("build server"))
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES), metadata=like("write"))
    expires_in_days = fields.Integer(
        load_default=365,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=3650),
        metadata=like(365, "null: never"),
    )


class ApiKey(Schema):
    id = fields.Integer(required=True, attribute="api_key_id", metadata=like(12))
    workspace_id = fields.Integer(required=True, metadata=like(3))
    user_id = fields.Integer(required=True, metadata=like(41, "the user that the key is"))
    username = fields.String(required=True, metadata=like("key:k3v9x2m4qa"))
    name = fields.String(required=True, metadata=like("build server"))
    prefix = fields.String(required=True, metadata=like("k3v9x2m4qa", "how the key begins, after hgk_"))
    scope = fields.String(
        required=True, allow_none=True, metadata=like("write", "null: it opens nothing any more")
    )
    created_by = fields.Integer(required=True, metadata=like(1))
    created_at = Moment(required=True, metadata=like(TIME))
    expires_at = Moment(required=True, allow_none=True, metadata=like(TIME))
    used_at = Moment(required=True, allow_none=True, metadata=like(TIME, "within a minute"))
    revoked_at = Moment(required=True, allow_none=True, metadata=like(None))


class CreatedApiKey(ApiKey):
    key = fields.String(
        required=True, metadata=like("hgk_k3v9x2m4qa_" + "x" * 43, "shown here and never again")
    )


class ApiKeys(Schema):
    items = fields.List(fields.Nested(ApiKey), required=True)


class RevokedApiKey(Schema):
    id = fields.Integer(required=True, attribute="api_key_id", metadata=like(12))
    workspace_id = fields.Integer(required=True, metadata=like(3))
    revoked_at = Moment(required=True, metadata=like(TIME))
    revision = fields.Integer(required=True, metadata=like(8))
