"""Users and their workspaces."""

from marshmallow import Schema, fields, validate

from service.schemas.fields import TIME, Flag, Line, Moment, Password, Text, like


class NewUser(Schema):
    username = Text(
        required=True,
        validate=validate.Regexp(
            r"^[A-Za-z0-9_.-]{3,32}$(?!\n)", error="Must be 3 to 32 of A-Z a-z 0-9 _ . -"
        ),
        metadata=like("ada"),
    )
    email = fields.Email(required=True, validate=validate.Length(max=254), metadata=like("ada@example.org"))
    password = Password(
        required=True,
        load_only=True,
        metadata=like("correct horse", "8 to 72 bytes") | {"format": "password"},
    )


class Login(Schema):
    username = Text(required=True, validate=validate.Length(max=32), metadata=like("ada"))
    password = Text(required=True, load_only=True, metadata=like("correct horse") | {"format": "password"})
    # What OAuth 2 clients add to the password grant.
    grant_type = fields.String(validate=validate.Equal("password"), metadata=like("password"))
    scope = fields.String(validate=validate.Length(max=1000))
    client_id = fields.String(validate=validate.Length(max=1000))
    client_secret = fields.String(validate=validate.Length(max=1000), load_only=True)


class PasswordChange(Schema):
    old_password = Text(
        required=True,
        load_only=True,
        validate=validate.Length(max=1000),
        metadata=like("correct horse") | {"format": "password"},
    )
    new_password = Password(
        required=True,
        load_only=True,
        metadata=like("battery staple", "8 to 72 bytes") | {"format": "password"},
    )


class User(Schema):
    id = fields.Integer(required=True, attribute="user_id", metadata=like(1))
    username = fields.String(required=True, metadata=like("ada"))
    email = fields.String(
        required=True, allow_none=True, metadata=like("ada@example.org", "null for an API key")
    )
    is_email_confirmed = Flag(
        required=True,
        metadata=like(True, "if it is not known to be theirs, nothing is mailed there"),
    )
    workspace_id = fields.Integer(required=True, metadata=like(1, "the personal workspace"))
    time_zone = fields.String(required=True, metadata=like("+01:00", "in which days are counted"))
    created_at = Moment(required=True, metadata=like(TIME))


class UserChanges(Schema):
    time_zone = Line(validate=validate.Length(min=1, max=64), metadata=like("+01:00"))
    email = fields.Email(
        validate=validate.Length(max=254), metadata=like("ada@example.org", "a mail asks to confirm it")
    )


class EmailToken(Schema):
    token = Text(
        required=True,
        load_only=True,
        validate=validate.Length(max=1024),
        metadata=like("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "what follows the # in the link"),
    )


class UnsubscribeQuery(Schema):
    token = Text(
        required=True,
        load_only=True,
        validate=validate.Length(max=1024),
        metadata=like("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"),
    )


class OneClick(Schema):
    """What mail programs send (RFC 8058)."""

    said = fields.String(
        required=True,
        data_key="List-Unsubscribe",
        validate=validate.Equal("One-Click"),
        metadata=like("One-Click"),
    )


class Unsubscribed(Schema):
    username = fields.String(required=True, metadata=like("ada"))


class ConfirmedEmail(Schema):
    username = fields.String(required=True, metadata=like("ada"))
    email = fields.String(required=True, metadata=like("ada@example.org"))


class NewWorkspace(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=120), metadata=like("Website"))


class Workspace(Schema):
    id = fields.Integer(required=True, attribute="workspace_id", metadata=like(2))
    name = fields.String(required=True, metadata=like("Website"))
    role = fields.String(required=True, metadata=like("owner"))
    is_personal = Flag(required=True, metadata=like(False))
    organization_id = fields.Integer(
        required=True, allow_none=True, metadata=like(None, "null: it belongs to no organization")
    )
    revision = fields.Integer(required=True, metadata=like(1, "raised by one with each change"))
    created_at = Moment(required=True, metadata=like(TIME))


class Workspaces(Schema):
    items = fields.List(fields.Nested(Workspace), required=True)
