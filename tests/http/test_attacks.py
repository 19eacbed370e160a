"""The OpenAPI document is attacked: whatever is sent, the service answers, and as the document says it does.

HEADGATE_EXAMPLES=100 attacks each operation for longer.
"""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import bcrypt
import pytest
import requests
import schemathesis
from aiohttp import web
from hypothesis import given
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import CHECKS
from schemathesis.core.parameters import ParameterLocation

from service.app import create_app
from service.config import Settings
from service.http.openapi import document
from tests.access import House
from tests.conftest import Row, User
from tests.examples import examples
from tests.http.conftest import PASSWORD, secret


def answered() -> dict[str, Any]:
    """The document without what nobody can wait for: a stream, which does not end, and waiting for changes."""
    told = document()
    del told["paths"]["/api/v1/changes/stream"]
    changes = told["paths"]["/api/v1/changes"]["get"]
    changes["parameters"] = [one for one in changes["parameters"] if one["name"] != "wait"]
    return told


SCHEMA = schemathesis.openapi.from_dict(answered())
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
# For sequences: nothing that ends the session or is different the second time, no keys, nothing that is refused anyway.
LASTING = schemathesis.openapi.from_dict(answered()).exclude(path_regex="^/api/v1/users")
LASTING.config.generation.modes = [GenerationMode.POSITIVE]
LASTING.config.generation.with_security_parameters = False
ANSWERED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
JUDGED = ANSWERED + CHECKS.get_by_names(["negative_data_rejection", "ignored_auth", "unsupported_method"])
# What of a house may stand in a request.
THINGS = {
    "workspace_id": "p_workspace_id",
    "organization_id": "p_organization_id",
    "team_id": "p_team_id",
    "task_id": "p_task_id",
    "task": "p_task_id",
    "api_key_id": "p_api_key_id",
    "depends_on_id": "p_depends_on_id",
    "depends_on": "p_depends_on_id",
    "to": "p_to",
    "assignee_id": "p_assignee_id",
    "username": "p_username",
}
# The example of a user, and ids up to here, are made up; a larger id is there for its size.
MADE_UP, LARGE = "grace", 2**62
LONGEST_QUERY = 8000
PARTS = {
    ParameterLocation.PATH: "path_parameters",
    ParameterLocation.QUERY: "query",
    ParameterLocation.BODY: "body",
}
# What is described may be answered: that there is no Graphviz, or no MySQL.
for schema in (SCHEMA, LASTING):
    schema.config.checks.not_a_server_error.expected_statuses = ["2xx", "3xx", "4xx", "501"]
# The report of a preview tells which changes are wrong.
TOLERATED = {"POST /api/v1/changes": CHECKS.get_by_names(["negative_data_rejection"])}


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """The service in a thread of its own: schemathesis asks it as any client would, and waits."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = web.AppRunner(create_app(settings))

    async def start() -> str:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    yield asyncio.run_coroutine_threadsafe(start(), loop).result()
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class Owner:
    """Somebody who owns a house and asks about it; after a request that changed it there is a new one."""

    def __init__(self, address: str, call: Callable[..., list[Row]], people: dict[str, User]) -> None:
        self._address, self._call, self._people = address, call, people
        self._session = requests.Session()
        self.move()

    def move(self) -> None:
        # The password of the one before may have been changed, and every session been ended.
        owner = self._people["owner"] = register(self._call)
        mate = self._people["mate"]
        self._values = House.build(self._call, self._people, mate).values
        form = {"username": owner.name, "password": PASSWORD}
        answer = self._session.post(f"{self._address}/api/v1/users/login", data=form)
        token = secret(answer.json()["access_token"])
        # How its requests are sent.
        self.calling: dict[str, Any] = {
            "base_url": self._address,
            "session": self._session,
            "headers": {"Authorization": f"Bearer {token}"},
        }

    def _about_the_house(self, name: str, sent: Any) -> Any:
        if isinstance(sent, dict):
            return {key: self._about_the_house(key, value) for key, value in sent.items()}
        if isinstance(sent, list):
            found = [self._about_the_house(name, value) for value in sent]
            return found[:1] if name in THINGS else found
        if name in THINGS and (sent == MADE_UP or (type(sent) is int and 0 < sent < LARGE)):
            return self._values[THINGS[name]]
        return sent

    def ask(self, case: Case) -> None:
        """Send what was made up, but mostly about the house: about anything else, all is just not found."""
        for where, part in PARTS.items():
            given = getattr(case, part)
            if isinstance(given, dict) and not case.meta.is_negative_at(where):
                given |= {name: self._about_the_house(name, value) for name, value in given.items()}
        # What is longer than the line that any server reads is not about us.
        if len(urlencode(case.query or {}, doseq=True)) > LONGEST_QUERY:
            return
        response = case.call_and_validate(
            **self.calling,
            checks=JUDGED,
            excluded_checks=TOLERATED.get(case.operation.label, []),
        )
        if response.status_code < 300 and case.method.upper() != "GET":
            self.move()


@pytest.fixture
def owner(address: str, call: Callable[..., list[Row]]) -> Owner:
    """Somebody who can log in, among others who belong to the house."""
    names = ["owner", "admin", "member", "viewer", "guest", "mate"]
    return Owner(address, call, {name: register(call) for name in names})


def register(call: Callable[..., list[Row]]) -> User:
    """A fresh user who can log in."""
    name = f"user-{secrets.token_hex(6)}"
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    (row,) = call("create_user", name, f"{name}@example.org", hashed)
    return User(row["user_id"], name, row["workspace_id"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_tells_of(owner: Owner, name: str) -> None:
    @given(case=OPERATIONS[name].as_strategy() | OPERATIONS[name].as_strategy(GenerationMode.NEGATIVE))
    @examples(5)
    def attack(case: Case) -> None:
        owner.ask(case)

    for case in SCHEMA.iter_coverage_cases(
        OPERATIONS[name], generation_modes=list(GenerationMode), generation_config=SCHEMA.config.generation
    ):
        owner.ask(case)
    attack()


def test_what_an_answer_names_can_be_asked_about(owner: Owner) -> None:
    """Sequences: schemathesis sees in the document which answer holds the ids that another request needs."""

    class Sequence(LASTING.as_state_machine()):
        def setup(self) -> None:
            owner.move()

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return owner.calling

        def validate_response(self, response: Response, case: Case, **sent: Any) -> None:
            case.validate_response(response, checks=ANSWERED, transport_kwargs=sent)

    Sequence.run(settings=examples(20, steps=20))
