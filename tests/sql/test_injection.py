"""Strings that would be SQL, JSON or a path if somebody forgot to bind them, in every parameter that takes text."""

import json
from itertools import count

import pytest
from pymysql.err import MySQLError

from service.errors import BY_ERRNO
from tests.servers import run
from tests.test_sources import PUBLIC

STRINGS = [
    "'",
    '"',
    "\\",
    "`",
    "' OR '1'='1",
    "'; DROP TABLE task; -- ",
    "x' UNION SELECT password_hash FROM app_user -- ",
    "1) OR SLEEP(5)=0 -- ",
    "/*!50000 SELECT 1 */",
    "%' ESCAPE '|",
    "%_|\\",
    "${7*7}{{7*7}}%s%n",
    "?, ?, ?",
    "task_id, (SELECT 1)",
    "$[*]",
    "\x00",
    "\U0001f600\u202e",
    "nöt shop ör o\u00adr \uff08ánd",
    "x" * 70000,
]
# What a statement that was put together from a string would be refused with: 1064 and its kin.
SYNTAX = {1054, 1064, 1065, 1146, 1149, 1210, 1243, 1295, 1305, 1318, 1327}


def parameters(owner) -> dict[str, list[dict[str, str]]]:
    rows = run(
        owner,
        "SELECT specific_name AS procedure_name, parameter_name AS name, data_type AS type"
        " FROM information_schema.parameters WHERE specific_schema = DATABASE() AND routine_type = 'PROCEDURE'"
        " AND parameter_mode = 'IN' ORDER BY specific_name, ordinal_position",
    )
    found: dict[str, list[dict[str, str]]] = {path.stem: [] for path in PUBLIC}
    for row in rows:
        if row["procedure_name"] in found:
            found[row["procedure_name"]].append(row)
    return found


def documents(text: str) -> list[str]:
    """Text in JSON: as a value, as a name, in an array, and as no JSON at all."""
    return [
        json.dumps({"title": text, "search": text, "tags": [text], "status": text, "task_key": text}),
        json.dumps({"search": text}),
        json.dumps({text: 1}),
        json.dumps([text]),
        json.dumps([{"line": 1, "key": text, "title": text, "tags": [text], "depends_on": [text]}]),
        text,
    ]


@pytest.mark.parametrize("procedure", [path.stem for path in PUBLIC])
def test_text_stays_text(procedure, database, owner, user, new_user, tasks, call):
    (task,) = tasks("mine")
    stranger = new_user()
    call("create_task", stranger.id, None, {"title": "theirs"})
    taken = parameters(owner)[procedure]
    before = others(owner, user)
    harmless = {"p_actor_id": user.id, "p_task_id": task, "p_limit": 5, "p_skip": 0}
    refusals, tries = set(), count()

    with database.service() as service:
        for place, parameter in enumerate(taken):
            if parameter["type"] not in {"varchar", "char", "text", "mediumtext", "longtext", "json"}:
                continue
            for text in STRINGS:
                for value in documents(text) if parameter["type"] == "json" else [text]:
                    args = [harmless.get(one["name"]) for one in taken]
                    args[place] = value
                    next(tries)
                    with service.cursor() as cursor:
                        try:
                            cursor.execute(f"CALL {procedure}({', '.join(['%s'] * len(args))})", args)
                            while cursor.nextset():
                                pass
                        except MySQLError as error:
                            refusals.add(error.args[0] & 0xFFFF)

    assert {number for number in refusals if number not in BY_ERRNO} & SYNTAX == set()
    assert others(owner, user) == before
    assert next(tries) or not any(one["type"] in {"varchar", "json"} for one in taken)


def others(owner, user) -> list[object]:
    """What belongs to the newest of the other people, and which tables there are."""
    return [
        run(owner, statement, user.id)
        for statement in (
            "SELECT id, title, version FROM task WHERE created_by <> %s ORDER BY id DESC LIMIT 50",
            "SELECT id, password_hash, email FROM app_user WHERE id <> %s AND username LIKE 'user-%%' ORDER BY id DESC LIMIT 50",
            "SELECT workspace_id, user_id, role FROM membership WHERE user_id <> %s ORDER BY workspace_id DESC, user_id DESC LIMIT 50",
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND 0 < %s ORDER BY 1",
        )
    ]
