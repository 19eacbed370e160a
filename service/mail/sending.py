"""Handing mails over to the SMTP server of the settings."""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

# Opening a connection, and sending a mail, take no longer.
MAIL_SECONDS = 20.0
FAILURES = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)
LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Server:
    """Where mails go. With a password, never over a line that others can read."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: Literal["from the start", "required", "if offered"]

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read smtp://user:password@host:587 or smtps://...; a ValueError if it is neither."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.query:
            raise ValueError("must look like smtp://user:password@host:587 or smtps://host:465")
        user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
        kept = "required" if password and parts.hostname not in LOCAL else "if offered"
        secure = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            parts.port or (465 if secure else 587),
            user,
            password,
            "from the start" if secure else kept,  # type: ignore[arg-type]
        )

    def connection(self) -> aiosmtplib.SMTP:
        """A connection that is opened by `async with`."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.tls == "from the start",
            start_tls={"from the start": False, "required": True, "if offered": None}[self.tls],
            timeout=MAIL_SECONDS,
        )


@dataclass(frozen=True)
class Verdict:
    """What came of a mail, as finish_mail takes it."""

    outcome: Literal["sent", "failed", "refused"]
    reason: str | None = None
    # It was not even asked: the server cannot be reached, or does not let us in.
    is_away: bool = False


async def hand_over(connection: aiosmtplib.SMTP, message: EmailMessage) -> Verdict:
    """Send one mail, over a connection that is opened if need be; the answer decides what comes of it."""
    try:
        async with asyncio.timeout(MAIL_SECONDS):
            if not connection.is_connected:
                await connection.connect()
    except FAILURES as error:
        connection.close()
        return Verdict("failed", why(error), is_away=True)
    try:
        async with asyncio.timeout(MAIL_SECONDS):
            await connection.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _verdict(error.recipients[0])
    except aiosmtplib.SMTPDataError as error:
        return _verdict(error)
    except aiosmtplib.SMTPNotSupported as error:
        return Verdict("refused", why(error))
    except FAILURES as error:
        # Whether the server has the mail is not known: it is sent again, and is the same mail.
        connection.close()
        return Verdict("failed", why(error))
    return Verdict("sent")


def _verdict(error: aiosmtplib.SMTPResponseException) -> Verdict:
    """5xx about the recipient or the mail is for good; anything else, such as a full disk, goes by."""
    return Verdict("refused" if error.code >= 500 else "failed", why(error))


def why(error: Exception) -> str:
    """The reason as a log may hold it: what servers say quotes addresses, and their codes do not."""
    code = getattr(error, "code", None)
    return type(error).__name__ + (f" {code}" if isinstance(code, int) else "")
