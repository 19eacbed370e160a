"""Answers about the graph of a whole workspace."""

from marshmallow import Schema, fields

from service.schemas.fields import Array, like


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
