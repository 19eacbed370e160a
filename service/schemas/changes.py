"""Many changes in one request, and the report of what they did or would do."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.schemas.fields import Array, Flag, identifier, like, unkept
from service.schemas.tasks import READINESS, TaskFields

OPERATIONS = (
    "create",
    "update",
    "start",
    "complete",
    "cancel",
    "reopen",
    "delete",
    "add_dependency",
    "remove_dependency",
)

# An object of a change holds arrays of texts at most.
DEEPEST = 3


def kept(changes: Any) -> None:
    """Refuse what MySQL cannot keep; the rest is judged there, and told with its index."""
    if not isinstance(changes, list):
        raise ValidationError("Must be an array.")
    for index, change in enumerate(changes):
        if problem := unkept(change, DEEPEST):
            raise ValidationError({index: [problem]})


class BatchedChange(TaskFields):
    """One change; a task is referred to by its id, or by a key: that of an earlier create, or a task_key."""

    op = fields.String(required=True, validate=validate.OneOf(OPERATIONS), metadata=like("create"))
    key = fields.String(metadata=like("design", "create: what later changes call the task"))
    task = fields.Raw(
        metadata={"oneOf": [{"type": "integer"}, {"type": "string"}], "description": "the task to change"}
    )
    title = fields.String(metadata=like("Design the page"))
    depends_on = fields.Raw(  # type: ignore[assignment]
        metadata={"description": "a task, or for create and update an array of them", "example": [17]}
    )
    version = fields.Integer(metadata={"description": "update: refuse if the task has another version"})
    cascade = fields.Boolean(
        metadata={"description": "update, reopen: also reopen completed tasks that wait for it"}
    )
    mode = fields.String(
        validate=validate.OneOf(("refuse", "splice")), metadata={"description": "delete: as for one task"}
    )


class Changes(Schema):
    """Applied in their order, as if each were sent by itself; but all of them or none."""

    workspace_id = identifier(
        load_default=None, allow_none=True, metadata=like(1, "default: the personal workspace")
    )
    changes = fields.Raw(
        required=True,
        validate=kept,
        metadata={
            "type": "array",
            "items": {"$ref": "#/components/schemas/BatchedChange"},
            "example": [
                {"op": "create", "key": "design", "title": "Design the page"},
                {"op": "add_dependency", "task": "design", "depends_on": 17},
                {"op": "complete", "task": 17},
            ],
            "description": "up to 50,000 and 16 MiB",
        },
    )


class PreviewQuery(Schema):
    preview = fields.Boolean(
        load_default=False, metadata=like(True, "tell what would happen, and do nothing")
    )


class IdempotencyHeader(Schema):
    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        load_default=None,
        validate=[
            validate.Length(min=1, max=128),
            validate.Regexp(r"^[!-~]*$", error="Must be printable ASCII."),
        ],
        metadata=like("2f1c7b1e", "sent again with the same body within a day, the first answer comes again"),
    )


class CreatedTask(Schema):
    index = fields.Integer(required=True, metadata=like(0, "of the change"))
    key = fields.String(required=True, metadata=like("design", "or # and the index, if it has none"))
    task_id = fields.Integer(required=True, allow_none=True, metadata=like(18, "null in a preview"))
    readiness = fields.String(required=True, metadata=READINESS)


class TouchedTask(Schema):
    task_id = fields.Integer(required=True, metadata=like(19))
    title = fields.String(required=True, metadata=like("Translate the website"))


class ReopenedTask(TouchedTask):
    index = fields.Integer(required=True, metadata=like(2, "of the change that cascaded"))


def _tasks(schema: type[Schema], description: str) -> Array:
    return Array(fields.Nested(schema), required=True, metadata={"description": description})


class ChangeReport(Schema):
    workspace_id = fields.Integer(required=True, metadata=like(1))
    revision = fields.Integer(required=True, metadata=like(45, "after the changes; of a preview, before"))
    mode = fields.String(required=True, metadata=like("apply", "or preview"))
    is_replay = Flag(
        required=True,
        metadata=like(False, "whether an earlier request with the key was answered so"),
    )
    tasks_created = fields.Integer(required=True, metadata=like(1))
    tasks_updated = fields.Integer(required=True, metadata=like(1))
    tasks_deleted = fields.Integer(required=True, metadata=like(0))
    dependencies_added = fields.Integer(required=True, metadata=like(1))
    dependencies_removed = fields.Integer(required=True, metadata=like(0))
    created = _tasks(CreatedTask, "the new tasks")
    newly_ready = _tasks(TouchedTask, "older tasks that are ready now and were not")
    newly_blocked = _tasks(TouchedTask, "older tasks that are blocked now and were not")
    reopened = _tasks(ReopenedTask, "older tasks that a cascade opened again")
    refused_count = fields.Integer(required=True, metadata=like(0))
    refused = Array(
        fields.Raw(),
        required=True,
        metadata=like([], "of a preview, the first 1,000: index, op, code, detail and the facts of the code"),
    )
    not_judged = Array(
        fields.Integer(),
        required=True,
        metadata=like([], "of a preview, changes that need a task whose creation is refused"),
    )
