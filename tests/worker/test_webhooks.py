"""Webhooks, from a change to a receiver in a process of its own: every message, signed, through outages; and nowhere else."""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pymysql.connections import Connection

from service.config import Settings
from service.database.calls import call
from service.errors import Refused
from service.webhooks import destination
from service.webhooks.sender import Sender
from service.webhooks.signing import Keeper, new_secret, signature
from service.worker.process import worker_app
from tests.conftest import Database
from tests.http.process import free_port
from tests.servers import run
from tests.worker.conftest import Worker, eventually

FAST = {
    "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    "WEBHOOK_ALLOW_HTTP": "1",
    "WEBHOOK_RETRY_MS": "50",
    "WEBHOOK_TIMEOUT_SECONDS": "2",
}


class Receiver:
    """The process, which may go away and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "secrets").write_text("")
        (folder / "received").write_text("")
        self.behave("ok")

    def behave(self, mode: str) -> None:
        (self.folder / "mode").write_text(mode)

    def start(self) -> None:
        script = Path(__file__).with_name("receiver.py")
        self._process = subprocess.Popen([sys.executable, script, self.folder, str(self.port)])
        eventually(self._listens, "the receiver listens")

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def received(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "received").read_text().splitlines()]

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return [one for one in self.received if one["mode"] == "ok"]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture
def fast(settings: Settings) -> Settings:
    """Quick to try again, and this machine may be reached."""
    return replace(
        settings,
        webhook_allowed_networks=(ip_network("127.0.0.0/8"),),
        webhook_allow_http=True,
        webhook_retry_ms=50,
        webhook_timeout_seconds=2,
    )


@pytest.fixture
def work(fast: Settings) -> Iterator[Callable[..., None]]:
    """Begin to do what a worker does, beside the test: a process of its own takes seconds to start."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runners: list[web.AppRunner] = []

    def wait_for(action: "Coroutine[Any, Any, None]") -> None:
        asyncio.run_coroutine_threadsafe(action, loop).result(60)

    def begin(**changes: Any) -> None:
        runners.append(web.AppRunner(worker_app(replace(fast, **changes))))
        wait_for(runners[-1].setup())

    yield begin
    for runner in runners:
        wait_for(runner.cleanup())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def owner(place: Database) -> "Iterator[Connection[Any]]":
    with place.owner() as connection:
        yield connection


@dataclass
class Hooked:
    """A workspace with a webhook that leads to the receiver."""

    owner: "Connection[Any]"
    actor: int
    workspace: int
    webhook: int
    receiver: Receiver

    def call(self, procedure: str, *args: object) -> list[dict[str, Any]]:
        return call(self.owner, procedure, self.actor, *args)

    def tasks(self, *titles: str) -> list[int]:
        return [self.call("create_task", self.workspace, {"title": title})[0]["task_id"] for title in titles]

    def hook(self, procedure: str, *args: object) -> list[dict[str, Any]]:
        return self.call(procedure, self.workspace, self.webhook, *args)

    def told(self, kind: str) -> list[int]:
        """The tasks of which messages of a kind were accepted."""
        return [
            one["body"]["data"]["task_id"] for one in self.receiver.accepted if one["body"]["type"] == kind
        ]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = (
            row for row in self.call("list_webhooks", self.workspace) if row["webhook_id"] == self.webhook
        )
        return row


@pytest.fixture
def hooked(owner: "Connection[Any]", settings: Settings, receiver: Receiver) -> Callable[..., Hooked]:
    """Make a user with a webhook for some kinds: `hooked("task.ready")`."""

    def make(*kinds: str) -> Hooked:
        name = f"user-{secrets.token_hex(6)}"
        (user,) = call(owner, "create_user", name, f"{name}@example.org", "x" * 60)
        secret = new_secret()
        with (receiver.folder / "secrets").open("a") as file:
            file.write(secret + "\n")
        arguments = receiver.url, list(kinds), Keeper(settings).seal(secret)
        (row,) = call(owner, "create_webhook", user["user_id"], user["workspace_id"], *arguments)
        return Hooked(owner, user["user_id"], user["workspace_id"], row["webhook_id"], receiver)

    return make


def test_every_message_arrives_through_an_outage(
    hooked: Callable[..., Hooked], start: Callable[..., Worker], receiver: Receiver
) -> None:
    hook = hooked("task.created")
    start(**FAST)
    made = hook.tasks("first")
    eventually(lambda: hook.told("task.created") == made, "it begins")

    for trouble in ("gone", "500", "hang"):
        receiver.behave(trouble)
        if trouble == "gone":
            receiver.stop()
        made += hook.tasks(f"{trouble} 1", f"{trouble} 2")
        eventually(lambda: hook.row["failures"] > 0, f"it fails: {trouble}")
        receiver.behave("ok")
        if trouble == "gone":
            receiver.start()
        wanted = set(made)
        eventually(lambda: set(hook.told("task.created")) >= wanted, f"it heals: {trouble}")  # noqa: B023

    eventually(lambda: hook.row["waiting"] == 0, "all is noted")
    assert all(one["fits"] for one in receiver.received)
    ids = {one["body"]["data"]["task_id"]: one["id"] for one in receiver.received}
    # An attempt may come twice, and then under the same id.
    assert {(one["body"]["data"]["task_id"], one["id"]) for one in receiver.received} == set(ids.items())


def test_ready_is_told_once_whatever_door_it_comes_through(
    hooked: Callable[..., Hooked], start: Callable[..., Worker], owner: "Connection[Any]"
) -> None:
    hook = hooked("task.ready", "task.deleted")
    ship, build, buy, sail, rig = hook.tasks("ship", "build", "buy", "sail", "rig")
    for task, prerequisite in ((ship, build), (ship, buy), (sail, rig)):
        hook.call("add_dependency", task, prerequisite)
    workers = [start(**FAST), start(**FAST)]

    hook.call("complete_task", build)
    hook.call("complete_task", buy)
    run(owner, "UPDATE task SET status = 'completed' WHERE id = %s", rig)
    eventually(lambda: len(hook.told("task.ready")) == 2, "both are told")
    (last,) = hook.tasks("last")
    hook.call("delete_task", last, "refuse", None)
    # What comes after it has arrived, so nothing of it is still on its way.
    eventually(lambda: hook.told("task.deleted") == [last], "what comes after")

    assert hook.told("task.ready") == [ship, sail]
    assert [worker.process.poll() for worker in workers] == [None, None]


def test_what_waits_again_or_is_done_is_not_told(
    hooked: Callable[..., Hooked], work: Callable[..., None]
) -> None:
    hook = hooked("task.ready")
    again, first, second, done, third = hook.tasks("again", "first", "second", "done", "third")
    for task, prerequisite in ((again, first), (done, third)):
        hook.call("add_dependency", task, prerequisite)
    hook.call("complete_task", first)
    hook.call("add_dependency", again, second)
    hook.call("complete_task", third)
    hook.call("complete_task", done)

    work()
    eventually(lambda: not call(hook.owner, "list_undispatched", 1000), "it is dispatched")
    assert hook.row["waiting"] == 0
    hook.call("complete_task", second)

    eventually(lambda: hook.told("task.ready"), "it is told")
    assert hook.told("task.ready") == [again]


def test_each_change_has_the_kind_it_is(hooked: Callable[..., Hooked], work: Callable[..., None]) -> None:
    kinds = [
        "task.created",
        "task.updated",
        "task.started",
        "task.stopped",
        "task.completed",
        "task.reopened",
        "task.cancelled",
        "tag.created",
        "task.deleted",
    ]
    hook = hooked(*kinds)
    work()

    (task,) = hook.tasks("one")
    hook.call("update_task", task, {"title": "other"}, None, False)
    hook.call("start_task", task)
    hook.call("update_task", task, {"status": "pending"}, None, False)
    hook.call("complete_task", task)
    hook.call("reopen_task", task, False)
    hook.call("cancel_task", task)
    hook.call("update_task", task, {"tags": ["red"]}, None, False)
    hook.call("delete_task", task, "refuse", None)

    eventually(lambda: hook.told("task.deleted"), "all is told")
    bodies = [one["body"] for one in hook.receiver.accepted]
    assert [body["type"] for body in bodies if not body["type"].startswith("tag.deleted")] == kinds
    assert [body["data"]["revision"] for body in bodies] == sorted(
        body["data"]["revision"] for body in bodies
    )
    assert (bodies[1]["data"]["old"]["title"], bodies[1]["data"]["new"]["title"]) == ("one", "other")


def test_what_was_given_up_is_replayed(
    hooked: Callable[..., Hooked], work: Callable[..., None], receiver: Receiver
) -> None:
    hook = hooked("task.created")
    receiver.behave("500")
    work(webhook_retry_ms=1)
    (task,) = hook.tasks("one")
    run(hook.owner, "UPDATE webhook_delivery SET tries_left = 2 WHERE webhook_id = %s", hook.webhook)
    eventually(
        lambda: (
            run(
                hook.owner,
                "UPDATE webhook_delivery SET tries_left = LEAST(tries_left, 2) WHERE webhook_id = %s",
                hook.webhook,
            )
            == []
            and hook.row["dead"] == 1
        ),
        "it is dead",
    )
    (dead,) = hook.hook("list_webhook_deliveries", "dead", None, 10)
    assert (dead["status_code"], dead["error"], dead["answer"]) == (500, "status", "out of order")

    receiver.behave("ok")
    (replayed,) = hook.hook("replay_webhook_deliveries", None)

    eventually(lambda: hook.told("task.created") == [task], "it arrives")
    assert replayed["replayed"] == 1
    eventually(lambda: hook.row["dead"] == hook.row["waiting"] == 0, "it is noted")
    (shown,) = hook.hook("get_webhook_delivery", dead["delivery_id"])
    log = json.loads(shown["log"])
    assert len(log) == shown["attempts"] == dead["attempts"] + 1
    assert {one["id"] for one in receiver.received} == {shown["message_id"]}


def test_the_test_button_sends_a_message(hooked: Callable[..., Hooked], work: Callable[..., None]) -> None:
    hook = hooked("task.ready")
    work()

    (made,) = hook.hook("test_webhook")

    eventually(lambda: hook.receiver.accepted, "it arrives")
    (one,) = hook.receiver.accepted
    assert (one["id"], one["body"]["type"], one["fits"]) == (made["message_id"], "webhook.test", True)


def test_both_secrets_sign_for_a_while(
    hooked: Callable[..., Hooked], work: Callable[..., None], settings: Settings
) -> None:
    hook = hooked("task.created")
    hook.hook("rotate_webhook_secret", Keeper(settings).seal(new_secret()), 24)
    work()

    hook.tasks("one")

    eventually(lambda: hook.receiver.accepted, "it arrives")
    # The receiver knows the old one only.
    assert [(one["fits"], one["signatures"]) for one in hook.receiver.accepted] == [(True, 2)]


def test_a_webhook_that_is_off_is_told_nothing(
    hooked: Callable[..., Hooked], work: Callable[..., None]
) -> None:
    hook = hooked("task.created")
    hook.hook("update_webhook", {"is_enabled": False})
    hook.tasks("unheard")
    work()
    eventually(lambda: not call(hook.owner, "list_undispatched", 1000), "it is dispatched")

    hook.hook("update_webhook", {"is_enabled": True})
    (heard,) = hook.tasks("heard")

    eventually(lambda: hook.told("task.created"), "it arrives")
    assert hook.told("task.created") == [heard]


def test_a_webhook_that_fails_for_days_is_turned_off(
    hooked: Callable[..., Hooked], work: Callable[..., None], receiver: Receiver
) -> None:
    hook = hooked("task.created")
    receiver.behave("500")
    run(
        hook.owner,
        "UPDATE webhook SET failures = 9, failing_since = NOW(6) - INTERVAL 6 DAY WHERE id = %s",
        hook.webhook,
    )
    work()

    hook.tasks("one")

    eventually(lambda: not hook.row["is_enabled"], "it is turned off")
    events = run(hook.owner, "SELECT event FROM security_event WHERE workspace_id = %s", hook.workspace)
    assert "webhook_disabled" in {row["event"] for row in events}


def test_what_a_killed_worker_had_is_taken_up_again(
    hooked: Callable[..., Hooked], start: Callable[..., Worker], receiver: Receiver
) -> None:
    hook = hooked("task.created")
    receiver.behave("hang")
    worker = start(**FAST | {"WEBHOOK_TIMEOUT_SECONDS": "60"})
    made = hook.tasks("one")
    eventually(lambda: hook.row["not_before"], "it is being sent")
    worker.kill()
    receiver.behave("ok")

    # The lease would last longer than a test.
    run(hook.owner, "UPDATE webhook SET not_before = NOW(6) WHERE id = %s", hook.webhook)
    start(**FAST)

    eventually(lambda: hook.told("task.created") == made, "it arrives")


def test_two_workers_never_have_the_same_webhook(
    hooked: Callable[..., Hooked], owner: "Connection[Any]", place: Database
) -> None:
    hook = hooked("task.created")
    hook.tasks("one", "two")
    call(owner, "dispatch_changes", hook.workspace, 1000)
    results: list[Any] = []

    def claim() -> None:
        with place.service() as service:
            results.append([row["delivery_id"] for row in call(service, "claim_webhook_deliveries", 10, 60)])

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(len, results)) == [0, 0, 0, 2]


async def attempt(settings: Settings, url: str) -> tuple[int | None, str | None]:
    sealed = Keeper(settings).seal(new_secret())
    sender = Sender(settings)
    try:
        outcome = await sender.send(
            {"url": url, "secret": sealed, "old_secret": None, "message_id": "msg_1", "body": "{}"}
        )
    finally:
        await sender.close()
    return outcome.status, outcome.error


PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
    "192.0.2.1", "198.18.0.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]", "[2001:0:7f00:1::]", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
async def test_nothing_is_sent_to_addresses_that_are_not_on_the_internet(
    settings: Settings, receiver: Receiver, host: str
) -> None:
    open_to_http = replace(settings, webhook_allow_http=True, webhook_timeout_seconds=2)

    _, error = await attempt(open_to_http, f"http://{host}:{receiver.port}/")

    assert error == "address_refused"
    assert receiver.received == []


async def test_a_redirect_is_not_followed(fast: Settings, receiver: Receiver) -> None:
    receiver.behave("redirect")

    assert await attempt(fast, receiver.url) == (302, "status")
    assert [one["path"] for one in receiver.received] == ["/hook"]


async def test_what_counts_is_the_address_that_is_connected_to(
    fast: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.behave("ok")
    asked: list[str] = []
    judge = destination.may_be_reached

    def first_public_then_private(host: str, settings: Settings) -> bool:
        asked.append(host)
        return judge(host, settings)

    monkeypatch.setattr(destination, "may_be_reached", first_public_then_private)
    nobody = replace(fast, webhook_allowed_networks=())

    # A name passes the look at the URL, whatever it will be resolved to.
    assert await attempt(nobody, f"http://localhost:{receiver.port}/") == (None, "address_refused")
    assert "127.0.0.1" in asked
    assert await attempt(fast, receiver.url) == (200, None)
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "ftp://example.org/", "https:///x", "https://user:secret@example.org/", "https://example.org/#x", "https://10.0.0.1/", "https://[::1]/", "https://[::1/", "https://example.org:99999/"],
)  # fmt: skip
def test_a_url_that_leads_nowhere_good_is_refused_at_once(settings: Settings, url: str) -> None:
    with pytest.raises(Refused) as refused:
        destination.check_url(url, settings)

    assert refused.value.error.code == "webhook_url_refused"


def test_a_signature_is_that_of_the_standard() -> None:
    # From the tests of standardwebhooks.com's reference libraries.
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_kept_encrypted_and_outlives_a_change_of_the_key(settings: Settings) -> None:
    secret = new_secret()
    sealed = Keeper(settings).seal(secret)
    renewed = replace(settings, secret_key="x" * 40, old_secret_keys=(settings.secret_key,))

    assert secret not in sealed
    assert Keeper(renewed).open(sealed) == secret
    assert Keeper(replace(settings, secret_key="y" * 40)).open(sealed) is None
