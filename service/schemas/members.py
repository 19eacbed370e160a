"""Who belongs to a workspace, as what, and by which teams."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Flag, Line, Moment, like
from service.vocabulary import ROLES


class Member(Schema):
    user_id = fields.Integer(required=True, metadata=like(2))
    username = fields.String(required=True, metadata=like("grace"))
    role = fields.String(required=True, metadata=like("member", "the highest that was given in any way"))
    direct_role = fields.String(
        required=True, allow_none=True, metadata=like("member", "null: here by a team or the organization")
    )
    is_guest = Flag(required=True, metadata=like(False, "not of the organization of the workspace"))
    created_at = Moment(required=True, metadata=like(TIME))


class Members(Schema):
    items = fields.List(fields.Nested(Member), required=True)


class NewRole(Schema):
    role = fields.String(required=True, validate=validate.OneOf(ROLES), metadata=like("member"))


class NewOwner(Schema):
    username = Line(required=True, validate=validate.Length(min=1, max=32), metadata=like("grace"))


class SetMember(Schema):
    workspace_id = fields.Integer(required=True, metadata=like(2))
    user_id = fields.Integer(required=True, metadata=like(2))
    username = fields.String(required=True, metadata=like("grace"))
    role = fields.String(required=True, metadata=like("member", "the highest that was given in any way"))
    revision = fields.Integer(required=True, metadata=like(7))


class RemovedMember(SetMember):
    role = fields.String(
        required=True,
        allow_none=True,
        metadata=like(None, "what they are still, by a team or so"),
    )


class TeamRole(Schema):
    workspace_id = fields.Integer(required=True, metadata=like(2))
    team_id = fields.Integer(required=True, metadata=like(5))
    role = fields.String(required=True, metadata=like("member"))
    revision = fields.Integer(required=True, metadata=like(7))


class RemovedTeamRole(Schema):
    workspace_id = fields.Integer(required=True, metadata=like(2))
    team_id = fields.Integer(required=True, metadata=like(5))
    revision = fields.Integer(required=True, metadata=like(8))


class TeamWithRole(Schema):
    team_id = fields.Integer(required=True, metadata=like(5))
    name = fields.String(required=True, metadata=like("Writers"))
    role = fields.String(required=True, metadata=like("member"))
    created_at = Moment(required=True, metadata=like(TIME))


class TeamRoles(Schema):
    items = fields.List(fields.Nested(TeamWithRole), required=True)
