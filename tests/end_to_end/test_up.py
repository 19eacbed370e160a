"""`headgate up`: a newcomer's first minutes, from the printed lines to the second start."""

import json
import os
import signal
import socket
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.end_to_end.conftest import Start, Up, lines_to_paste


@pytest.fixture(scope="module")
def up(start: Start) -> Up:
    return start()


def get(up: Up, path: str, token: str | None = None) -> dict[str, object]:
    request = Request(up.url + path, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(request, timeout=10) as response:
        return dict(json.load(response))


def log_in(up: Up) -> str:
    with urlopen(
        f"{up.url}/api/v1/users/login", b"username=demo&password=headgate-demo", timeout=10
    ) as response:
        return str(json.load(response)["access_token"])


def test_it_prints_where_everything_is(up: Up) -> None:
    for words in (f"{up.url}/api/v1/", f"{up.url}/api/docs", f"{up.url}/api/redoc", "demo / headgate-demo"):
        assert words in up.output


def test_everything_is_healthy(up: Up) -> None:
    assert get(up, "/api/status")["status"] == "ok"


def test_the_printed_login_sees_the_demo(up: Up) -> None:
    page = get(up, "/api/v1/tasks/?limit=100", log_in(up))

    assert len(page["items"]) == 30  # type: ignore[arg-type]


def test_the_same_cycle_is_refused_over_rest_as_pasted(up: Up) -> None:
    curl, _ = lines_to_paste(up.output)

    answer = json.loads(up.paste(curl).stdout)

    assert (answer["status"], answer["code"]) == (409, "dependency_cycle")
    assert len(answer["path"]) > 2


def test_the_same_cycle_is_refused_at_the_sql_prompt_as_pasted(up: Up) -> None:
    _, sql = lines_to_paste(up.output)

    refused = up.paste(sql)

    assert refused.returncode == 1
    assert refused.stderr.startswith("ERROR 50042 (45000) at line 1: dependency_cycle: ")


def test_the_analyst_reads_and_plans_as_the_demo_user(up: Up) -> None:
    ready = up.headgate("sql", "-e", "CALL list_ready_tasks(NULL, NULL, FALSE, 0, 100)")
    forged = up.headgate("sql", "-e", "CALL list_ready_tasks(999, NULL, FALSE, 0, 100)")
    raw = up.headgate("sql", "-e", "INSERT INTO dependency VALUES ()")

    assert ready.returncode == 0, ready.stderr
    assert len(ready.stdout.splitlines()) > 1
    assert "actor_not_allowed" in forged.stderr
    assert "denied" in raw.stderr


def test_the_owner_opens_the_tables(up: Up) -> None:
    said = up.headgate("sql", "--as", "owner", "-N", "-e", "SELECT COUNT(*) FROM task")

    assert said.stdout.strip() == "30"


def test_the_other_commands_find_it(up: Up) -> None:
    assert up.headgate("migrate", "check").returncode == 0
    assert up.headgate("verify").returncode == 0
    assert up.headgate("export", "-").stdout.count("\n") == 30
    for role in ("owner", "service", "analyst"):
        assert up.headgate("dsn", "--as", role).stdout.startswith("mysql://")


def test_a_change_at_the_prompt_shows_over_rest_within_a_second(up: Up) -> None:
    token = log_in(up)
    before = len(get(up, "/api/v1/tasks/?limit=100", token)["items"])  # type: ignore[arg-type]
    made = up.headgate("sql", "-e", """CALL create_task(NULL, NULL, '{"title": "made at the prompt"}')""")
    assert made.returncode == 0, made.stderr

    time.sleep(1.1)

    assert len(get(up, "/api/v1/tasks/?limit=100", token)["items"]) == before + 1  # type: ignore[arg-type]


def test_a_second_one_says_that_the_port_is_taken(up: Up) -> None:
    second = up.headgate("up")

    assert second.returncode == 1
    assert "already listens" in second.stderr
    assert second.stderr.count("\n") == 1


def test_its_files_are_private(up: Up) -> None:
    for name in ("secrets.json", "running.json"):
        assert (Path(up.environment["HEADGATE_STATE"]) / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_of_it_and_the_next_start_has_its_data(up: Up, start: Start, number: int) -> None:
    if up.process.poll() is not None:
        up = start()
    tasks = up.headgate("sql", "--as", "owner", "-N", "-e", "SELECT COUNT(*) FROM task").stdout
    started = up.descendants()
    assert len(started) >= 2

    assert up.stop(number) == 0, up.output

    assert [pid for pid in started if _lives(pid)] == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(up.environment["PORT"])), 1)
    assert "Nothing runs here" in up.headgate("verify").stderr

    again = start()
    assert again.headgate("sql", "--as", "owner", "-N", "-e", "SELECT COUNT(*) FROM task").stdout == tasks
    assert get(again, "/api/status")["status"] == "ok"
    assert again.stop() == 0


def test_what_was_killed_starts_again(start: Start) -> None:
    up = start()
    started = up.descendants()

    up.stop(signal.SIGKILL)

    deadline = time.monotonic() + 60
    while any(_lives(pid) for pid in started):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert start().stop() == 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
