"""The secrets of webhooks, and signatures as standardwebhooks.com has them.

The service has to sign, so it has to know the secrets, and a hash will not do. MySQL keeps them encrypted
under a key that is derived from SECRET_KEY and that no database, backup or SQL login has. What was sealed
under an older one is read with OLD_SECRET_KEYS.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from service.config import Settings

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret nobody else has, as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


class Keeper:
    """Encrypts secrets for MySQL, and reads them again."""

    def __init__(self, settings: Settings) -> None:
        keys = (settings.secret_key, *settings.old_secret_keys)
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, secret: str) -> str:
        """What MySQL keeps of a secret."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """The secret; None if no key of the settings has sealed it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def _derived(key: str) -> bytes:
    # SECRET_KEY is random and long, so one HMAC makes a key of it for another purpose.
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), b"headgate webhook secrets", hashlib.sha256))


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature of a message, as receivers compute it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
