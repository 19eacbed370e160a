"""What an operation of the API is made of, and the forms that an answer may have."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import Schema, fields, validate

from service.db import Row
from service.schemas.fields import ID, Line, like
from service.schemas.meta import NoQuery
from service.vocabulary import REACTIONS

# What it answers: a row for the schema, or the bytes of a Media.
Handler = Callable[..., Awaitable[Any]]

# What the answer of a read follows, one word each. REVISION: one workspace as it is at one revision, so it
# is kept under that number (service/cache/), which tells it from others. CLOCK: it changes while nothing is
# changed, or is too large to be kept. PEOPLE: users, organizations and their rights, of which no workspace's
# revision tells. PAST: a task that may be gone, from all there is now.
Follows = Literal["", "revision", "clock", "people", "past"]
REVISION: Follows = "revision"
CLOCK: Follows = "clock"
PEOPLE: Follows = "people"
PAST: Follows = "past"


@dataclass(frozen=True)
class Media:
    """An answer that is not JSON: its type, what a browser saves it as, and an example."""

    type: str
    filename: str
    example: str


class Stream(Media):
    """An answer that does not end: the handler gives it itself."""


class Download(Media):
    """The bytes of a file, whatever it is: the handler sends them itself."""


@dataclass(frozen=True)
class Route:
    """One operation: where it is, what it calls, what it takes and what it answers."""

    method: str
    path: str
    handler: Handler
    calls: str | None
    returns: type[Schema] | Media
    body: type[Schema] | None = None
    query: type[Schema] = NoQuery
    headers: type[Schema] = NoQuery
    status: int | Callable[[Row], int] = 200
    form: bool = False
    public: bool = False
    follows: Follows = ""
    # It hashes a password: there is a stricter bound for it.
    costly: bool = False
    largest_body: int = 0
    # Its body is a file, which the handler takes as it comes.
    takes_file: bool = False
    # Unless it waits for its turn itself, because it does not change the workspace all the time.
    takes_turn: bool = True
    # Also as CSV and JSON Lines (service/http/table.py).
    is_table: bool = False
    # What the service refuses before or after the call: codes of sql/reference/error_code.csv, besides those
    # that follow from what the route takes.
    refuses: tuple[str, ...] = ()


# What a path calls by a name.
NAMES: dict[str, fields.Field[Any]] = {
    "kind": fields.String(required=True, validate=validate.OneOf(REACTIONS), metadata=like("rocket")),
    "username": Line(required=True, validate=validate.Length(max=32), metadata=like("grace")),
}


def path_schema(path: str) -> type[Schema]:
    """The variables of a path: ids, and names."""
    kinds: dict[str, fields.Field[Any]] = {
        name: fields.Integer(required=True, validate=ID, metadata=like(3))
        if name.endswith("_id")
        else NAMES[name]
        for name in re.findall(r"{(\w+):", path)
    }
    return Schema.from_dict(kinds)
