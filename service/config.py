"""Settings of one process, read once from the environment and `.env`, then never changed."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web
from dotenv import dotenv_values

from service.database.connection import Dsn
from service.database.problem import DatabaseProblem
from service.mail.sending import Server

SECRET_BYTES = 32


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one sentence that names it."""


@dataclass(frozen=True)
class Settings:
    """One field per environment variable of the same name; `.env.example` explains each."""

    database_url: str = field(default="", repr=False)
    service_database_url: str = field(default="", repr=False)
    redis_url: str = field(default="redis://localhost:6379/0", repr=False)
    secret_key: str = field(default="", repr=False)
    debug: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    access_token_minutes: int = 15
    refresh_token_days: int = 30
    refresh_grace_seconds: int = 10
    trusted_proxies: "Networks" = ()
    cache_ttl: int = 60
    rate_limit_per_minute: int = 600
    rate_limit_key_per_minute: int = 600
    rate_limit_address_per_minute: int = 1200
    rate_limit_login_per_minute: int = 30
    login_delay_seconds: int = 60
    streams_per_user: int = 20
    due_soon_hours: int = 24
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    public_url: str = ""
    webhook_allowed_networks: "Networks" = ()
    webhook_allow_http: bool = False
    webhook_retry_ms: int = 5_000
    webhook_timeout_seconds: int = 15
    cors_origins: tuple[str, ...] = ()
    db_pool_min: int = 1
    db_pool_max: int = 16
    max_body_bytes: int = 1024 * 1024
    storage_url: str = ""
    s3_access_key_id: str = field(default="", repr=False)
    s3_secret_access_key: str = field(default="", repr=False)
    attachment_max_bytes: int = 100 * 1024 * 1024
    attachment_quota_bytes: int = 10 * 1024 * 1024 * 1024
    attachment_types: tuple[str, ...] = ()
    bcrypt_cost: int = 12
    log_level: str = "INFO"
    log_format: str = "auto"
    slow_call_ms: int = 500
    metrics_address: str = ""
    shutdown_seconds: int = 30

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the environment over `.env` over the defaults; a bad value is a ConfigError."""
        if environment is None:
            environment = {name: value for name, value in dotenv_values(".env").items() if value} | dict(
                os.environ
            )
        given = {
            name: _read(name.upper(), read, environment[name.upper()])
            for name, read in READERS.items()
            if environment.get(name.upper(), "").strip()
        }
        settings = cls(**given)  # type: ignore[arg-type]
        if settings.db_pool_min > settings.db_pool_max:
            raise ConfigError("DB_POOL_MIN must not be greater than DB_POOL_MAX.")
        if settings.smtp_url and not (settings.mail_from and settings.public_url):
            raise ConfigError("SMTP_URL needs MAIL_FROM and PUBLIC_URL beside it.")
        if settings.debug and not settings.secret_key:
            # Made here, in the parent, so that every worker signs with the same one.
            settings = cls(**given | {"secret_key": secrets.token_urlsafe(SECRET_BYTES)})  # type: ignore[arg-type]
        return settings

    @property
    def mysql(self) -> Dsn:
        """The account that the service uses: its own, or the owner's where it has none."""
        if not (url := self.service_database_url or self.database_url):
            raise ConfigError("Set SERVICE_DATABASE_URL or DATABASE_URL to the database's URL.")
        return Dsn.parse(url)

    @property
    def namespace(self) -> str:
        """A short name of the database, so that several share one Redis without meeting."""
        mysql = self.mysql
        place = mysql.unix_socket or f"{mysql.host}:{mysql.port}"
        return hashlib.blake2s(f"{place}/{mysql.database}".encode(), digest_size=5).hexdigest()

    @property
    def refresh_seconds(self) -> int:
        """How long a session may rest before it ends."""
        return self.refresh_token_days * 86_400

    def require_secret(self) -> str:
        """The key that signs access tokens; a ConfigError if it is too short to be one."""
        if len(self.secret_key.encode()) < SECRET_BYTES and not self.debug:
            raise ConfigError(
                f"SECRET_KEY must be at least {SECRET_BYTES} bytes long (or set DEBUG=1 to try things out)."
            )
        return self.secret_key


Networks = tuple[IPv4Network | IPv6Network, ...]
SETTINGS = web.AppKey("settings", Settings)


def _read(name: str, read: Callable[[str], object], text: str) -> object:
    try:
        return read(text.strip())
    except ValueError as error:
        raise ConfigError(f"{name} {error}.") from error


def _flag(text: str) -> bool:
    if text.lower() not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("must be true or false")
    return text.lower() in {"1", "true", "yes", "on"}


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def _choice(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise ValueError(f"must be one of {', '.join(choices)}")

    return read


def _redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must look like redis://host:6379/0 or unix:///path?db=0")
    return text


def _mysql_url(text: str) -> str:
    try:
        Dsn.parse(text)
    except DatabaseProblem as error:
        raise ValueError("must look like mysql://user:password@host:3306/name") from error
    return text


def _storage_url(text: str) -> str:
    if not re.fullmatch(r"file:///.+|s3://[a-z0-9.-]{3,63}(/[^?]*)?(\?.*)?", text):
        raise ValueError("must look like file:///var/lib/headgate/attachments or s3://bucket/folder")
    return text


def _types(text: str) -> tuple[str, ...]:
    types = tuple(kind.strip().lower() for kind in text.split(",") if kind.strip())
    if not all(re.fullmatch(r"[a-z]+/[a-z0-9.+_*-]+", kind) for kind in types):
        raise ValueError("must be a comma-separated list of types such as image/*, application/pdf")
    return types


def _address(text: str) -> str:
    found = re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})", text, re.ASCII)
    if not found or not 1 <= int(found[1]) <= 65_535:
        raise ValueError("must look like 127.0.0.1:9464 or [::1]:9464")
    return text


def _smtp_url(text: str) -> str:
    Server.parse(text)
    return text


def _mail_from(text: str) -> str:
    message = EmailMessage()
    try:
        message["From"] = text
        (address,) = message["From"].addresses
    except (ValueError, IndexError) as error:
        raise ValueError("must look like Headgate <headgate@example.org>") from error
    if not address.domain or message["From"].defects:
        raise ValueError("must look like Headgate <headgate@example.org>")
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must look like https://tasks.example.org")
    # It stands in a header of mails as it is, with a token behind it, and a line there has 998 characters.
    if not re.fullmatch(r"[!-~]{1,500}", text):
        raise ValueError("must be of at most 500 characters, all of them ASCII and none a blank")
    return text.rstrip("/")


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and (
            parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query
        ):
            raise ValueError("must be a comma-separated list of origins such as https://app.example.org")
    return origins


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key.encode()) < SECRET_BYTES for key in keys):
        raise ValueError(f"must be a comma-separated list of keys of at least {SECRET_BYTES} bytes")
    return keys


def _networks(text: str) -> Networks:
    try:
        return tuple(ip_network(network.strip()) for network in text.split(",") if network.strip())
    except ValueError as error:
        raise ValueError("must be a comma-separated list of networks such as 10.0.0.0/8, ::1") from error


READERS: dict[str, Callable[[str], object]] = {
    "database_url": _mysql_url,
    "service_database_url": _mysql_url,
    "redis_url": _redis_url,
    "secret_key": str,
    "debug": _flag,
    "host": str,
    "port": _integer(1, 65_535),
    "old_secret_keys": _keys,
    "access_token_minutes": _integer(1, 1_440),
    "refresh_token_days": _integer(1, 3_650),
    "refresh_grace_seconds": _integer(0, 300),
    "trusted_proxies": _networks,
    "cache_ttl": _integer(0, 86_400),
    "rate_limit_per_minute": _integer(0, 10_000_000),
    "rate_limit_key_per_minute": _integer(0, 10_000_000),
    "rate_limit_address_per_minute": _integer(0, 10_000_000),
    "rate_limit_login_per_minute": _integer(0, 10_000_000),
    "login_delay_seconds": _integer(0, 3_600),
    "streams_per_user": _integer(0, 1_000_000),
    "due_soon_hours": _integer(0, 8_760),
    "smtp_url": _smtp_url,
    "mail_from": _mail_from,
    "public_url": _public_url,
    "webhook_allowed_networks": _networks,
    "webhook_allow_http": _flag,
    "webhook_retry_ms": _integer(1, 3_600_000),
    "webhook_timeout_seconds": _integer(1, 300),
    "cors_origins": _origins,
    "db_pool_min": _integer(0, 1_000),
    "db_pool_max": _integer(1, 1_000),
    "max_body_bytes": _integer(1_024, 1_073_741_824),
    "storage_url": _storage_url,
    "s3_access_key_id": str,
    "s3_secret_access_key": str,
    "attachment_max_bytes": _integer(1, 2**40),
    "attachment_quota_bytes": _integer(0, 2**60),
    "attachment_types": _types,
    "bcrypt_cost": _integer(4, 16),
    "log_level": _choice("DEBUG", "INFO", "WARNING", "ERROR"),
    "log_format": _choice("auto", "json", "text"),
    "slow_call_ms": _integer(0, 3_600_000),
    "metrics_address": _address,
    "shutdown_seconds": _integer(0, 3_600),
}
