"""The kinds of field that the schemas are made of, as strict as the database."""

import base64
import re
from datetime import UTC, datetime
from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

BIGINT = 2**63 - 1
ID = validate.Range(min=1, max=BIGINT)
TIME = "2030-01-31T17:00:00Z"


def like(value: Any, description: str | None = None) -> dict[str, Any]:
    return {"example": value} | ({"description": description} if description else {})


_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Text(fields.String):
    """Text that MySQL can keep and JSON can carry: no NUL, no half of a surrogate pair."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _UNKEPT.search(text):
            raise ValidationError("Must not contain NUL characters or lone surrogates.")
        return text


class Line(Text):
    """Text of one line, without blanks around it and without control characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if _CONTROL.search(text):
            raise ValidationError("Must not contain control characters.")
        return text


class Instant(fields.DateTime):
    """A point in time: ISO 8601 outside (UTC if it has no offset), naive UTC inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            naive = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error
        if naive.year < 1000:
            raise ValidationError("Must not be before the year 1000.")
        return naive

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return None if value is None else f"{value.isoformat()}Z"


class Moment(Instant):
    """The same in whole seconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        # MySQL would round, and half a second before the year 10000 it cannot.
        instant: datetime = super()._deserialize(value, attr, data, **kwargs)
        return instant.replace(microsecond=0)


class Flag(fields.Boolean):
    """A boolean, which MySQL answers as 0 or 1."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return None if value is None else bool(value)


class Truth(fields.Boolean):
    """A boolean in a body: true or false, and no other word or number for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Several(fields.List[Any]):
    """Values of a parameter, which has commas between them or comes again for each."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        value = [part for text in ([value] if isinstance(value, str) else value) for part in text.split(",")]
        return super()._deserialize(value, attr, data, **kwargs)


class Array(fields.List[Any]):
    """An array, which the database answers as JSON text."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return orjson.loads(value) if isinstance(value, str) else value or []


def unkept(value: Any, depth: int) -> str | None:
    """Why MySQL cannot keep this as JSON in which nothing is nested deeper than this."""
    if isinstance(value, str):
        return "Must not contain NUL characters." if "\0" in value else None
    if not isinstance(value, list | dict):
        return None
    if not depth:
        return "Is nested too deep."
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return next((found for one in inner if (found := unkept(one, depth - 1))), None)


def shallow(value: Any) -> None:
    """Refuse what MySQL, which nests a hundred levels, could not put into anything else."""
    if problem := unkept(value, 90):
        raise ValidationError(problem)


class ObjectText(Text):
    """A parameter that holds a JSON object."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ValidationError(f"Must be JSON: {error}.") from error
        if not isinstance(found, dict):
            raise ValidationError("Must be a JSON object.")
        shallow(found)
        return text


class Cursor(fields.String):
    """A place in a list: an array as JSON, and outside text that means nothing to a client and fits a URL."""

    shape: type = list

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            place = orjson.loads(
                base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            )
        except ValueError as error:
            raise ValidationError("Must be what a page gave as next.") from error
        # Anything else would not even reach the procedure that knows what a place is.
        if type(place) is not self.shape:
            raise ValidationError("Must be what a page gave as next.")
        return place

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return None if value is None else base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def identifier(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=ID, **options)


def unique(values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("Must not name the same twice.")


class Password(Text):
    """A password of 8 to 72 bytes: bcrypt reads no more."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        size = len(text.encode())
        if size < 8:
            raise ValidationError("Must be at least 8 bytes long.")
        if size > 72:
            raise ValidationError(
                f"Must be at most 72 bytes long and has {size}; letters beyond ASCII have two to four."
            )
        return text


def page(limit: int) -> dict[str, fields.Field[Any]]:
    return {
        "skip": fields.Integer(load_default=0, validate=validate.Range(min=0, max=10**9), metadata=like(0)),
        "limit": fields.Integer(
            load_default=50, validate=validate.Range(min=1, max=limit), metadata=like(50)
        ),
    }
