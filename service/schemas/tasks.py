"""Tasks: what people say about one, how it is shown, and how lists of them are asked for."""

from copy import copy
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.http import entity_tag
from service.schemas.fields import (
    ID,
    TIME,
    Array,
    Cursor,
    Flag,
    Line,
    Moment,
    ObjectText,
    Several,
    Text,
    identifier,
    like,
    page,
    unique,
)
from service.vocabulary import PRIORITIES, SORT_COLUMNS, STATUSES

FACETS = ("status", "priority", "assignee", "team", "tag")


def words(text: str) -> list[str]:
    """The words of a search: what has no letter stands between them."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def findable(text: str) -> None:
    """Refuse a search by its own name: MySQL knows it as a part of the filter."""
    if not words(text):
        raise ValidationError("Has no word to be found.")
    if any("*" in word[:-1] for word in words(text)):
        raise ValidationError("A * stands only at the end, for words that begin so.")


class TaskFields(Schema):
    """What people say about a task."""

    description = Text(validate=validate.Length(max=16_000), metadata=like("All pages, in both languages"))
    status = fields.String(validate=validate.OneOf(STATUSES), metadata=like("pending"))
    priority = fields.String(validate=validate.OneOf(PRIORITIES), metadata=like("high"))
    assignee_id = identifier(allow_none=True, metadata=like(1, "a user; or instead of one a team"))
    assignee_team_id = identifier(allow_none=True, metadata=like(None, "a team with a role in the workspace"))
    estimate_minutes = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(min=0, max=5_256_000), metadata=like(90)
    )
    due_at = Moment(allow_none=True, metadata=like(TIME))
    task_key = Line(
        allow_none=True,
        validate=[
            validate.Length(min=1, max=128),
            validate.Regexp(r"^(?!#)", error="Must not start with #."),
        ],
        metadata=like("WEB-12", "a name of its own in the workspace"),
    )
    tags = fields.List(
        Line(validate=validate.Length(min=1, max=64)),
        validate=[validate.Length(max=50), unique],
        metadata=like(["urgent"]),
    )
    depends_on = fields.List(
        identifier(),
        validate=[validate.Length(max=1000), unique],
        metadata=like([1, 2], "ids of the tasks it waits for"),
    )


TITLE: dict[str, Any] = {
    "validate": validate.Length(min=1, max=200),
    "metadata": like("Translate the website"),
}


class NewTask(TaskFields):
    title = Line(required=True, **TITLE)
    workspace_id = identifier(
        load_default=None, allow_none=True, metadata=like(1, "default: the personal workspace")
    )


class TaskChanges(TaskFields):
    title = Line(**TITLE)
    version = fields.Integer(
        strict=True,
        validate=validate.Range(min=1, max=2**32 - 1),
        metadata=like(3, "refuse if the task is no longer at this version"),
    )

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.keys() - {"version"}:
            raise ValidationError("Name at least one field to change.", "body")


# What PUT means by a field that it does not name.
DEFAULTS: dict[str, Any] = {
    "description": "",
    "status": "pending",
    "priority": "medium",
    "assignee_id": None,
    "assignee_team_id": None,
    "estimate_minutes": None,
    "due_at": None,
    "task_key": None,
    "tags": [],
    "depends_on": [],
}


class TaskReplacement(TaskChanges):
    """The whole task: what is not given goes back to its default."""

    title = Line(required=True, **TITLE)

    @post_load
    def _complete(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return DEFAULTS | data


class TaskSummary(Schema):
    """A task as one line of a list."""

    id = fields.Integer(required=True, attribute="task_id", metadata=like(3))
    title = fields.String(required=True, metadata=like("Translate the website"))
    status = fields.String(required=True, metadata=like("pending"))
    priority = fields.String(required=True, metadata=like("high"))


READINESS = like("blocked", "ready, blocked (it waits for an open task) or closed")


class RelatedTask(TaskSummary):
    readiness = fields.String(required=True, metadata=READINESS)


class QueuedTask(TaskSummary):
    workspace_id = fields.Integer(required=True, metadata=like(1))
    assignee_id = fields.Integer(required=True, allow_none=True, metadata=like(1))
    assignee_team_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    due_at = Moment(required=True, allow_none=True, metadata=like(TIME))
    waiting_for = fields.Integer(required=True, metadata=like(2, "open tasks that it directly waits for"))


class ReadyTask(QueuedTask):
    effective_priority = fields.String(
        required=True, allow_none=True, metadata=like("urgent", "null unless the order is by it")
    )


class Task(QueuedTask):
    revision = fields.Integer(required=True, metadata=like(42, "of the workspace, when this was read"))
    task_key = fields.String(required=True, allow_none=True, metadata=like("WEB-12"))
    description = fields.String(required=True, metadata=like("All pages, in both languages"))
    estimate_minutes = fields.Integer(required=True, allow_none=True, metadata=like(90))
    tags = Array(fields.String(), required=True, metadata=like(["urgent"]))
    depends_on = Array(fields.Integer(), required=True, metadata=like([1, 2]))
    readiness = fields.String(required=True, metadata=READINESS)
    version = fields.Integer(required=True, metadata=like(3))
    created_by = fields.Integer(required=True, allow_none=True, metadata=like(1))
    created_at = Moment(required=True, metadata=like(TIME))
    updated_at = Moment(required=True, metadata=like(TIME))
    started_at = Moment(required=True, allow_none=True, metadata=like(None))
    completed_at = Moment(required=True, allow_none=True, metadata=like(None))


class DeletedTask(Schema):
    id = fields.Integer(required=True, attribute="task_id", metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    revision = fields.Integer(required=True, metadata=like(43))


class Page(Schema):
    skip = fields.Integer(required=True, metadata=like(0))
    limit = fields.Integer(required=True, metadata=like(50))
    has_more = fields.Boolean(required=True, metadata=like(False))


def _optional(field: "fields.Field[Any]") -> "fields.Field[Any]":
    field = copy(field)
    field.required = False
    return field


class Highlight(Schema):
    field = fields.String(
        required=True, validate=validate.OneOf(("title", "description", "comment")), metadata=like("title")
    )
    comment_id = fields.Integer(required=True, allow_none=True, metadata=like(None, "of which comment"))
    fragment = fields.String(required=True, metadata=like("Translate the website"))
    marks = Array(
        fields.List(fields.Integer()),
        required=True,
        metadata=like([[14, 7]], "where in the fragment a word begins and how long it is, in characters"),
    )


class Assignee(Schema):
    """A user or a team."""

    user_id = fields.Integer(metadata=like(1))
    username = fields.String(metadata=like("ann"))
    team_id = fields.Integer(metadata=like(1, "instead of a user"))
    name = fields.String(metadata=like("Carpenters", "of the team"))


# With the parameter `fields`, a list tells less of each task; with `include`, more.
ListedTask = Schema.from_dict(
    {name: _optional(field) for name, field in Task().declared_fields.items()}
    | {
        "assignee": fields.Nested(Assignee, allow_none=True),
        "dependencies": fields.List(fields.Nested(RelatedTask)),
        "highlights": fields.List(fields.Nested(Highlight)),
    },
    name="ListedTask",
)


class TaskPage(Page):
    items = fields.List(fields.Nested(ListedTask), required=True)
    total = fields.Integer(
        required=True, allow_none=True, metadata=like(1204, "of all pages, if it was asked for")
    )
    total_is_exact = Flag(
        required=True, allow_none=True, metadata=like(True, "false: the total is an estimate")
    )
    sort = fields.String(required=True, metadata=like("-id"))
    next = Cursor(
        required=True,
        allow_none=True,
        metadata=like("WyIyMDI2LTExLTIzIDE3OjI5OjA5LjQxODk3NCIsMTdd", "the cursor of the page that follows"),
    )


class Facet(Schema):
    field = fields.String(required=True, validate=validate.OneOf(FACETS), metadata=like("status"))
    value = fields.String(required=True, metadata=like("pending", "as a term of a query names it"))
    tasks = fields.Integer(required=True, metadata=like(17))


class Facets(Schema):
    items = fields.List(fields.Nested(Facet), required=True)


class QueuedTaskPage(Page):
    items = fields.List(fields.Nested(QueuedTask), required=True)


class ReadyTaskPage(Page):
    items = fields.List(fields.Nested(ReadyTask), required=True)


class RelatedTaskPage(Page):
    items = fields.List(fields.Nested(RelatedTask), required=True)


class WorkspaceQuery(Schema):
    workspace_id = fields.Integer(
        load_default=None, validate=ID, metadata=like(1, "default: the personal workspace")
    )


class FinderQuery(WorkspaceQuery):
    """Which tasks, in the two forms of the language; where both are given, both must hold."""

    query = Text(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata=like(
            "status:pending (tag:urgent or due<2026-12-01) sort:-priority", "as in docs/finding-tasks.md"
        ),
    )
    filter = ObjectText(
        load_default=None,
        metadata=like('{"status": ["pending"], "not": {"tag": "later"}}', "the same as a JSON object"),
    )


class QueueQuery(WorkspaceQuery):
    skip, limit = page(1000).values()


class ReadyQuery(QueueQuery, FinderQuery):
    by = fields.String(
        load_default="priority",
        validate=validate.OneOf(("priority", "effective_priority")),
        metadata=like(
            "effective_priority", "how urgent: a task itself, or the most urgent open one that waits for it"
        ),
    )


class FilterQuery(FinderQuery):
    """Which tasks: what is given must all hold, of several values of one parameter one."""

    status = Several(
        fields.String(validate=validate.OneOf(STATUSES)),
        validate=validate.Length(max=10),
        metadata=like(["pending", "in_progress"]),
    )
    priority = Several(
        fields.String(validate=validate.OneOf(PRIORITIES)),
        validate=validate.Length(max=10),
        metadata=like(["high"]),
    )
    assignee_id = Several(fields.Integer(validate=ID), validate=validate.Length(max=50), metadata=like([1]))
    assignee_team_id = Several(
        fields.Integer(validate=ID), validate=validate.Length(max=50), metadata=like([1])
    )
    tags = fields.List(
        Line(validate=validate.Length(min=1, max=64)),
        validate=validate.Length(max=50),
        metadata=like(["urgent"], "tasks with all of these; repeat the parameter for several"),
    )
    search = Text(
        validate=[validate.Length(min=1, max=200), findable],
        metadata=like(
            "website*", "words of title, description or comments, all of them; with a * words that begin so"
        ),
    )


class TaskListQuery(FilterQuery):
    skip, limit = page(1000).values()
    sort_by = fields.String(validate=validate.OneOf(SORT_COLUMNS), metadata=like("created_at"))
    sort_order = fields.String(validate=validate.OneOf(("asc", "desc")), metadata=like("desc"))
    cursor = Cursor(
        load_default=None,
        metadata=like("WyIyMDI2LTExLTIzIDE3OjI5OjA5LjQxODk3NCIsMTdd", "next of the page before"),
    )
    chosen = Several(
        fields.String(validate=validate.OneOf(tuple(Task().fields))),
        data_key="fields",
        metadata=like(["id", "title", "tags"], "what to tell of each task; without it all"),
    )
    include = Several(
        fields.String(validate=validate.OneOf(("assignee", "dependencies", "highlights", "tags"))),
        load_default=list,
        metadata=like(
            ["assignee", "highlights"],
            "what more to tell of a task: who does it, what it waits for, where the words of a search stand;"
            " tags come anyway, unless fields leaves them out",
        ),
    )
    total = fields.Boolean(
        load_default=False, metadata=like(True, "also say how many tasks there are; estimated beyond 10,000")
    )


class FoundQuery(TaskListQuery):
    """What narrows a saved search further; the workspace is its own."""

    class Meta:
        exclude = ("workspace_id",)


class TextQuery(WorkspaceQuery):
    title = Line(
        required=True, validate=validate.Length(min=1, max=200), metadata=like("Translate the website")
    )
    description = Text(
        load_default=None, validate=validate.Length(max=2000), metadata=like("All pages, in both languages")
    )
    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=100), metadata=like(10))


class SimilarTask(TaskSummary):
    score = fields.Float(
        required=True, metadata=like(0.75, "how much of what the rare words of the text say; 1 has them all")
    )


class SimilarTasks(Schema):
    items = fields.List(fields.Nested(SimilarTask), required=True)


class SuggestedTag(Schema):
    tag = fields.String(required=True, metadata=like("web"))
    score = fields.Float(required=True, metadata=like(0.6, "how far similar tasks have it, from 0 to 1"))
    tasks = fields.Integer(required=True, metadata=like(7, "how many of the similar tasks have it"))


class SuggestedTags(Schema):
    items = fields.List(fields.Nested(SuggestedTag), required=True)


class CascadeQuery(Schema):
    cascade = fields.Boolean(
        load_default=False,
        metadata=like(True, "reopening a task also reopens the completed ones that wait for it"),
    )


class TaskMatch(Schema):
    if_match = fields.String(
        load_default=None,
        data_key="If-Match",
        validate=validate.Regexp(entity_tag.FORM, error="Must be one strong entity tag, or *."),
        metadata=like(
            '"5d41402a.1.42-3v3"', "the ETag of the task as it was read: refuse if somebody changed it since"
        ),
    )


class DeleteQuery(Schema):
    mode = fields.String(
        load_default="refuse",
        validate=validate.OneOf(("refuse", "splice")),
        metadata=like(
            "splice", "what waits for the task: refuse, or make it wait for what the task waited for"
        ),
    )
