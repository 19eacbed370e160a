"""One line of the import format: a task, told as JSON."""

import re
from typing import Any

import orjson
from marshmallow import Schema, ValidationError, fields, validate

from service.schemas.fields import Line, Moment, Text, unique
from service.vocabulary import PRIORITIES, STATUSES

LONGEST_LINE = 1024 * 1024

_KEY = validate.Length(min=1, max=128)


# Printable ASCII with no space at the ends: nothing to strip, normalize or refuse.
_PLAIN_KEY = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")


class Keys(fields.List[Any]):
    """Keys, most of which are plain and need no second look; a large file has hundreds of thousands."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and all(
            isinstance(key, str) and _PLAIN_KEY.fullmatch(key) for key in value
        ):
            return value
        return super()._deserialize(value, attr, data, **kwargs)


class TaskLine(Schema):
    """What a line may say; unknown members are errors, so that a misspelt one is not lost."""

    key = Line(required=True, validate=_KEY)
    title = Line(required=True, validate=validate.Length(min=1, max=200))
    description = Text(validate=validate.Length(max=16_000))
    status = fields.String(validate=validate.OneOf(STATUSES))
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    tags = fields.List(
        Line(validate=validate.Length(min=1, max=64)), validate=[validate.Length(max=50), unique]
    )
    depends_on = Keys(Line(validate=_KEY), validate=unique)
    estimate_minutes = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(min=0, max=5_256_000)
    )
    due_at = Moment(allow_none=True)
    assignee = Line(allow_none=True, validate=validate.Length(min=1, max=32))
    team = Line(allow_none=True, validate=validate.Length(min=1, max=64))


_SCHEMA = TaskLine()


class BadLine(Exception):
    """A line that is not a task; `key` is what other lines may call it, if that much could be read."""

    def __init__(self, detail: str, key: str | None = None) -> None:
        super().__init__(detail)
        self.key = key


def parse(raw: bytes) -> dict[str, Any]:
    """A line as the row that `stage_tasks` takes, or `BadLine` with everything that is wrong with it."""
    if len(raw) > LONGEST_LINE:
        raise BadLine(f"The line is longer than {LONGEST_LINE:,} bytes.")
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"This is not JSON: {error}.") from error
    if not isinstance(said, dict):
        raise BadLine("A line is one JSON object.")
    try:
        row: dict[str, Any] = _SCHEMA.load(said)
    except ValidationError as error:
        raise BadLine(_told(error), _key(said)) from error
    if row.get("due_at"):
        row["due_at"] = row["due_at"].isoformat(sep=" ")
    return row


def _key(said: dict[str, Any]) -> str | None:
    key = said.get("key")
    return key.strip() if isinstance(key, str) and 1 <= len(key.strip()) <= 128 else None


def _told(error: ValidationError) -> str:
    """`title: Missing data for required field. tags.2: Not a valid string.`"""
    found: list[str] = []

    def collect(messages: Any, path: str) -> None:
        if isinstance(messages, dict):
            for name, inner in messages.items():
                collect(inner, f"{path}.{name}" if path else str(name))
        else:
            found.extend(f"{path}: {message}" for message in messages)

    collect(error.normalized_messages(), "")  # type: ignore[no-untyped-call]
    return " ".join(sorted(found))
