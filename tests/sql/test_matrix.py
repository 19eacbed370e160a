"""Every public procedure, asked by every role, by strangers and by another tenant, at both doors to SQL."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from pymysql.err import MySQLError

from service.errors import Refused
from service.manual.procedure import PROCEDURES, Header
from tests.access import ASKERS, MISSING, PERMISSIONS, RULES, THINGS, House, expected
from tests.conftest import Database, Row, User
from tests.sql.conftest import Person, prompts
from tests.test_sources import PUBLIC, SQL, body, calls

GRANTS = (SQL / "grants.sql").read_text()
# A login that speaks for any user need not name one to have a workspace checked or repaired.
FOR_OPERATORS = {"rebuild_workspace", "verify_workspace"}


@cache
def parameters(procedure: str) -> tuple[str, ...]:
    return tuple(Header.read(PROCEDURES[procedure]).types)


def thing(procedure: str) -> str:
    """The parameter that says what a call is about."""
    return next(name for name in THINGS if name in parameters(procedure))


def granted(procedure: str) -> set[str]:
    (line,) = (line for line in GRANTS.splitlines() if f"ON PROCEDURE {procedure} TO" in line)
    return set(line.rstrip(";").partition(" TO ")[2].split(", "))


def reads(procedure: str) -> bool:
    """Whether it changes nothing."""
    return "\n    READS SQL DATA\n" in PROCEDURES[procedure].read_text()


ASKING = [name for name in RULES if "p_actor_id" in parameters(name)]
ABOUT_A_THING = [name for name in ASKING if RULES[name] in PERMISSIONS]
ABOUT_IDS = [
    (name, parameter)
    for name in ABOUT_A_THING
    for parameter in parameters(name)
    if parameter.endswith("_id") and parameter != "p_actor_id"
]


@pytest.fixture(scope="module")
def people(new_user: Callable[[], User]) -> dict[str, User]:
    """One user of each kind that asks."""
    return {name: new_user() for name in ASKERS}


@pytest.fixture(scope="module")
def prompt(database: Database, people: dict[str, User]) -> Iterator[dict[str, Person]]:
    """Each of them as a planner at the SQL prompt."""
    with prompts(database) as create:
        yield {name: create("planner", user) for name, user in people.items()}


@pytest.fixture(scope="module")
def build(
    call: Callable[..., list[Row]], people: dict[str, User], new_user: Callable[[], User]
) -> Callable[..., House]:
    """Make a house of these people; another owner may be named."""
    mate = new_user()
    return lambda owner="owner": House.build(call, people | {"owner": people[owner]}, mate)


@pytest.fixture(scope="module")
def lasting(build: Callable[..., House]) -> House:
    """A house for calls that change nothing, be it that they are refused."""
    return build()


@pytest.fixture(scope="module")
def neighbours(build: Callable[..., House]) -> House:
    """The house of another tenant, of whose things nothing may be learnt."""
    return build("neighbour")


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    return build()


def arguments(procedure: str, house: House, **other: Any) -> list[Any]:
    """What a call of the house gives, after the actor."""
    return [(house.values | other).get(name) for name in parameters(procedure) if name != "p_actor_id"]


def refusal(call: Callable[..., list[Row]], *asked: Any) -> Refused | None:
    try:
        call(*asked)
    except Refused as refused:
        return refused
    return None


def test_every_public_procedure_has_a_rule() -> None:
    assert sorted(RULES) == sorted(path.stem for path in PUBLIC), "add its line to RULES in tests/access.py"


def test_every_public_procedure_says_who_asks_or_is_for_the_service_alone() -> None:
    for name, rule in RULES.items():
        assert rule in PERMISSIONS | {"self", "open", "service"}
        assert ("p_actor_id" in parameters(name)) == (rule in PERMISSIONS | {"self"}), name
        assert rule != "service" or granted(name) == {"service"}, name


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("procedure", ABOUT_A_THING)
def test_a_call_is_answered_as_its_rule_says(
    call: Any, prompt: Any, people: dict[str, User], build: Any, lasting: House, procedure: str, asker: str
) -> None:
    who, wanted = people[asker], expected(RULES[procedure], asker, THINGS[thing(procedure)])

    def told(call: Any, actor: int | None) -> str | None:
        # What one call did must not be in the way of another.
        house = lasting if wanted or reads(procedure) else build()
        refused = refusal(call, procedure, actor, *arguments(procedure, house))
        return refused.error.code if refused else None

    codes = [told(call, who.id)]
    if "planner" in granted(procedure):
        codes.append(told(prompt[asker].call, None))

    for code in codes:
        if wanted:
            assert code == wanted
        else:
            # It may be refused for what it asks, but not for who asks.
            assert code not in {"permission_denied", THINGS[thing(procedure)]}


@pytest.mark.parametrize("procedure", [name for name in ASKING if RULES[name] == "self"])
def test_a_call_about_oneself_is_for_everybody(
    call: Any, people: dict[str, User], house: House, procedure: str
) -> None:
    for who in people.values():
        refused = refusal(call, procedure, who.id, *arguments(procedure, house))
        assert not refused or refused.error.code != "permission_denied"


@pytest.mark.parametrize(("procedure", "parameter"), ABOUT_IDS)
def test_what_belongs_to_another_tenant_is_as_missing_as_what_never_was(
    call: Any, people: dict[str, User], neighbours: House, lasting: House, procedure: str, parameter: str
) -> None:
    told = []
    for number in (neighbours.values[parameter], MISSING):
        given = arguments(procedure, lasting, **{parameter: number})
        refused = refusal(call, procedure, people["owner"].id, *given)
        assert refused, f"{procedure} took the {parameter} of another tenant"
        said = f"{refused.detail} {sorted(refused.facts)}"
        told.append((refused.error.code, re.sub(rf"\b{number}\b", "it", said)))

    assert told[0] == told[1]


@pytest.mark.parametrize("procedure", sorted(set(ASKING) - FOR_OPERATORS))
def test_the_service_says_for_whom(call: Any, lasting: House, refused: Any, procedure: str) -> None:
    with refused("actor_required"):
        call(procedure, None, *arguments(procedure, lasting))


def test_a_bound_login_asks_for_nobody_else(
    prompt: dict[str, Person], people: dict[str, User], lasting: House
) -> None:
    for procedure in ASKING:
        if "planner" in granted(procedure):
            given = arguments(procedure, lasting)
            refused = refusal(prompt["stranger"].call, procedure, people["owner"].id, *given)
            assert refused, procedure
            assert refused.error.code == "actor_not_allowed", procedure


TABLES = {
    table
    for path in (SQL.parent / "migrations").glob("*.sql")
    for table in re.findall(r"^CREATE TABLE IF NOT EXISTS (\w+)", path.read_text(), re.MULTILINE)
}


def written(procedure: str) -> set[str]:
    """The tables, also temporary ones, whose rows it changes, itself or through the procedures it calls."""
    path = PROCEDURES[procedure]
    text = body(path)
    return set(re.findall(r"\b(?:INTO|UPDATE|DELETE(?: \w+)?\s+FROM) (\w+)", text)).union(
        *(written(called) for called in calls(path))
    )


def test_an_analyst_calls_what_reads_and_nothing_else(person: Any, user: User) -> None:
    analyst = person("analyst", user)

    for procedure in RULES:
        if "analyst" in granted(procedure):
            assert not written(procedure) & TABLES, procedure
        else:
            with pytest.raises(MySQLError, match="denied"):
                analyst.call(procedure)
