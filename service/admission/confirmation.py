"""Links that are mailed: who shows one has read what was sent to the address in it.

They are signed and kept nowhere, and the same each time, so that a mail that is sent twice is one mail.
"""

from datetime import UTC, datetime, timedelta

import jwt
from aiohttp import web

from service.admission.tokens import ALGORITHM, LONGEST, NAME, key_id
from service.config import Settings
from service.errors import Refused

# What a link is for, and nothing else.
CONFIRM = "headgate confirm email"
UNSUBSCRIBE = "headgate unsubscribe"
GOOD_FOR = timedelta(days=3)


class Links:
    """Issues the tokens in links, and reads those of every key in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.require_secret()
        self._ring = {key_id(key): key for key in (*settings.old_secret_keys, self._key)}

    def confirming(self, user_id: int, address: str, asked_at: datetime) -> str:
        """A token that says that the address belongs to the user, good for three days."""
        until = int((asked_at.replace(tzinfo=UTC) + GOOD_FOR).timestamp())
        return self._signed({"sub": str(user_id), "email": address, "exp": until, "aud": CONFIRM})

    def confirmed(self, token: str) -> tuple[int, str]:
        """The user and the address that a token confirms; Refused if it confirms nothing."""
        claims = self._read(token, CONFIRM, ["sub", "email", "exp"])
        return int(claims["sub"]), claims["email"]

    def unsubscribing(self, user_id: int) -> str:
        """A token that turns mails to the user off; good for ever, as a mail lies about for ever."""
        return self._signed({"sub": str(user_id), "aud": UNSUBSCRIBE})

    def unsubscribed(self, token: str) -> int:
        """The user who wants no mails; Refused if it says so for nobody."""
        return int(self._read(token, UNSUBSCRIBE, ["sub"])["sub"])

    def _signed(self, claims: dict[str, str | int]) -> str:
        return jwt.encode(
            claims | {"iss": NAME}, self._key, algorithm=ALGORITHM, headers={"kid": key_id(self._key)}
        )

    def _read(self, token: str, audience: str, required: list[str]) -> dict[str, str]:
        try:
            if len(token) > LONGEST:
                raise ValueError("longer than any of ours")
            key = self._ring[jwt.get_unverified_header(token)["kid"]]
            claims: dict[str, str] = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=NAME,
                audience=audience,
                options={"require": required},
            )
        except (jwt.InvalidTokenError, LookupError, TypeError, ValueError) as error:
            raise Refused(
                "confirmation_invalid", "The link is not valid, or too old; ask for another."
            ) from error
        return claims


LINKS = web.AppKey("links", Links)
