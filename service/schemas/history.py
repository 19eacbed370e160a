"""The past: what changed, by whom, and how it was before."""

import re
from datetime import datetime
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.schemas.dependencies import Tree, TreeQuery
from service.schemas.fields import BIGINT, ID, TIME, Instant, Moment, like, page
from service.schemas.tasks import Page

ENTITIES = "workspace, membership, task, tag, dependency, comment, reaction or attachment"
ROW = {"title": "a task", "status": "pending", "priority": "medium", "due_at": TIME}


class LoggedRow(fields.Raw):
    """Columns as the log keeps them: JSON text, with MySQL's spelling of a point in time."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is None:
            return None
        row: dict[str, Any] = orjson.loads(value)
        if row.get("due_at"):
            row["due_at"] = row["due_at"][:19].replace(" ", "T") + "Z"
        return row


def logged_row(example: Any, description: str) -> LoggedRow:
    return LoggedRow(
        required=True,
        allow_none=True,
        metadata=like(example, description) | {"type": "object"},
    )


class Change(Schema):
    revision = fields.Integer(required=True, metadata=like(43))
    changed_at = Moment(required=True, metadata=like(TIME))
    actor_id = fields.Integer(
        required=True, allow_none=True, metadata=like(1, "the user; null for a change by raw SQL")
    )
    login = fields.String(required=True, metadata=like("headgate", "the MySQL user name"))
    entity = fields.String(required=True, metadata=like("task", ENTITIES))
    action = fields.String(required=True, metadata=like("update", "insert, update or delete"))
    task_id = fields.Integer(required=True, allow_none=True, metadata=like(3))
    depends_on_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    old_row = logged_row(ROW, "the columns before; null where the ids say it all")
    new_row = logged_row(ROW | {"status": "completed"}, "the columns after, likewise")


class Difference(Schema):
    """One fact in which two revisions differ."""

    entity = fields.String(required=True, metadata=like("task", ENTITIES))
    action = fields.String(
        required=True,
        metadata=like(
            "update", "insert: only the later has it; delete: only the earlier; update: both, differently"
        ),
    )
    task_id = fields.Integer(required=True, allow_none=True, metadata=like(3))
    depends_on_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    old_row = logged_row(
        {"status": "pending"}, "the columns at the earlier revision, of an update those that differ"
    )
    new_row = logged_row({"status": "completed"}, "the columns at the later revision, likewise")


class WorkspaceDiff(Page):
    workspace_id = fields.Integer(required=True, metadata=like(1))
    from_revision = fields.Integer(required=True, metadata=like(42))
    to_revision = fields.Integer(
        required=True, metadata=like(57, "the same for all pages, if it is sent as `to`")
    )
    items = fields.List(fields.Nested(Difference), required=True)


class ChangeList(Schema):
    items = fields.List(fields.Nested(Change), required=True)
    next_after = fields.Integer(
        required=True, metadata=like(43, "what to send as `after` to go on from here, now or later")
    )
    has_more = fields.Boolean(required=True, metadata=like(False, "whether more changes are there already"))


class ChangesQuery(Schema):
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(42, "the last revision that is known already"),
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000), metadata=like(100))


class FollowQuery(Schema):
    workspace_id = fields.Integer(
        load_default=None, validate=ID, metadata=like(1, "default: your personal workspace")
    )
    task_id = fields.Integer(
        load_default=None, validate=ID, metadata=like(None, "only changes of this task, in its workspace")
    )
    awaited = fields.Boolean(
        load_default=False,
        metadata=like(
            False, "only changes of your own open tasks, and those of your teams, and of what they wait for"
        ),
    )

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        if data["awaited"] and data["task_id"] is not None:
            raise ValidationError("Not together with task_id.", "awaited")


def patience() -> fields.Integer:
    return fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=60),
        metadata=like(0, "seconds to wait for a change, if there is none yet"),
    )


def ticket() -> fields.String:
    return fields.String(
        load_default=None, metadata={"description": "instead of a token, for browsers", "type": "string"}
    )


class WaitQuery(FollowQuery):
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(42, "the last revision that is known already"),
    )
    wait = patience()


class StreamQuery(FollowQuery):
    after = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(42, "the last revision that is known already; default: the newest"),
    )
    ticket = ticket()


class LastEvent(Schema):
    last_event_id = fields.Integer(
        load_default=None,
        data_key="Last-Event-ID",
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(42, "goes before `after`; browsers send it when they come again"),
    )


class Ticket(Schema):
    ticket = fields.String(required=True, metadata=like("eyJhbGciOiJIUzI1NiIsImtpZCI6Ij..."))
    expires_in = fields.Integer(required=True, metadata=like(900, "seconds"))


REVISION = validate.Range(min=0, max=BIGINT)
EITHER = "either this or a time, and not both"
AT = "the newest revision that bears this time or an earlier one"


class PastTree(Tree):
    revision = fields.Integer(required=True, metadata=like(42, "the one that was looked at"))


class PastTreeQuery(TreeQuery):
    revision = fields.Integer(load_default=None, validate=REVISION, metadata=like(42, EITHER))
    time = Instant(load_default=None, metadata={"description": AT})


_INSTANT = Instant()


class Point(fields.Field[int | datetime]):
    """A point in the past: a revision, or a time."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value):
            return int(value)
        return _INSTANT.deserialize(value, attr, data, **kwargs)


def point(description: str, example: int | None, **options: Any) -> Point:
    return Point(**options, metadata=like(example, description) | {"type": ["integer", "string"]})


class WorkspaceDiffQuery(Schema):
    earlier = point(
        "a revision, or a time for the newest that bears it or an earlier one",
        42,
        required=True,
        data_key="from",
    )
    later = point("likewise; default: the newest revision", None, load_default=None, data_key="to")
    skip, limit = page(1000).values()
