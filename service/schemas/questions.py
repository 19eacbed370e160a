"""Answers about one task: what blocks it, what it holds up, how it is connected, how urgent it really is."""

from marshmallow import Schema, fields

from service.schemas.fields import ID, Array, like
from service.schemas.tasks import RelatedTask, TaskSummary


class Blocker(TaskSummary):
    assignee_id = fields.Integer(required=True, allow_none=True, metadata=like(1))
    assignee = fields.String(required=True, allow_none=True, metadata=like("ada"))
    assignee_team_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    team = fields.String(required=True, allow_none=True, metadata=like(None, "its name"))
    age_days = fields.Float(required=True, metadata=like(12.5, "since it was created"))
    would_free = fields.Integer(
        required=True, metadata=like(2, "tasks that become ready if only this one is completed")
    )
    distance = fields.Integer(required=True, metadata=like(2, "steps of a shortest path"))
    path = Array(
        fields.Integer(),
        required=True,
        metadata=like([7, 5, 3], "from the task to this one, each waits for the next; the last 100 of them"),
    )


class Blockers(Schema):
    task_id = fields.Integer(required=True, metadata=like(7))
    items = fields.List(fields.Nested(Blocker), required=True)


class FreedTask(TaskSummary):
    assignee_id = fields.Integer(required=True, allow_none=True, metadata=like(1))
    assignee_team_id = fields.Integer(required=True, allow_none=True, metadata=like(None))


class WaitingTasks(Schema):
    status = fields.String(required=True, metadata=like("pending"))
    assignee_id = fields.Integer(required=True, allow_none=True, metadata=like(1))
    assignee = fields.String(required=True, allow_none=True, metadata=like("ada"))
    assignee_team_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    team = fields.String(required=True, allow_none=True, metadata=like(None, "its name"))
    tasks = fields.Integer(required=True, metadata=like(4))


class Impact(Schema):
    task_id = fields.Integer(required=True, metadata=like(3))
    would_free = fields.List(
        fields.Nested(FreedTask),
        required=True,
        metadata={"description": "what then becomes ready"},
    )
    waiting = fields.Integer(required=True, metadata=like(4, "open tasks that wait for it, also indirectly"))
    waiting_by = fields.List(
        fields.Nested(WaitingTasks),
        required=True,
        metadata={"description": "by status and assignee: a user, a team or nobody"},
    )


class Path(Schema):
    task_id = fields.Integer(required=True, metadata=like(7))
    to = fields.Integer(required=True, metadata=like(3))
    items = fields.List(
        fields.Nested(RelatedTask),
        required=True,
        metadata={"description": "each waits for the next; empty if there is no path"},
    )


class PathQuery(Schema):
    to = fields.Integer(required=True, validate=ID, metadata=like(3, "the task that it may wait for"))


class EffectivePriority(Schema):
    task_id = fields.Integer(required=True, metadata=like(3))
    priority = fields.String(required=True, metadata=like("low", "its own"))
    effective_priority = fields.String(required=True, metadata=like("urgent"))
    from_task_id = fields.Integer(required=True, metadata=like(7, "the task that it comes from"))
    from_title = fields.String(required=True, metadata=like("Publish the website"))
