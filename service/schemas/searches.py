"""Saved searches: what tasks somebody looks for again."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.schemas.fields import TIME, Flag, Line, Moment, Text, Truth, identifier, like
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
        load_default=None, allow_none=True, metadata=like({"open": True}, "as programs send it")
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
