"""Two people and an analyst work together, through REST, the SQL prompt and a mail server, on what `headgate up` runs."""

import io
import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from tests.end_to_end.conftest import PATIENCE, Start, Up
from tests.mailbox import Mailbox


@dataclass
class Person:
    """Somebody with a client of the API and a mailbox."""

    up: Up
    mailbox: Mailbox
    name: str
    id: int = 0
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.up.url}/api/v1{path}", method=method)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        return json.loads(self._sent(request))

    def attach(self, task: int, name: str, content: bytes) -> Any:
        """Put a file on a task."""
        request = urllib.request.Request(f"{self.up.url}/api/v1/tasks/{task}/attachments", content)
        request.add_header("Content-Disposition", f'attachment; filename="{name}"')
        request.add_header("Content-Type", "application/octet-stream")
        return json.loads(self._sent(request))

    def bytes_of(self, path: str) -> bytes:
        return self._sent(urllib.request.Request(f"{self.up.url}/api/v1{path}"))

    def _sent(self, request: urllib.request.Request) -> bytes:
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return bytes(response.read())

    def register(self) -> None:
        """Come in, and confirm the address by the link that is mailed to it."""
        new = {"username": self.name, "email": f"{self.name}@example.org", "password": "correct horse"}
        self.id = self.ask("POST", "/users", new)["id"]
        form = f"username={self.name}&password=correct+horse".encode()
        with urllib.request.urlopen(f"{self.up.url}/api/v1/users/login", form, timeout=PATIENCE) as response:
            self.token = json.load(response)["access_token"]
        (asked,) = eventually(lambda: self.mailbox.of(self.name))
        (token,) = re.findall(r"/confirm-email#(\S+)", asked.get_content())
        assert self.ask("POST", "/users/confirm-email", {"token": token})["email"] == new["email"]

    def inbox(self) -> list[tuple[str, int]]:
        items = self.ask("GET", "/users/me/notifications?unread=true")["items"]
        return [(item["kind"], item["task_id"]) for item in items]

    def mails(self) -> str:
        """Everything that was mailed, but the question about the address."""
        return "\n".join(mail.get_content() for mail in self.mailbox.of(self.name)[1:])


def picture() -> bytes:
    """A large one, as PNG."""
    file = io.BytesIO()
    Image.new("RGB", (1200, 600), "teal").save(file, "PNG")
    return file.getvalue()


def eventually(look: Callable[[], Any]) -> Any:
    """Ask until there is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.open()
    yield mailbox
    mailbox.close()


def test_two_people_and_an_analyst_work_together(start: Start, mailbox: Mailbox) -> None:
    up = start(
        SMTP_URL=mailbox.url,
        MAIL_FROM="Headgate <headgate@example.org>",
        PUBLIC_URL="http://headgate.example.org",
    )
    ada, grace = Person(up, mailbox, "ada-l"), Person(up, mailbox, "grace-h")
    for person in (ada, grace):
        person.register()
    workspace = ada.ask("POST", "/workspaces", {"name": "Expedition"})["id"]
    for name in (grace.name, "demo"):
        ada.ask("PUT", f"/workspaces/{workspace}/members/{name}", {"role": "member"})
    pack, leave = (
        ada.ask("POST", "/tasks", {"title": title, "workspace_id": workspace})["id"]
        for title in ("Pack", "Leave")
    )
    ada.ask("POST", f"/tasks/{leave}/dependencies", {"depends_on_id": pack})

    # Grace is given what cannot begin yet, and is told of it.
    ada.ask("PATCH", f"/tasks/{leave}", {"assignee_id": grace.id})
    eventually(lambda: grace.inbox() == [("assigned", leave)])
    eventually(lambda: "ada-l assigned to you: Leave" in grace.mails())
    grace.ask("POST", "/users/me/notifications/read", {})

    # She is asked something.
    comment = ada.ask(
        "POST", f"/tasks/{pack}/comments", {"body": "Is there room for the **kettle**, @grace-h?"}
    )
    eventually(lambda: grace.inbox() == [("mentioned", pack)])
    eventually(lambda: "ada-l mentioned you: Pack" in grace.mails())
    (told,) = grace.ask("GET", "/users/me/notifications?unread=true")["items"]
    assert told["comment_id"] == comment["id"]
    grace.ask("PATCH", f"/users/me/notifications/{told['id']}", {"is_read": True})

    # She answers with a picture, of which Ada looks at the preview before she takes all of it.
    kettle = picture()
    attached = grace.attach(pack, "kettle.png", kettle)
    file = f"/tasks/{pack}/attachments/{attached['id']}"
    with Image.open(io.BytesIO(ada.bytes_of(f"{file}/preview"))) as preview:
        assert (preview.format, preview.size) == ("WEBP", (512, 256))
    assert ada.bytes_of(f"{file}/content") == kettle
    shown = up.headgate("sql", "-e", f"CALL list_attachments(NULL, {pack}, 0, 10)")
    assert "kettle.png" in shown.stdout, shown.stderr

    # The analyst completes at the SQL prompt what she waits for.
    done = up.headgate("sql", "-e", f"CALL complete_task(NULL, {pack})")
    assert done.returncode == 0, done.stderr
    eventually(lambda: grace.inbox() == [("ready", leave)])
    eventually(lambda: "Ready to begin: Leave" in grace.mails())

    # Once, also for a worker that begins anew; and nobody is told of what they did themselves.
    assert up.stop() == 0
    up = start(
        SMTP_URL=mailbox.url,
        MAIL_FROM="Headgate <headgate@example.org>",
        PUBLIC_URL="http://headgate.example.org",
    )
    ada.ask("POST", f"/tasks/{leave}/comments", {"body": "@grace-h, let us go"})
    eventually(lambda: len(grace.inbox()) == 2)
    eventually(lambda: "ada-l mentioned you: Leave" in grace.mails())
    assert grace.inbox() == [("mentioned", leave), ("ready", leave)]
    assert ada.inbox() == []
    assert grace.mails().count("Ready to begin: Leave") == 1
    assert len(mailbox.of(grace.name)) == 5
    assert len(mailbox.of(ada.name)) == 1
    assert up.stop() == 0
