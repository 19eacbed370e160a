"""API keys: what machines send instead of logging in.

MySQL says who acts with a key; this process believes it for half a second, so that a busy machine costs two
questions a second, and a key that was revoked opens nothing a second later.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass

from service.admission.tokens import Caller
from service.db import Database
from service.errors import Refused

PREFIX = "hgk_"
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
LONGEST = 100
FRESH_SECONDS = 0.5
MOST_KNOWN = 10_000


@dataclass(frozen=True)
class ApiKey:
    """One key, in the clear only here and with the machine."""

    text: str

    @classmethod
    def new(cls) -> "ApiKey":
        """A key nobody else has: ten letters by which people tell it, and a secret of 256 bits."""
        prefix = "".join(secrets.choice(LETTERS) for _ in range(10))
        return cls(f"{PREFIX}{prefix}_{secrets.token_urlsafe(32)}")

    @classmethod
    def parse(cls, text: str) -> "ApiKey":
        """Read what a client sent; Refused if it never was a key."""
        if not text.startswith(PREFIX) or len(text) > LONGEST or not text.isascii():
            raise Refused("unauthenticated", "This is no API key.")
        return cls(text)

    @property
    def prefix(self) -> str:
        return self.text.removeprefix(PREFIX).partition("_")[0]

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class ApiKeys:
    """Finds out who acts with a key."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str], tuple[float, Caller]] = {}

    async def caller(self, key: ApiKey, address: str, agent: str | None) -> Caller:
        """The user that the key is; Refused if it opens nothing."""
        known_until, found = self._known.get((key.hash, address), (0.0, None))
        now = time.monotonic()
        if found and now < known_until:
            return found
        row = await self._database.call_one("use_api_key", key.hash, address, agent)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        found = Caller(row["user_id"], row["workspace_id"])
        self._known[key.hash, address] = now + FRESH_SECONDS, found
        return found

    def last_caller(self, key: ApiKey, address: str) -> Caller | None:
        """The user that the key was when it was last used; whether it still opens anything is not said."""
        return self._known.get((key.hash, address), (0.0, None))[1]

    def ask_anew(self) -> None:
        """Ask before the next request is answered: this process has just revoked one."""
        self._known.clear()
