"""Mails to a real SMTP server: once, the same again after a crash, later if it is away, never what was refused."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from pymysql.connections import Connection

from service import db
from service.admission.confirmation import Links
from service.config import SETTINGS, Settings
from service.database.calls import call
from service.worker.mail import Mail
from tests.conftest import Database, User
from tests.mailbox import Gate, Mailbox
from tests.servers import run
from tests.worker.conftest import Worker, eventually

FROM = "Headgate <headgate@example.org>"


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.open()
    yield mailbox
    mailbox.close()


@pytest.fixture
def mailbox(server: Mailbox) -> Iterator[Mailbox]:
    """The server, which knows nothing of the tests before."""
    server.clear()
    yield server
    server.clear()


@pytest.fixture
def owner(place: Database) -> "Iterator[Connection[Any]]":
    with place.owner() as connection:
        yield connection


@pytest.fixture
def boss(owner: "Connection[Any]") -> User:
    return registered(owner)


def registered(owner: "Connection[Any]") -> User:
    name = f"user-{secrets.token_hex(6)}"
    (row,) = call(owner, "create_user", name, f"{name}@example.org", "x" * 60)
    return User(row["user_id"], name, row["workspace_id"])


@pytest.fixture
def reader(owner: "Connection[Any]", boss: User) -> User:
    """Somebody who works with the boss, and whose address is known to be theirs."""
    user = registered(owner)
    call(owner, "set_member", boss.id, boss.workspace_id, user.name, "member")
    call(owner, "confirm_email", user.id, f"{user.name}@example.org")
    return user


@pytest.fixture
def tell(owner: "Connection[Any]", boss: User, reader: User) -> Callable[[str], int]:
    """Give the reader a task, and tell them."""

    def assign(title: str) -> int:
        number: int = call(
            owner, "create_task", boss.id, boss.workspace_id, {"title": title, "assignee_id": reader.id}
        )[0]["task_id"]
        call(owner, "dispatch_changes", boss.workspace_id, 100_000)
        return number

    return assign


@pytest.fixture
def later(owner: "Connection[Any]") -> Callable[[], None]:
    """Let the time go by until what is on its way is to be tried again."""
    return lambda: run(owner, "UPDATE mail SET next_at = NOW(6) WHERE outcome IS NULL")


@pytest.fixture
def by_mail(settings: Settings, server: Mailbox) -> Settings:
    return replace(settings, smtp_url=server.url, mail_from=FROM, public_url="https://tasks.example.org")


@asynccontextmanager
async def sending(settings: Settings) -> AsyncIterator[Callable[[], Any]]:
    """What the job does in one turn, in this process."""
    app = web.Application()
    app[SETTINGS] = settings
    app.cleanup_ctx.append(db.database)
    runner = web.AppRunner(app)
    await runner.setup()

    async def turn() -> None:
        await Mail(app).run()

    yield turn
    await runner.cleanup()


@pytest.fixture
async def send(by_mail: Settings) -> AsyncIterator[Callable[[], Any]]:
    async with sending(by_mail) as turn:
        yield turn


def outcomes(owner: "Connection[Any]", user: User) -> list[Any]:
    return [
        row["outcome"]
        for row in run(owner, "SELECT outcome FROM mail WHERE user_id = %s ORDER BY id", user.id)
    ]


async def test_what_was_told_is_mailed_once(
    send: Any, mailbox: Mailbox, owner: Any, boss: User, reader: User, tell: Any
) -> None:
    number = tell("Draw the map")
    for _ in range(2):
        await send()

    (mail,) = mailbox.of(reader.name)
    assert mail["Subject"] == f"[{boss.name}] {boss.name} assigned to you: Draw the map"
    assert (mail["From"], mail["To"]) == (FROM, f"{reader.name} <{reader.name}@example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert f"task {number} of {boss.name}" in mail.get_content()
    assert outcomes(owner, reader) == ["sent"]


async def test_many_things_are_one_mail(send: Any, mailbox: Mailbox, reader: User, tell: Any) -> None:
    titles = [f"No. {number}" for number in range(120)]
    for title in titles:
        tell(title)

    await send()

    (mail,) = mailbox.of(reader.name)
    lines = mail.get_content().splitlines()
    assert mail["Subject"] == "Just now: 120 things in Headgate"
    assert [line.rpartition(": ")[2] for line in lines if line.startswith("* ")] == titles[:100]
    assert "and 20 more" in lines


@pytest.mark.parametrize(
    "title",
    [
        "x\r\nBcc: eve@example.org",
        "x\nBcc: eve@example.org\n\nHello",
        "x\u2028Bcc: eve@example.org",
        "x\x00y\x85z",
        "é" * 200,
    ],
)
async def test_no_title_gets_into_the_headers(
    send: Any, mailbox: Mailbox, owner: Any, boss: User, reader: User, title: str, tell: Any
) -> None:
    number = tell("x")
    run(owner, "UPDATE task SET title = %s WHERE id = %s", title, number)

    await send()

    (mail,) = mailbox.of(reader.name)
    assert not {"bcc", "cc"} & {name.lower() for name in mail}
    assert len(mail["Subject"].splitlines()) == 1
    assert mail["Subject"].strip().startswith(f"[{boss.name}] {boss.name} assigned to you: ")
    assert "tasks.example.org" in mail.get_content()
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("sender", "site"),
    [
        (FROM, "https://tasks.example.org"),
        (
            f"{'Headgate of a company ' * 5}{'x' * 90} <headgate@{'a' * 60}.{'b' * 60}.example.org>",
            f"https://tasks.example.org/{'path/' * 90}tasks",
        ),
        (f"{'Grüße ' * 20} <headgate@example.org>", "https://tasks.example.org"),
    ],
    ids=["usual", "long", "beyond ASCII"],
)
async def test_no_header_is_coded_that_programs_read_as_it_is(
    by_mail: Settings, mailbox: Mailbox, boss: User, reader: User, tell: Any, sender: str, site: str
) -> None:
    tell("é" * 200)
    async with sending(replace(by_mail, mail_from=sender, public_url=site)) as send:
        await send()

    (raw,) = mailbox.raw
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 998
    (stop,) = [line for line in lines if line.lower().startswith(b"list-unsubscribe:")]
    assert re.fullmatch(
        rf"List-Unsubscribe: <{re.escape(site)}/api/v1/users/unsubscribe\?token=[\w.-]+>", stop.decode()
    )
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    (number,) = [line for line in lines if line.startswith(b"Message-ID:")]
    assert re.fullmatch(rb"Message-ID: <[^<>\s?]+@[^<>\s?]+>", number)
    addresses = re.findall(rb"<[^>\s]+>", b"".join(lines).partition(b"Date:")[0])
    assert addresses == [f"<{sender.rpartition('<')[2]}".encode(), f"<{reader.name}@example.org>".encode()]


async def test_an_address_that_is_not_confirmed_is_only_asked(
    send: Any, mailbox: Mailbox, owner: Any, by_mail: Settings, boss: User, reader: User, tell: Any
) -> None:
    call(owner, "update_user", reader.id, f"{reader.name}@example.net", None)
    tell("secret")
    await send()

    (mail,) = mailbox.of(reader.name)
    (link,) = [text for text in mail.get_content().split() if text.startswith("https://")]
    page, _, token = link.partition("#")

    assert (mail["Subject"], page) == ("Is this your address?", "https://tasks.example.org/confirm-email")
    assert "secret" not in mail.get_content()
    assert Links(by_mail).confirmed(token) == (reader.id, f"{reader.name}@example.net")
    assert mail["List-Unsubscribe"] is None


async def test_a_server_that_is_away_is_tried_again(
    send: Any, mailbox: Mailbox, owner: Any, reader: User, tell: Any, later: Any, caplog: Any
) -> None:
    tell("told")
    mailbox.close()
    try:
        await send()
    finally:
        mailbox.open()
    soon = outcomes(owner, reader)
    await send()
    assert mailbox.of(reader.name) == []

    later()
    await send()

    assert len(mailbox.of(reader.name)) == 1
    assert (soon, outcomes(owner, reader)) == ([None], ["sent"])
    assert [record.message for record in caplog.records if record.message.startswith("mail_")] == [
        "mail_failed"
    ]


@pytest.mark.parametrize(
    ("step", "answer"), [("rcpt", "451 later"), ("data", "452 no room"), ("data", "421 going")]
)
async def test_what_the_server_does_not_take_now_is_tried_again(
    send: Any, mailbox: Mailbox, owner: Any, reader: User, tell: Any, later: Any, step: str, answer: str
) -> None:
    tell("told")
    setattr(mailbox, step, answer)
    await send()
    waits = outcomes(owner, reader)
    mailbox.clear()
    later()
    await send()

    assert waits == [None]
    assert len(mailbox.of(reader.name)) == 1
    assert outcomes(owner, reader) == ["sent"]


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "550 nobody of that name"), ("data", "554 no")])
async def test_what_the_server_refuses_is_given_up_with_a_line_in_the_log(
    send: Any,
    mailbox: Mailbox,
    owner: Any,
    reader: User,
    tell: Any,
    later: Any,
    caplog: Any,
    step: str,
    answer: str,
) -> None:
    tell("told")
    setattr(mailbox, step, answer)
    await send()
    mailbox.clear()
    later()
    await send()

    (line,) = [record for record in caplog.records if record.message == "mail_given_up"]
    assert line.reason.endswith(answer[:3])
    assert reader.name not in str(vars(line))
    assert mailbox.mails == []
    assert outcomes(owner, reader) == ["given_up"]


async def test_one_that_is_refused_does_not_hold_up_the_others(
    send: Any, mailbox: Mailbox, owner: Any, boss: User, reader: User, tell: Any
) -> None:
    run(owner, f"UPDATE app_user SET email = CONCAT('a b', id, '@example.org') WHERE id = {reader.id}")
    tell("unfit")
    other = registered(owner)
    call(owner, "set_member", boss.id, boss.workspace_id, other.name, "member")
    call(owner, "confirm_email", other.id, f"{other.name}@example.org")
    call(owner, "create_task", boss.id, boss.workspace_id, {"title": "fit", "assignee_id": other.id})
    call(owner, "dispatch_changes", boss.workspace_id, 1000)

    await send()

    assert len(mailbox.of(other.name)) == len(mailbox.mails) == 1
    assert (outcomes(owner, reader), outcomes(owner, other)) == (["given_up"], ["sent"])


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_worker_that_is_killed_while_it_sends_has_told_once_all_the_same(
    send: Any,
    mailbox: Mailbox,
    owner: Any,
    by_mail: Settings,
    reader: User,
    tell: Any,
    later: Any,
    start: Callable[..., Worker],
    moment: str,
) -> None:
    # Before the server has it, and after the server has it but before the worker knows.
    gate = Gate()
    setattr(mailbox, moment, gate)
    tell("told")
    worker = start(SMTP_URL=by_mail.smtp_url, MAIL_FROM=FROM, PUBLIC_URL=by_mail.public_url)
    assert await asyncio.to_thread(gate.reached.wait, 60), worker.log
    worker.kill()
    gate.opened.set()
    mailbox.before = mailbox.after = lambda: None

    await send()
    before_its_time_is_over = len(mailbox.of(reader.name))
    later()
    await send()

    mails = mailbox.of(reader.name)
    assert before_its_time_is_over == (0 if moment == "before" else 1)
    assert len(mails) == before_its_time_is_over + 1
    # At least once; and as one mail, which is what tells a reader's mail program to show it once.
    assert len({mail["Message-ID"] for mail in mails}) == len({mail.as_string() for mail in mails}) == 1
    assert outcomes(owner, reader) == ["sent"]


async def test_several_workers_send_each_mail_once(
    mailbox: Mailbox,
    owner: Any,
    by_mail: Settings,
    boss: User,
    reader: User,
    tell: Any,
    start: Callable[..., Worker],
) -> None:
    environment = {"SMTP_URL": by_mail.smtp_url, "MAIL_FROM": FROM, "PUBLIC_URL": by_mail.public_url}
    for _ in range(2):
        start(**environment)
    titles = [f"No. {number}." for number in range(12)]
    for title in titles:
        tell(title)
        await asyncio.sleep(0)

    def told() -> list[str]:
        text = "\n".join(mail.get_content() for mail in mailbox.of(reader.name))
        return [title for title in titles if title in text]

    await asyncio.to_thread(eventually, lambda: told() == titles, "all was mailed")
    await asyncio.to_thread(eventually, lambda: set(outcomes(owner, reader)) == {"sent"}, "and known to be")
    text = "".join(mail.get_content() for mail in mailbox.of(reader.name))
    assert [text.count(title) for title in titles] == [1] * 12


async def test_without_a_server_nothing_is_mailed_and_nothing_waits(
    settings: Settings, place: Database, owner: Any, reader: User, tell: Any
) -> None:
    app = web.Application()
    app[SETTINGS] = settings
    tell("told")

    assert await Mail(app).run() is False
    assert outcomes(owner, reader) == []
