"""Activity: what happened to a task and what was said about it, in one time line."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.schemas.comments import FormatQuery, ListedComment
from service.schemas.fields import BIGINT, Cursor, like
from service.schemas.history import Change


class RevisionCursor(Cursor):
    """A place in the log: a revision."""

    shape = int

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        revision = super()._deserialize(value, attr, data, **kwargs)
        if not 0 <= revision <= BIGINT:
            raise ValidationError("Must be what a page gave as next.")
        return revision


class ActivityQuery(FormatQuery):
    cursor = RevisionCursor(load_default=None, metadata=like("NDI", "next of the page before"))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=100), metadata=like(50))


class Activity(Change):
    actor = fields.String(required=True, allow_none=True, metadata=like("ada", "the name of the user"))
    comment = fields.Nested(
        ListedComment,
        required=True,
        allow_none=True,
        metadata={"description": "as it is now, where it was written"},
    )


class ActivityPage(Schema):
    items = fields.List(fields.Nested(Activity), required=True)
    next = Cursor(
        required=True,
        allow_none=True,
        metadata=like("NDI", "the cursor of the page that follows, of older things"),
    )
