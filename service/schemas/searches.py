"""Saved searches: what tasks somebody looks for again."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.schemas.fields import BIGINT, TIME, Flag, Line, Moment, Text, Truth, identifier, like, shallow
from service.schemas.history import patience, ticket
from service.schemas.sessions import Facts


class SearchFields(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=64), metadata=like("Urgent ones"))
    query = Text(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata=like("is:open priority:urgent", "as people type it"),
    )
    filter = fields.Dict(
        load_default=None,
        allow_none=True,
        validate=shallow,
        metadata=like({"open": True}, "as programs send it"),
    )
    is_shared = Truth(
        load_default=False, metadata=like(True, "whether all of the workspace have it, or you alone")
    )

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("query") and not data.get("filter"):
            raise ValidationError("Give a query or a filter.", "query")


class NewSearch(SearchFields):
    workspace_id = identifier(
        load_default=None, allow_none=True, metadata=like(1, "default: the personal workspace")
    )


class SavedSearch(Schema):
    id = fields.Integer(required=True, attribute="search_id", metadata=like(5))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    owner_id = fields.Integer(required=True, metadata=like(1))
    owner = fields.String(required=True, metadata=like("ann"))
    name = fields.String(required=True, metadata=like("Urgent ones"))
    is_shared = Flag(required=True, metadata=like(True))
    query = fields.String(required=True, allow_none=True, metadata=like("is:open priority:urgent"))
    filter = Facts(required=True, allow_none=True, metadata=like({"open": True}))
    created_at = Moment(required=True, metadata=like(TIME))
    updated_at = Moment(required=True, metadata=like(TIME))


class SavedSearches(Schema):
    items = fields.List(fields.Nested(SavedSearch), required=True)


class DeletedSearch(Schema):
    id = fields.Integer(required=True, attribute="search_id", metadata=like(5))
    workspace_id = fields.Integer(required=True, metadata=like(1))


class SearchEvent(Schema):
    """That a task has entered a search, or left it."""

    place = fields.Integer(required=True, metadata=like(7, "counts up by one with each"))
    event = fields.String(
        required=True, validate=validate.OneOf(("entered", "left")), metadata=like("entered")
    )
    task_id = fields.Integer(required=True, metadata=like(3))
    revision = fields.Integer(
        required=True, metadata=like(43, "how far the log of the workspace had come when it was noticed")
    )
    noticed_at = Moment(required=True, metadata=like(TIME))
    task_key = fields.String(required=True, allow_none=True, metadata=like("WEB-12"))
    title = fields.String(
        required=True, allow_none=True, metadata=like("Translate", "as it is now, like all below; null: gone")
    )
    status = fields.String(required=True, allow_none=True, metadata=like("pending"))
    priority = fields.String(required=True, allow_none=True, metadata=like("urgent"))
    assignee_id = fields.Integer(required=True, allow_none=True, metadata=like(1))
    due_at = Moment(required=True, allow_none=True, metadata=like(TIME))
    readiness = fields.String(required=True, allow_none=True, metadata=like("ready"))


class SearchChanges(Schema):
    items = fields.List(fields.Nested(SearchEvent), required=True)
    next_after = fields.Integer(
        required=True, metadata=like(7, "what to send as `after` to go on from here, now or later")
    )
    has_more = fields.Boolean(required=True, metadata=like(False, "whether more may be there already"))


class SearchFollowQuery(Schema):
    after = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(6, "the last place that is known already; default: the newest"),
    )


class SearchWaitQuery(SearchFollowQuery):
    wait = patience()


class SearchStreamQuery(SearchFollowQuery):
    ticket = ticket()
