"""What clients prove themselves with: access tokens that are signed, refresh tokens that are only known.

An access token is good by itself for some minutes. A refresh token is two secrets of 256 bits in one: the
family, which all refresh tokens of a session share, and the turn, which changes with each use. The database
knows their SHA-256 and nothing else. The next turn is derived from the last with the service's key, so that a
client whose answer got lost can be given the very same one again; nobody without the key can tell it.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

import jwt

from service.config import Settings
from service.errors import Refused

NAME = "headgate"
# What a ticket is for, and nothing else: it stands in an address, and those are logged by whoever sees them.
STREAM = "headgate stream"
ALGORITHM = "HS256"
LEEWAY_SECONDS = 5
CLAIMS = ["sub", "ws", "sid", "iat", "nbf", "exp", "jti", "iss", "aud"]
# Ours have about 400; what is longer is not looked at.
LONGEST = 1024

SECRET_BYTES = 32
REFRESH_PREFIX = "hgr_"


@dataclass(frozen=True)
class Caller:
    """Who asks, the workspace meant where none is named, and the session, which an API key has not."""

    user_id: int
    workspace_id: int
    session_id: int | None = None
    # When what it was said with is good no more, in seconds since 1970.
    until: float = field(default=float("inf"), compare=False)


MOST_KNOWN = 10_000


def key_id(key: str) -> str:
    """The name of a key in the header of what it signed; tells nothing about the key."""
    return hashlib.sha256(b"headgate key id " + key.encode()).hexdigest()[:16]


class Tokens:
    """Issues access tokens, signed with the newest key, and reads those of every key in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.require_secret()
        self._ring = {key_id(key): key for key in (*settings.old_secret_keys, self._key)}
        self.seconds = settings.access_token_minutes * 60
        # Whom tokens named, each to whom it was said: a signature is verified once.
        self._known: dict[tuple[str, str], Caller] = {}

    def issue(self, caller: Caller, audience: str = NAME) -> str:
        """A signed token that names the caller for `seconds`, to the API or for one purpose."""
        now = int(time.time())
        claims = {
            "sub": str(caller.user_id),
            "ws": caller.workspace_id,
            "sid": caller.session_id,
            "iat": now,
            "nbf": now,
            "exp": now + self.seconds,
            "jti": secrets.token_hex(8),
            "iss": NAME,
            "aud": audience,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": key_id(self._key)})

    def read(self, token: str, audience: str = NAME) -> Caller:
        """The caller whom an access token names; Refused says why there is none."""
        known = self._known.get((token, audience))
        if known and time.time() < known.until + LEEWAY_SECONDS:
            return known
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        caller = self._known[token, audience] = self._verified(token, audience)
        return caller

    def _verified(self, token: str, audience: str) -> Caller:
        if len(token) > LONGEST:
            raise Refused("unauthenticated", "The access token is not valid.")
        try:
            # The algorithm is ours to say, never the token's; of its header only the name of the key counts.
            key = self._ring[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=NAME,
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={"require": CLAIMS},
            )
            session = None if claims["sid"] is None and audience == STREAM else int(claims["sid"])
            return Caller(int(claims["sub"]), int(claims["ws"]), session, float(claims["exp"]))
        except jwt.ExpiredSignatureError as error:
            raise Refused("unauthenticated", "The access token has expired; refresh it.") from error
        except (jwt.InvalidTokenError, LookupError, TypeError, ValueError) as error:
            raise Refused("unauthenticated", "The access token is not valid.") from error


@dataclass(frozen=True)
class RefreshToken:
    """One refresh token, in the clear only here and with the client."""

    family: bytes
    turn: bytes

    @classmethod
    def first(cls) -> "RefreshToken":
        """The first of a new session."""
        return cls(secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> "RefreshToken":
        """Read what a client sent; Refused if it never was one."""
        try:
            if not text.startswith(REFRESH_PREFIX):
                raise ValueError("no refresh token")
            both = base64.b64decode(text.removeprefix(REFRESH_PREFIX) + "==", b"-_", validate=True)
            if len(both) != 2 * SECRET_BYTES:
                raise ValueError("no refresh token")
        except (binascii.Error, ValueError) as error:
            raise Refused("refresh_token_invalid", "This is no refresh token.") from error
        return cls(both[:SECRET_BYTES], both[SECRET_BYTES:])

    def successor(self, settings: Settings) -> "RefreshToken":
        """The one that replaces it: always the same, and not to be guessed."""
        key = hashlib.sha256(b"headgate refresh " + settings.require_secret().encode()).digest()
        return RefreshToken(self.family, hmac.digest(key, self.family + self.turn, "sha256"))

    @property
    def text(self) -> str:
        """What the client keeps."""
        return REFRESH_PREFIX + base64.urlsafe_b64encode(self.family + self.turn).rstrip(b"=").decode()

    @property
    def family_hash(self) -> str:
        return hashlib.sha256(self.family).hexdigest()

    @property
    def token_hash(self) -> str:
        return hashlib.sha256(self.family + self.turn).hexdigest()
