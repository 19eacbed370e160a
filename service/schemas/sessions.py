"""Sessions, their tokens, and what happened to accounts and rights."""

from typing import Any

import orjson
from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Flag, Moment, Text, like, page

REFRESH_TOKEN = "hgr_" + "x" * 86


class Refresh(Schema):
    refresh_token = Text(
        required=True, load_only=True, validate=validate.Length(max=200), metadata=like(REFRESH_TOKEN)
    )


class Token(Schema):
    access_token = fields.String(required=True, metadata=like("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"))
    token_type = fields.String(required=True, metadata=like("bearer"))
    expires_in = fields.Integer(required=True, metadata=like(900, "seconds"))
    refresh_token = fields.String(
        required=True, metadata=like(REFRESH_TOKEN, "good once, for POST /api/v1/users/refresh")
    )
    refresh_expires_in = fields.Integer(required=True, metadata=like(2592000, "seconds"))


class Session(Schema):
    id = fields.Integer(required=True, attribute="session_id", metadata=like(12))
    is_current = Flag(required=True, metadata=like(True, "the one that asks"))
    created_at = Moment(required=True, metadata=like(TIME))
    used_at = Moment(required=True, metadata=like(TIME, "the login or the newest refresh"))
    expires_at = Moment(required=True, metadata=like(TIME, "later with each refresh"))
    address = fields.String(required=True, allow_none=True, metadata=like("192.0.2.7"))
    user_agent = fields.String(required=True, allow_none=True, metadata=like("curl/8.5"))


class Sessions(Schema):
    items = fields.List(fields.Nested(Session), required=True)


class Revoked(Schema):
    revoked = fields.Integer(required=True, metadata=like(1, "how many sessions were ended"))


class Facts(fields.Dict):
    """An object, which the database answers as JSON text."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return orjson.loads(value) if value else {}


class SecurityEvent(Schema):
    id = fields.Integer(required=True, attribute="event_id", metadata=like(31))
    occurred_at = Moment(required=True, metadata=like(TIME))
    event = fields.String(required=True, metadata=like("role_changed"))
    user_id = fields.Integer(required=True, allow_none=True, metadata=like(7, "whom it is about"))
    workspace_id = fields.Integer(required=True, allow_none=True, metadata=like(3))
    actor_id = fields.Integer(required=True, allow_none=True, metadata=like(1, "who did it"))
    login = fields.String(required=True, metadata=like("headgate_api", "the SQL login"))
    address = fields.String(required=True, allow_none=True, metadata=like("192.0.2.7"))
    user_agent = fields.String(required=True, allow_none=True, metadata=like("curl/8.5"))
    facts = Facts(required=True, metadata=like({"from": "viewer", "to": "member"}))


class SecurityEventPage(Schema):
    items = fields.List(fields.Nested(SecurityEvent), required=True)
    skip = fields.Integer(required=True, metadata=like(0))
    limit = fields.Integer(required=True, metadata=like(50))
    has_more = fields.Boolean(required=True, metadata=like(False))


class PageQuery(Schema):
    skip, limit = page(200).values()
