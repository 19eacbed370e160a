"""Comments: what people say about tasks."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import BIGINT, TIME, Array, Moment, Text, like

BODY = "Who looks after the **backups**, @grace?"
HTML = "<p>Who looks after the <strong>backups</strong>, @grace?</p>\n"


class NewComment(Schema):
    body = Text(
        required=True,
        validate=validate.Length(min=1, max=16_000),
        metadata=like(BODY, "Markdown; members are mentioned by @ and their names"),
    )


class FormatQuery(Schema):
    format = fields.String(
        load_default="markdown",
        validate=validate.OneOf(("markdown", "html")),
        metadata=like("html", "html: also as HTML that is safe to show"),
    )


class CommentsQuery(FormatQuery):
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=BIGINT),
        metadata=like(0, "the last comment of the page before"),
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=100), metadata=like(50))


class Reaction(Schema):
    kind = fields.String(required=True, metadata=like("rocket"))
    emoji = fields.String(required=True, metadata=like("\U0001f680"))
    user_ids = fields.List(fields.Integer(), required=True, metadata=like([1, 2], "who reacted so"))


REACTIONS = Array(
    fields.Nested(Reaction),
    required=True,
    metadata=like([{"kind": "rocket", "emoji": "\U0001f680", "user_ids": [1, 2]}]),
)


class ListedComment(Schema):
    id = fields.Integer(required=True, attribute="comment_id", metadata=like(17))
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    author_id = fields.Integer(
        required=True, allow_none=True, metadata=like(1, "null if a SQL login inserted it")
    )
    author = fields.String(required=True, allow_none=True, metadata=like("ada"))
    body = fields.String(
        required=True, allow_none=True, metadata=like(BODY, "as it was written; null once it is deleted")
    )
    body_html = fields.String(allow_none=True, metadata=like(HTML, "with format=html"))
    version = fields.Integer(required=True, metadata=like(1, "raised by one with each change of the body"))
    mentions = Array(fields.Integer(), required=True, metadata=like([2], "the members that it names"))
    reactions = REACTIONS
    created_at = Moment(required=True, metadata=like(TIME))
    updated_at = Moment(required=True, metadata=like(TIME))
    deleted_at = Moment(required=True, allow_none=True, metadata=like(None))


class Comment(ListedComment):
    revision = fields.Integer(required=True, metadata=like(42, "of the workspace, when this was read"))


class CommentList(Schema):
    items = fields.List(fields.Nested(ListedComment), required=True)
    next_after = fields.Integer(
        required=True, metadata=like(17, "what to send as `after` to go on from here, now or later")
    )
    has_more = fields.Boolean(required=True, metadata=like(False))


class DeletedComment(Schema):
    id = fields.Integer(required=True, attribute="comment_id", metadata=like(17))
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    revision = fields.Integer(required=True, metadata=like(43))


class Reactions(Schema):
    """How people react to a comment, after somebody has."""

    comment_id = fields.Integer(required=True, metadata=like(17))
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    reactions = REACTIONS
    revision = fields.Integer(required=True, metadata=like(43))


class CommentVersion(Schema):
    version = fields.Integer(required=True, metadata=like(1))
    body = fields.String(required=True, metadata=like(BODY))
    written_at = Moment(required=True, metadata=like(TIME))


class CommentVersions(Schema):
    items = fields.List(fields.Nested(CommentVersion), required=True)
