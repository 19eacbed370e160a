"""What a mail says: plain text, the same each time it is written, and no line of it anybody's but ours."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any

import orjson

from service.admission.confirmation import Links
from service.config import Settings
from service.db import Row

# What a title could do to a line besides being read: end it, or turn its order round.
UNSHOWN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)

SENTENCES = {
    "assigned": "{actor} assigned to you",
    "mentioned": "{actor} mentioned you",
    "commented": "{actor} commented",
    "ready": "Ready to begin",
    "completed": "{actor} completed",
    "due_soon": "Due {due}",
    "overdue": "Overdue since {due}",
}


class UnfitAddress(Exception):
    """The address is none that can stand in a mail."""


class Unsubscribe(str):
    """List-Unsubscribe, sent as it is (RFC 2369): of a word that long any other header is encoded."""

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def letter(row: Row, settings: Settings, links: Links) -> EmailMessage:
    """The mail of a row of claim_mail; raises UnfitAddress."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = settings.mail_from
        message["To"] = address(row["username"], row["address"])
    except (ValueError, IndexError) as error:
        raise UnfitAddress from error
    message["Date"] = format_datetime(row["created_at"].replace(tzinfo=UTC))
    message["Message-ID"] = message_id(row["mail_id"], row["created_at"], settings)
    # So that no robot answers.
    message["Auto-Submitted"] = "auto-generated"
    if row["purpose"] == "confirmation":
        subject, lines = _confirmation(row, settings, links)
    else:
        subject, lines = _told(row)
        stop = links.unsubscribing(row["user_id"])
        message["List-Unsubscribe"] = Unsubscribe(
            f"<{settings.public_url}/api/v1/users/unsubscribe?token={stop}>"
        )
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        lines += ["", "-- ", "To be mailed nothing more:", f"{settings.public_url}/unsubscribe#{stop}"]
    message["Subject"] = subject
    message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    return message


def address(name: str, spec: str) -> Address:
    """An address as a header takes it, its domain as DNS does; ValueError for what is none."""
    user, _, domain = spec.rpartition("@")
    return Address(name, addr_spec=f"{user}@{domain.encode('idna').decode()}")


def message_id(mail_id: int, created_at: datetime, settings: Settings) -> str:
    """The same for every copy of a mail, and of no other one: not even after a backup was restored."""
    domain = settings.mail_from.rpartition("@")[2].strip("> ")
    return f"<{settings.namespace}.{mail_id}.{created_at:%Y%m%d%H%M%S%f}@{domain}>"


def _confirmation(row: Row, settings: Settings, links: Links) -> tuple[str, list[str]]:
    token = links.confirming(row["user_id"], row["address"], row["created_at"])
    return "Is this your address?", [
        f"Somebody, hopefully you, has given this address to Headgate as {line(row['username'])}.",
        "If so, open this page and confirm it:",
        "",
        # What comes after # is told to no server, so no log holds it and no robot that opens links confirms.
        f"{settings.public_url}/confirm-email#{token}",
        "",
        "If not, do nothing: nothing else will be sent here.",
    ]


def _told(row: Row) -> tuple[str, list[str]]:
    items = [item for item in orjson.loads(row["items"]) if item]
    items.sort(key=lambda item: item["place"])
    said = [sentence(item) for item in items]
    if row["things"] == 1:
        (item,) = items
        return f"[{line(item['workspace'])}] {said[0]}", [said[0], f"({_where(item)})"]
    lines = [f"* {one}\n  ({_where(item)})" for item, one in zip(items, said, strict=True)]
    if row["things"] > len(items):
        lines.append(f"and {row['things'] - len(items)} more")
    when = "Since yesterday" if row["purpose"] == "digest" else "Just now"
    return f"{when}: {row['things']} things in Headgate", lines


def sentence(item: dict[str, Any]) -> str:
    """What happened, in one line."""
    told = SENTENCES[item["kind"]].format(actor=line(item["actor"] or "Somebody"), due=item["due"])
    return f"{told}: {line(item['title'])}"


def _where(item: dict[str, Any]) -> str:
    return f"task {item['task_id']} of {line(item['workspace'])}"


def line(text: str) -> str:
    """What somebody wrote, as part of one line."""
    return " ".join(UNSHOWN.sub(" ", text).split())
