"""Notifications: what somebody was told, and what they want to be told."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Cursor, Flag, Instant, Moment, Truth, identifier, like
from service.vocabulary import NOTIFICATION_KINDS

WAYS = ("none", "at_once", "digest")
WATCHES = ("watching", "muted", "none")


class NotificationQuery(Schema):
    unread = fields.Boolean(load_default=False, metadata=like(True, "only those that are unread"))
    cursor = Cursor(load_default=None, metadata=like("WzEyXQ", "the `next` of the page before"))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200), metadata=like(50))


class Notification(Schema):
    id = fields.Integer(required=True, attribute="notification_id", metadata=like(12))
    kind = fields.String(required=True, validate=validate.OneOf(NOTIFICATION_KINDS), metadata=like("ready"))
    workspace_id = fields.Integer(required=True, metadata=like(2))
    workspace = fields.String(required=True, metadata=like("Website", "its name"))
    task_id = fields.Integer(required=True, metadata=like(7))
    title = fields.String(required=True, metadata=like("Translate the website", "as it is called now"))
    actor_id = fields.Integer(
        required=True, allow_none=True, metadata=like(1, "who did it; null: raw SQL, or time")
    )
    actor = fields.String(required=True, allow_none=True, metadata=like("ada", "their user name"))
    revision = fields.Integer(
        required=True, allow_none=True, metadata=like(43, "the change of the workspace; null for a reminder")
    )
    comment_id = fields.Integer(required=True, allow_none=True, metadata=like(None, "if it is about one"))
    due_at = Moment(required=True, allow_none=True, metadata=like(None, "of a reminder"))
    created_at = Instant(required=True, metadata=like(TIME))
    read_at = Instant(required=True, allow_none=True, metadata=like(None, "null: unread"))


class NotificationPage(Schema):
    items = fields.List(fields.Nested(Notification), required=True)
    unread = fields.Integer(required=True, metadata=like(3, "how many are unread; 1000 where it is more"))
    next = Cursor(
        required=True, allow_none=True, attribute="after", metadata=like("WzEyXQ", "null: no more follow")
    )


class NotificationMark(Schema):
    is_read = Truth(required=True, metadata=like(True))


class ReadMark(Schema):
    up_to_id = identifier(
        load_default=None,
        allow_none=True,
        metadata=like(12, "the newest that was seen: what came after it stays unread; null: all"),
    )


class Marked(Schema):
    marked = fields.Integer(required=True, metadata=like(3, "how many were unread"))


class NewPreference(Schema):
    kind = fields.String(
        required=True, validate=validate.OneOf(NOTIFICATION_KINDS), metadata=like("due_soon")
    )
    inbox = Truth(
        load_default=None,
        allow_none=True,
        metadata=like(True, "null: as is said for everywhere, or as is usual"),
    )
    mail = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(WAYS),
        metadata=like("digest", "none, at once, or once a day with others; null likewise"),
    )


class Preference(Schema):
    workspace_id = fields.Integer(
        required=True, allow_none=True, metadata=like(None, "null: wherever nothing else is said")
    )
    kind = fields.String(required=True, metadata=like("due_soon"))
    description = fields.String(required=True, metadata=like("a task of yours is due soon"))
    inbox = Flag(required=True, metadata=like(True))
    mail = fields.String(required=True, validate=validate.OneOf(WAYS), metadata=like("digest"))
    is_default = Flag(required=True, metadata=like(False, "whether nothing was said about it here"))


class Preferences(Schema):
    items = fields.List(fields.Nested(Preference), required=True)


class TaskWatch(Schema):
    task_id = fields.Integer(required=True, metadata=like(7))
    watch = fields.String(required=True, validate=validate.OneOf(WATCHES), metadata=like("watching"))
