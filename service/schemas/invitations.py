"""Invitations: a link that lets one user join."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Line, Moment, like
from service.vocabulary import ROLES


class NewInvitation(Schema):
    role = fields.String(required=True, validate=validate.OneOf(ROLES), metadata=like("viewer"))
    hours = fields.Integer(
        strict=True,
        load_default=72,
        validate=validate.Range(min=1, max=720),
        metadata=like(72, "how long it is good"),
    )


class InvitationToken(Schema):
    token = Line(required=True, validate=validate.Length(min=1, max=128), metadata=like("c0ffee"))


class RevokedInvitation(Schema):
    id = fields.Integer(required=True, attribute="invitation_id", metadata=like(4))


class AcceptedInvitation(RevokedInvitation):
    organization_id = fields.Integer(required=True, allow_none=True, metadata=like(None))
    workspace_id = fields.Integer(required=True, allow_none=True, metadata=like(2))
    role = fields.String(required=True, metadata=like("viewer"))


class MadeInvitation(AcceptedInvitation):
    token = fields.String(required=True, metadata=like("c0ffee", "shown here and never again"))
    expires_at = Moment(required=True, metadata=like(TIME))


class Invitation(AcceptedInvitation):
    created_by = fields.Integer(required=True, metadata=like(1))
    created_at = Moment(required=True, metadata=like(TIME))
    expires_at = Moment(required=True, metadata=like(TIME))


class Invitations(Schema):
    items = fields.List(fields.Nested(Invitation), required=True)
