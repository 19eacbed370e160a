"""headgate up: everything, with demo data, until Ctrl-C."""

import shlex
import shutil
import signal
import sys
from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from rich.text import Text

from service.cli import state
from service.cli.demo import demo_user_id, seed_demo, task_id
from service.cli.environment import DEMO_PASSWORD, DEMO_USER, analyst_account
from service.cli.screen import ERR, OUT, steps
from service.cli.servers import Servers, is_named, servers
from service.cli.state import Running
from service.config import Settings
from service.database import accounts, migrate
from service.database.connection import Dsn, connected, query, quoted
from service.database.problem import DatabaseProblem
from service.demo import FIRST, LAST
from service.process import server


@click.command()
def up() -> None:
    """Start MySQL and Redis, migrate, load the demo project, and serve until Ctrl-C.

    The servers are private ones, unless DATABASE_URL or REDIS_URL names others. Their data stays:
    the second start takes seconds.

    \b
    headgate up
    PORT=8080 headgate up
    """
    settings = Settings.from_environment()
    # Before anything slow is done for nothing.
    server.check_port(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        with steps() as progress:
            found = stack.enter_context(servers(settings, progress))
            # Whatever ends us from here on, what is being stopped is stopped in peace.
            stack.callback(_ignore_signals)
            progress.step("Preparing the database", 0.0)
            running = _prepare(settings, found)
            progress.step("Preparing the database", 1.0)
        settings = _with_servers(settings, running)
        stack.enter_context(state.published(running))
        banner = _banner(settings, Dsn.parse(running.owner_url))
        server.serve(settings, ready=lambda: OUT.print(banner), with_jobs=True)


def _prepare(settings: Settings, found: Servers) -> Running:
    """Migrate, make the accounts, seed; returns every address."""
    owner = found.owner
    if found.is_private:
        with connected(owner, database=False) as connection:
            query(connection, f"CREATE DATABASE IF NOT EXISTS {quoted(owner.database)}")
    named = Dsn.parse(settings.service_database_url) if settings.service_database_url else None
    migrate.up(owner, named)
    seed_demo(owner, settings.bcrypt_cost)
    service, analyst = named, _with_password(analyst_account(owner))
    with connected(owner) as connection:
        try:
            accounts.make_account(connection, analyst, "planner", demo_user_id(connection), set_password=True)
            if not service:
                service = _with_password(owner.login_as(f"{owner.database}_api", ""))
                accounts.make_account(connection, service, "service", None, set_password=True)
        except DatabaseProblem as error:
            ERR.print(f"Warning: {error} So the API holds the owner's rights on the database.", markup=False)
            service, analyst = named or owner, owner
    return Running(owner.url, service.url, analyst.url, found.redis_url, found.mysql_client)


def _with_password(account: Dsn) -> Dsn:
    return account.login_as(account.user, state.password(account))


def _with_servers(settings: Settings, running: Running) -> Settings:
    return replace(
        settings,
        database_url=running.owner_url,
        service_database_url=running.service_url,
        redis_url=running.redis_url,
        secret_key=settings.secret_key or state.secret_key(),
        # What is tried out here may listen on this machine.
        webhook_allowed_networks=settings.webhook_allowed_networks
        if is_named("WEBHOOK_ALLOWED_NETWORKS")
        else (ip_network("127.0.0.0/8"), ip_network("::1")),
        webhook_allow_http=settings.webhook_allow_http or not is_named("WEBHOOK_ALLOW_HTTP"),
        # Whoever types `up` reads the log; whatever collects logs sets LOG_FORMAT.
        log_format=settings.log_format if is_named("LOG_FORMAT") else "text",
    )


def _banner(settings: Settings, owner: Dsn) -> Text:
    url = address(settings)
    text = Text("\n").append("Headgate runs.\n\n", style="bold green")
    for name, value in (
        ("API", f"{url}/api/v1/"),
        ("Docs", f"{url}/api/docs  {url}/api/redoc"),
        ("Login", f"{DEMO_USER} / {DEMO_PASSWORD}"),
    ):
        text.append(f"{name:<7}", style="bold").append(f"{value}\n")
    with connected(owner) as connection:
        first, last = task_id(connection, FIRST), task_id(connection, LAST)
    if first and last:
        text.append("\nThe same cycle, refused at both doors:\n\n", style="bold")
        text.append(f"{_curl(url, first, last)}\n\n")
        text.append(f'{_ourselves()} sql -e "CALL add_dependency(NULL, {first}, {last})"\n')
    text.append("\nCtrl-C stops everything and keeps the data.\n", style="dim")
    return text


def address(settings: Settings) -> str:
    """Where a browser on this machine finds the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def _curl(url: str, first: int, last: int) -> str:
    """One line that logs in and asks for the cycle; what follows "access_token":" is the token."""
    token = (
        f"$(curl -s {url}/api/v1/users/login -d 'username={DEMO_USER}&password={DEMO_PASSWORD}'"
        """ | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')"""
    )
    return (
        f'curl -s {url}/api/v1/tasks/{first}/dependencies -H "Authorization: Bearer {token}"'
        f""" -H 'Content-Type: application/json' -d '{{"depends_on_id": {last}}}'"""
    )


def _ourselves() -> str:
    """How to type `headgate` here so that it is this one."""
    called = Path(sys.argv[0]).absolute()
    if called.name == "__main__.py":
        return shlex.join([sys.executable, "-m", "service.cli"])
    on_path = shutil.which("headgate")
    if on_path and Path(on_path).absolute() == called:
        return "headgate"
    return shlex.quote(str(called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called))


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    """SIGTERM before we serve is like Ctrl-C: whatever was started is stopped."""
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
