"""Attachments: files that hang on tasks, and their versions."""

import base64
import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any
from unicodedata import category

from marshmallow import Schema, ValidationError, fields, validate

from service.schemas.fields import ID, TIME, Line, Moment, like, page
from service.schemas.tasks import Page

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_LINE = Line()
# Other algorithms may stand beside it and are not looked at.
_OTHERS = r"(?!sha-256=)[a-z*][a-z0-9_.*-]*=:[A-Za-z0-9+/]*={0,2}:"
_DIGEST = re.compile(
    rf"(?:{_OTHERS}[ \t]*,[ \t]*)*sha-256=:([A-Za-z0-9+/]{{43}}=):(?:[ \t]*,[ \t]*{_OTHERS})*"
)
# Those that join letters or keep them apart belong to how some languages are written.
_JOINERS = "\u200c\u200d"


class PlainName(Line):
    """The name of a file, without the folders that some clients put before it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        name = re.split(r"[/\\]", super()._deserialize(value, attr, data, **kwargs))[-1].strip()
        if not 0 < len(name) <= 255 or name in {".", ".."}:
            raise ValidationError("Must name the file, by 255 characters at most.")
        if any(category(letter) == "Cf" and letter not in _JOINERS for letter in name):
            raise ValidationError("Must not contain characters that cannot be seen.")
        return name


class FileName(PlainName):
    """The same in a Content-Disposition (RFC 6266)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        header = Message()
        header["Content-Disposition"] = _LINE.deserialize(value, attr, data)
        # With a charset (filename*) it is a tuple, which goes before the one for clients that know no better.
        given: list[tuple[str, Any]] = header.get_params([], "Content-Disposition")
        names = [value for key, value in given if key.lower() == "filename"]
        told = next((value for value in names if isinstance(value, tuple)), names[0] if names else "")
        return super()._deserialize(collapse_rfc2231_value(told), attr, data, **kwargs)


class Digest(fields.String):
    """A SHA-256 as HTTP writes it (RFC 9530): in base64 outside, in hexadecimal inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not (found := _DIGEST.fullmatch(text)):
            raise ValidationError(
                "Must be a SHA-256 such as sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:."
            )
        return base64.b64decode(found[1]).hex()


class UploadHeaders(Schema):
    name = FileName(
        required=True,
        data_key="Content-Disposition",
        metadata=like(
            'attachment; filename="plan.pdf"', "what the file is called; beyond ASCII as filename*"
        ),
    )
    digest = Digest(
        load_default=None,
        data_key="Content-Digest",
        metadata={
            "description": "SHA-256 of the file: refused is what came differently; no other is looked at"
        },
    )
    encoding = fields.String(
        load_default=None,
        data_key="Content-Encoding",
        metadata={"description": "only `identity` is taken"},
    )


class PreviewHeaders(Schema):
    if_none_match = fields.String(
        load_default=None,
        data_key="If-None-Match",
        metadata={"description": "the ETag of what the client has: answer 304 if it is still that"},
    )


class DownloadHeaders(PreviewHeaders):
    ranged = fields.String(
        load_default=None,
        data_key="Range",
        metadata=like("bytes=0-1023", "one range; of several the whole file is sent"),
    )
    if_range = fields.String(
        load_default=None,
        data_key="If-Range",
        metadata={"description": "an ETag: the range is meant only if the file is still that one"},
    )


class LinkQuery(Schema):
    version = fields.Integer(
        load_default=None,
        validate=validate.Range(min=1, max=2**32 - 1),
        metadata=like(1, "default: the newest"),
    )


class DownloadQuery(LinkQuery):
    inline = fields.Boolean(
        load_default=False,
        metadata=like(
            False, "to be shown and not saved; only of plain text and of PNG, JPEG, GIF and WebP pictures"
        ),
    )


class AttachmentVersion(Schema):
    version = fields.Integer(required=True, metadata=like(1))
    size_bytes = fields.Integer(required=True, metadata=like(48_211))
    media_type = fields.String(required=True, metadata=like("application/pdf", "told from its bytes"))
    sha256 = fields.String(
        required=True, metadata=like(SHA256, "of its bytes, in hexadecimal; also its ETag")
    )
    uploaded_by = fields.Integer(required=True, allow_none=True, metadata=like(1))
    uploaded_at = Moment(required=True, metadata=like(TIME))


class ListedAttachment(AttachmentVersion):
    id = fields.Integer(required=True, attribute="attachment_id", metadata=like(5))
    name = fields.String(required=True, metadata=like("plan.pdf"))
    version = fields.Integer(required=True, metadata=like(1, "the newest"))


class Attachment(ListedAttachment):
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    revision = fields.Integer(required=True, metadata=like(43))


class AttachmentPage(Page):
    items = fields.List(fields.Nested(ListedAttachment), required=True)


class AttachmentVersionPage(Page):
    items = fields.List(fields.Nested(AttachmentVersion), required=True)


class AttachmentsQuery(Schema):
    skip, limit = page(200).values()


class DeletedAttachment(Schema):
    attachment_id = fields.Integer(required=True, validate=ID, metadata=like(5))
    task_id = fields.Integer(required=True, metadata=like(3))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    revision = fields.Integer(required=True, metadata=like(44))


class NewUpload(Schema):
    name = PlainName(required=True, metadata=like("plan.pdf"))
    size_bytes = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0, max=2**40), metadata=like(48_211)
    )


class Link(Schema):
    method = fields.String(required=True, metadata=like("GET"))
    url = fields.String(
        required=True,
        metadata=like("https://s3.example.org/files/0f1e?X-Amz-Signature=1"),
    )
    expires_in = fields.Integer(required=True, metadata=like(900, "seconds in which it may be begun"))


class BegunUpload(Link):
    upload_id = fields.Integer(required=True, metadata=like(7))
    workspace_id = fields.Integer(required=True, metadata=like(1))
    method = fields.String(required=True, metadata=like("PUT", "with the file as its body"))


class WrittenUpload(Schema):
    sha256 = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="Must be 64 hexadecimal digits."),
        metadata=like(None, "of the file: refused is what came differently"),
    )
