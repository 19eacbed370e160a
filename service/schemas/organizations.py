"""Organizations, who belongs to them, and their teams."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Line, Moment, like


class NewOrganization(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=120), metadata=like("Example Ltd"))


class Organization(Schema):
    id = fields.Integer(required=True, attribute="organization_id", metadata=like(2))
    name = fields.String(required=True, metadata=like("Example Ltd"))
    role = fields.String(required=True, metadata=like("owner"))
    created_at = Moment(required=True, metadata=like(TIME))


class Organizations(Schema):
    items = fields.List(fields.Nested(Organization), required=True)


class DeletedOrganization(Schema):
    id = fields.Integer(required=True, attribute="organization_id", metadata=like(2))
    name = fields.String(required=True, metadata=like("Example Ltd"))


class OrganizationMember(Schema):
    user_id = fields.Integer(required=True, metadata=like(2))
    username = fields.String(required=True, metadata=like("grace"))
    role = fields.String(required=True, metadata=like("member"))
    created_at = Moment(required=True, metadata=like(TIME))


class OrganizationMembers(Schema):
    items = fields.List(fields.Nested(OrganizationMember), required=True)


class RemovedOrganizationMember(Schema):
    organization_id = fields.Integer(required=True, metadata=like(2))
    user_id = fields.Integer(required=True, metadata=like(2))
    username = fields.String(required=True, metadata=like("grace"))


class SetOrganizationMember(RemovedOrganizationMember):
    role = fields.String(required=True, metadata=like("member"))


class NewTeam(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=64), metadata=like("Writers"))


class DeletedTeam(Schema):
    id = fields.Integer(required=True, attribute="team_id", metadata=like(5))
    organization_id = fields.Integer(required=True, metadata=like(2))
    name = fields.String(required=True, metadata=like("Writers"))


class Team(DeletedTeam):
    created_at = Moment(required=True, metadata=like(TIME))


class Teams(Schema):
    items = fields.List(fields.Nested(Team), required=True)


class TeamMember(Schema):
    user_id = fields.Integer(required=True, metadata=like(2))
    username = fields.String(required=True, metadata=like("grace"))


class ListedTeamMember(TeamMember):
    created_at = Moment(required=True, metadata=like(TIME))


class TeamMembers(Schema):
    items = fields.List(fields.Nested(ListedTeamMember), required=True)


class ChangedTeamMember(TeamMember):
    team_id = fields.Integer(required=True, metadata=like(5))
