"""Answers about the graph of a whole workspace."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import Array, like, page
from service.schemas.tasks import Page


class Level(Schema):
    level = fields.Integer(required=True, metadata=like(0, "the longest chain of prerequisites below it"))
    width = fields.Integer(required=True, metadata=like(2, "how many tasks"))
    longest_chain_id = fields.Integer(required=True, metadata=like(3, "the task of one longest chain"))
    longest_chain_title = fields.String(
        required=True, allow_none=True, metadata=like("Translate the website")
    )
    task_ids = Array(fields.Integer(), required=True, metadata=like([3, 5]))


class Levels(Schema):
    tasks = fields.Integer(required=True, metadata=like(2, "in all levels"))
    longest_chain = fields.List(
        fields.Integer(),
        required=True,
        metadata=like([3], "a task of each level; each of them waits for the one before it"),
    )
    items = fields.List(fields.Nested(Level), required=True)


class LevelsQuery(Schema):
    open_only = fields.Boolean(
        load_default=True, metadata=like(True, "false: completed and cancelled tasks too")
    )


class RedundantDependency(Schema):
    task_id = fields.Integer(required=True, metadata=like(7))
    task_title = fields.String(required=True, allow_none=True, metadata=like("Publish the website"))
    depends_on_id = fields.Integer(required=True, metadata=like(3))
    depends_on_title = fields.String(required=True, allow_none=True, metadata=like("Write the texts"))
    via_id = fields.Integer(
        required=True, metadata=like(5, "another prerequisite of the task, which waits for the same")
    )
    via_title = fields.String(required=True, allow_none=True, metadata=like("Translate the website"))


class RedundantDependencyPage(Page):
    items = fields.List(fields.Nested(RedundantDependency), required=True)


class RedundantQuery(Schema):
    skip, limit = page(100_000).values()


class GraphQuery(Schema):
    open_only = fields.Boolean(
        load_default=False, metadata=like(True, "without completed and cancelled tasks")
    )


class TaskGraphQuery(Schema):
    direction = fields.String(
        load_default="both",
        validate=validate.OneOf(("upstream", "downstream", "both")),
        metadata=like("both", "what the task waits for, what waits for it, or both"),
    )
    depth = fields.Integer(
        load_default=None, validate=validate.Range(min=1, max=10**6), metadata=like(3, "default: no limit")
    )
