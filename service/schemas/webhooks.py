"""Webhooks and their messages."""

from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.schemas.fields import ID, TIME, Array, Flag, Instant, Line, Truth, like
from service.vocabulary import rows

KINDS = [row["kind"] for row in rows("webhook_kind")]
STATES = ("waiting", "delivered", "dead")
URL = "https://example.org/headgate"
URL_LENGTH = validate.Length(min=1, max=2048)


def kinds(**options: Any) -> "fields.List[Any]":
    return fields.List(
        fields.String(validate=validate.OneOf(KINDS)),
        **options,
        validate=validate.Length(min=1),
        metadata=like(["task.ready", "task.completed"]),
    )


class NewWebhook(Schema):
    url = Line(required=True, validate=URL_LENGTH, metadata=like(URL))
    kinds = kinds(required=True)


class WebhookChanges(Schema):
    url = Line(validate=URL_LENGTH, metadata=like(URL))
    kinds = kinds()
    is_enabled = Truth(metadata=like(False))

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("Nothing to change.")


class SecretRotation(Schema):
    old_for_hours = fields.Integer(
        load_default=24,
        strict=True,
        validate=validate.Range(min=0, max=720),
        metadata=like(24, "so long both sign; 0 if the old one is known to others"),
    )


class Webhook(Schema):
    id = fields.Integer(required=True, attribute="webhook_id", metadata=like(5))
    workspace_id = fields.Integer(required=True, metadata=like(3))
    url = fields.String(required=True, metadata=like(URL))
    kinds = Array(fields.String(), required=True, metadata=like(["task.completed", "task.ready"]))
    is_enabled = Flag(required=True, metadata=like(True))
    failures = fields.Integer(required=True, metadata=like(0, "attempts in a row that failed"))
    failing_since = Instant(required=True, allow_none=True, metadata=like(None))
    waiting = fields.Integer(required=True, metadata=like(0, "messages that wait to be sent"))
    dead = fields.Integer(required=True, metadata=like(0, "messages that were given up"))
    created_by = fields.Integer(required=True, metadata=like(1))
    created_at = Instant(required=True, metadata=like(TIME))
    old_secret_until = Instant(required=True, allow_none=True, metadata=like(None))


class WebhookWithSecret(Webhook):
    secret = fields.String(
        required=True,
        metadata=like("whsec_" + "eHh4" * 8, "shown here and never again; signs every message"),
    )


class Webhooks(Schema):
    items = fields.List(fields.Nested(Webhook), required=True)


class DeletedWebhook(Schema):
    id = fields.Integer(required=True, attribute="webhook_id", metadata=like(5))
    workspace_id = fields.Integer(required=True, metadata=like(3))


class Replay(DeletedWebhook):
    replayed = fields.Integer(required=True, metadata=like(2, "messages that are sent again"))


class TestMessage(Schema):
    id = fields.Integer(required=True, attribute="delivery_id", metadata=like(11))
    webhook_id = fields.Integer(required=True, metadata=like(5))
    workspace_id = fields.Integer(required=True, metadata=like(3))
    message_id = fields.String(required=True, metadata=like("msg_" + "0123456789abcdef" * 2))
    kind = fields.String(required=True, metadata=like("webhook.test"))
    state = fields.String(required=True, metadata=like("waiting"))


class DeliveriesQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES), metadata=like("dead"))
    before = fields.Integer(
        load_default=None, validate=ID, metadata=like(11, "next_before of the page before")
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200), metadata=like(50))


class Message(Schema):
    id = fields.Integer(required=True, attribute="delivery_id", metadata=like(11))
    message_id = fields.String(
        required=True, metadata=like("msg_" + "0123456789abcdef" * 2, "as in webhook-id")
    )
    kind = fields.String(required=True, metadata=like("task.ready"))
    revision = fields.Integer(required=True, allow_none=True, metadata=like(42))
    state = fields.String(required=True, metadata=like("delivered"))
    attempts = fields.Integer(required=True, metadata=like(1))
    tries_left = fields.Integer(required=True, metadata=like(10))
    due_at = Instant(required=True, allow_none=True, metadata=like(None))
    created_at = Instant(required=True, metadata=like(TIME))
    finished_at = Instant(required=True, allow_none=True, metadata=like(TIME))


class ListedDelivery(Message):
    status_code = fields.Integer(required=True, allow_none=True, metadata=like(204, "of the last attempt"))
    error = fields.String(required=True, allow_none=True, metadata=like(None))
    answer = fields.String(required=True, allow_none=True, metadata=like(""))
    milliseconds = fields.Integer(required=True, allow_none=True, metadata=like(31))


class DeliveryPage(Schema):
    items = fields.List(fields.Nested(ListedDelivery), required=True)
    next_before = fields.Integer(required=True, allow_none=True, metadata=like(None))


class Kept(fields.Dict):
    """An object, which the database answers as JSON text."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return orjson.loads(value)


class Delivery(Message):
    body = Kept(required=True, metadata=like({"type": "task.ready"}, "what is sent"))
    log = Array(fields.Dict(), required=True, metadata=like([{"attempt": 1, "status_code": 204}]))
