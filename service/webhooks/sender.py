"""Sending one message to one address, and what came of it."""

import asyncio
import socket
import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass

from aiohappyeyeballs import AddrInfoType
from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)

from service.config import Settings
from service.db import Row
from service.errors import Refused
from service.webhooks.destination import AddressRefused, check_url, guarded_socket
from service.webhooks.signing import Keeper, signature

MOST_CONNECTIONS = 100
CONNECT_SECONDS = 5
# Of an answer so much is read, and so long is waited for it once its head is there.
ANSWER_BYTES = 500
ANSWER_SECONDS = 1

_was_refused: ContextVar[list[bool]] = ContextVar("was_refused")


class Unreadable(Exception):
    """No key of the settings has sealed the secret."""


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt; without an error the message was delivered."""

    milliseconds: int
    status: int | None = None
    error: str | None = None
    answer: str | None = None


class Sender:
    """Signs and sends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keeper = Keeper(settings)
        # Its connections are kept for a while, and each went to an address that was looked at.
        self._session = ClientSession(
            connector=TCPConnector(
                limit=MOST_CONNECTIONS, use_dns_cache=False, socket_factory=self._make_socket
            ),
            timeout=ClientTimeout(total=settings.webhook_timeout_seconds, connect=CONNECT_SECONDS),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    def _make_socket(self, info: AddrInfoType) -> socket.socket:
        try:
            return guarded_socket(info, self._settings)
        except AddressRefused:
            _was_refused.get().append(True)
            raise

    async def send(self, delivery: Row) -> Outcome:
        """One attempt for a row of claim_webhook_deliveries."""
        started = time.perf_counter()
        _was_refused.set([])
        status, answer, error = None, None, None
        try:
            check_url(delivery["url"], self._settings)
            status, answer = await self._post(delivery["url"], *self._message(delivery))
            if not 200 <= status < 300:
                error = "status"
        except Refused:
            error = "address_refused"
        except Unreadable:
            error = "secret_unreadable"
        except TimeoutError:
            error = "timeout"
        except ClientSSLError:
            error = "tls_failed"
        except (ClientConnectionError, OSError):
            error = "address_refused" if _was_refused.get() else "connection_failed"
        except (ClientError, ValueError):
            error = "answer_malformed"
        return Outcome(round((time.perf_counter() - started) * 1000), status, error, answer)

    def _message(self, delivery: Row) -> tuple[dict[str, str], bytes]:
        body = delivery["body"].encode()
        timestamp = int(time.time())
        signatures = []
        for sealed in filter(None, (delivery["secret"], delivery["old_secret"])):
            secret = self._keeper.open(sealed)
            if secret is None:
                raise Unreadable
            signatures.append(signature(secret, delivery["message_id"], timestamp, body))
        return {
            "Content-Type": "application/json",
            "User-Agent": "Headgate-Webhooks",
            "webhook-id": delivery["message_id"],
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signatures),
        }, body

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            beginning = b""
            with suppress(TimeoutError, ClientError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    while len(beginning) < ANSWER_BYTES and (
                        part := await response.content.read(ANSWER_BYTES - len(beginning))
                    ):
                        beginning += part
            return response.status, beginning.decode("utf-8", "replace").replace("\x00", "")
