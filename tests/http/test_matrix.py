"""Every operation of the API, asked by every role, by strangers, by another tenant and by nobody."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from marshmallow import Schema

from service.errors import BY_CODE
from service.http.openapi import example
from service.http.route import Route
from service.manual.procedure import PROCEDURES, Header
from service.routes import ROUTES
from tests.access import ASKERS, MISSING, PERMISSIONS, ROUTE_RULES, RULES, THINGS, House, expected
from tests.conftest import Row, User
from tests.http.conftest import Api, logged_in, problem, registered

PROTECTED = {f"{route.method} {route.path}": route for route in ROUTES if not route.public}

each_route = pytest.mark.parametrize("name", PROTECTED)


def rule(name: str) -> str:
    return ROUTE_RULES.get(name) or RULES.get(PROTECTED[name].calls or "", "none")


def ids(name: str) -> list[str]:
    """The fields of a request that are ids of things of a tenant."""
    route = PROTECTED[name]
    fields = [*route.query().fields, *(route.body().fields if route.body else ())]
    return re.findall(r"{(\w+_id):", route.path) + [
        name for name in fields if name.endswith("_id") or name == "to"
    ]


def hidden(name: str) -> str:
    """What someone is told who may not see what the operation is about."""
    procedure = PROTECTED[name].calls
    types = Header.read(PROCEDURES[procedure]).types if procedure else {}
    return next((code for parameter, code in THINGS.items() if parameter in types), "")


@pytest.fixture(scope="module")
async def askers(client: TestClient) -> dict[str, Api]:
    """A client of each kind that asks."""
    return {name: await logged_in(client, await registered(client)) for name in ASKERS}


@pytest.fixture(scope="module")
def build(
    call: Callable[..., list[Row]], askers: dict[str, Api], new_user: Callable[[], User]
) -> Callable[..., House]:
    """Make a new house of these people; another owner may be named."""
    mate = new_user()

    def make(owner: str = "owner") -> House:
        people = {
            name: User(api.user["id"], api.user["username"], api.user["workspace_id"])
            for name, api in askers.items()
        }
        return House.build(call, people | {"owner": people[owner]}, mate)

    return make


@pytest.fixture(scope="module")
def lasting(build: Callable[..., House]) -> House:
    """A house for requests that change nothing, be it that they are refused."""
    return build()


@pytest.fixture(scope="module")
def neighbour(build: Callable[..., House]) -> House:
    """The house of another tenant, of whose things nothing may be learnt."""
    return build("neighbour")


def given(schema: Schema, values: dict[str, Any], *, everything: bool) -> dict[str, Any]:
    """The example of each field, or of each that is required, with the ids and names of a house."""
    whole = example(schema, loading=True) if everything else {}
    fields = {field.data_key or name: field for name, field in schema.fields.items()}
    needed = {
        name
        for name, field in fields.items()
        # A past is asked for by a revision or a time, of which neither alone is required.
        if field.required or name.endswith("_id") or name == "revision"
    }
    return {
        # Of update_task the changes are something else, and there are kinds of several things.
        name: whole.get(name) if name in {"changes", "kind"} else values.get(f"p_{name}", whole.get(name))
        for name in fields
        if (everything and name in whole and name != "version") or (name in needed and f"p_{name}" in values)
    }


async def ask(api: Api, name: str, values: dict[str, Any]) -> ClientResponse:
    """A request that only who asks could be refused for."""
    route: Route = PROTECTED[name]
    path = re.sub(r"{(\w+):[^}]*}", lambda found: str(values.get(f"p_{found[1]}", MISSING)), route.path)
    query = given(route.query(), values, everything=False)
    body = given(route.body(), values, everything=True) if route.body else None
    headers = {
        field.data_key: field.metadata["example"]
        for field in route.headers().fields.values()
        if field.required
    }
    return await api.request(route.method, path, params=query, json=body, headers=headers)


def test_every_operation_has_a_rule() -> None:
    assert [name for name in PROTECTED if rule(name) == "none"] == [], "add their lines in tests/access.py"
    assert set(ROUTE_RULES) <= set(PROTECTED)


@each_route
async def test_an_operation_is_answered_as_its_rule_says(
    client: TestClient, askers: dict[str, Api], build: Callable[..., House], lasting: House, name: str
) -> None:
    reads = PROTECTED[name].method == "GET"
    for asker, usual in askers.items():
        wanted = expected(rule(name), asker, hidden(name))
        # What somebody changes about themselves must not be in the way of another operation.
        api = await logged_in(client, await registered(client)) if rule(name) == "self" else usual

        response = await ask(api, name, (lasting if wanted or reads else build()).values)

        if wanted:
            await problem(response, BY_CODE[wanted].http_status, wanted)
        elif response.status >= 400:
            # It may be refused for what it asks, but not for who asks.
            code = (await response.json(content_type="application/problem+json"))["code"]
            assert BY_CODE[code].http_status in {404, 409, 422, 501}, (asker, code)
            assert code not in {"permission_denied", "invalid_request", hidden(name)}, (asker, code)


@each_route
async def test_without_a_token_nobody_is_answered(client: TestClient, lasting: House, name: str) -> None:
    nobody = Api(client, {}, "")

    await problem(await ask(nobody, name, lasting.values), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name in PROTECTED if rule(name) in PERMISSIONS for field in ids(name)],
)
async def test_an_id_of_another_tenant_is_as_missing_as_one_that_never_was(
    askers: dict[str, Api], neighbour: House, lasting: House, name: str, field: str
) -> None:
    # Nobody but the neighbours knows this one.
    foreign = neighbour.values | {
        "p_assignee_id": askers["neighbour"].user["id"],
        "p_assignee_team_id": neighbour.values["p_team_id"],
    }
    # A task is not made for a user and a team.
    nobody = {"p_assignee_id": None} if field == "assignee_team_id" and PROTECTED[name].body else {}

    told = []
    for number in (foreign[f"p_{field}"], MISSING):
        response = await ask(askers["owner"], name, lasting.values | nobody | {f"p_{field}": number})
        document = await response.json(content_type=None)
        document.pop("request_id", None)
        told.append((response.status, re.sub(rf"\b{number}\b", "it", str(document))))

    assert told[0] == told[1]
    # A list that is only narrowed down by it is empty.
    assert told[0][0] == 404 or (field != "workspace_id" and field in PROTECTED[name].query().fields)
