"""A real SMTP server for tests, which keeps what it was sent, and can be told to refuse, to wait, or to be away."""

import asyncio
import socket
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """The server, on a port of its own that stays the same when it goes away and comes back."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.mails: list[EmailMessage] = []
        # The same as they came, which no parser has made good.
        self.raw: list[bytes] = []
        # What it answers to a recipient and to a mail; None: it takes them.
        self.rcpt: str | None = None
        self.data: str | None = None
        # Called before it takes a mail, and when it has taken it but not said so.
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    def clear(self) -> None:
        """Forget everything, and take everything."""
        self.mails.clear()
        self.raw.clear()
        self.rcpt = self.data = None
        self.before = self.after = lambda: None

    def of(self, address: str) -> list[EmailMessage]:
        """What was sent to an address, oldest first."""
        return [mail for mail in list(self.mails) if address in mail["To"]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.rcpt:
            return self.rcpt
        await asyncio.to_thread(self.before)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.raw.append(envelope.content)
        self.mails.append(mail)
        await asyncio.to_thread(self.after)
        return "250 OK"


class Gate:
    """A place where whoever comes waits until it is let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(60)
