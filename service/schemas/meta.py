"""The service itself: its state, its map and its refusals."""

from marshmallow import INCLUDE, Schema, fields

from service.schemas.fields import like


class NoQuery(Schema):
    """Operations that take no query parameters refuse them like any unknown field."""


class Part(Schema):
    healthy = fields.Boolean(required=True, metadata=like(True))
    latency_ms = fields.Float(required=True, metadata=like(0.4))


class Migrations(Part):
    pending = fields.List(fields.String(), required=True, metadata=like([]))


class Status(Schema):
    status = fields.String(required=True, metadata=like("ok", "ok, degraded or unavailable"))
    version = fields.String(required=True, metadata=like("1.0.0"))
    mysql = fields.Nested(Part, required=True)
    redis = fields.Nested(Part, required=True)
    migrations = fields.Nested(Migrations, required=True)


class Index(Schema):
    name = fields.String(required=True, metadata=like("Headgate"))
    version = fields.String(required=True, metadata=like("1.0.0"))
    description = fields.String(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Problem(Schema):
    """RFC 9457; an error adds facts of its own, such as path or open_prerequisites."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata=like("/problems/dependency_cycle"))
    title = fields.String(required=True, metadata=like("The dependency would close a cycle"))
    status = fields.Integer(required=True, metadata=like(409))
    detail = fields.String(required=True, metadata=like("task 3 already waits for task 7"))
    code = fields.String(required=True, metadata=like("dependency_cycle"))
    request_id = fields.String(required=True, metadata=like("f3c1a9"))
