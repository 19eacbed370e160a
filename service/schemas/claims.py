"""Claims: how a task is asked for, and what its holder says with it."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Flag, Line, Moment, identifier, like
from service.schemas.tasks import Page, Task
from service.vocabulary import PRIORITIES

ASSIGNEES = ("available", "mine", "unassigned", "any")


class Lease(Schema):
    lease_seconds = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=86_400),
        metadata=like(600, "how long the claim is good unless it is renewed"),
    )


class NewClaim(Lease):
    workspace_id = identifier(
        load_default=None, allow_none=True, metadata=like(1, "default: the personal workspace")
    )
    min_priority = fields.String(
        validate=validate.OneOf(PRIORITIES), metadata=like("high", "only tasks at least as urgent")
    )
    assignee = fields.String(
        validate=validate.OneOf(ASSIGNEES),
        metadata=like(
            "available",
            "available (mine, of a team of mine or nobody's; the default), mine, unassigned or any",
        ),
    )
    tags = fields.List(
        Line(validate=validate.Length(min=1, max=64)),
        validate=validate.Length(max=50),
        metadata=like(["urgent"], "only tasks with all of these"),
    )


FENCE = like(42, "the number that the task was claimed under")


class Fence(Schema):
    fence = identifier(required=True, metadata=FENCE)


class FenceQuery(Schema):
    fence = fields.Integer(required=True, validate=validate.Range(min=1, max=2**63 - 1), metadata=FENCE)


class Renewal(Fence, Lease):
    pass


class ClaimedTask(Task):
    fence = fields.Integer(required=True, metadata=FENCE)
    lease_expires_at = Moment(required=True, metadata=like(TIME))


class RenewedClaim(Schema):
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    user_id = fields.Integer(required=True, metadata=like(1, "who holds it"))
    fence = fields.Integer(required=True, metadata=FENCE)
    claimed_at = Moment(required=True, metadata=like(TIME))
    lease_expires_at = Moment(required=True, metadata=like(TIME))


class Claim(Schema):
    task_id = fields.Integer(required=True, metadata=like(3))
    title = fields.String(required=True, metadata=like("Translate the website"))
    priority = fields.String(required=True, metadata=like("high"))
    user_id = fields.Integer(required=True, metadata=like(1, "who holds it"))
    username = fields.String(required=True, metadata=like("ada"))
    fence = fields.Integer(required=True, metadata=FENCE)
    claimed_at = Moment(required=True, metadata=like(TIME))
    lease_expires_at = Moment(required=True, metadata=like(TIME))
    is_expired = Flag(required=True, metadata=like(False, "whether others may put the task back"))


class ClaimPage(Page):
    items = fields.List(fields.Nested(Claim), required=True)
