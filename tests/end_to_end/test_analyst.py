"""A new analyst, with nothing but docs/sql.md: a login, MySQL's own client, the manual at the prompt, an answer."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

from service.database.migrate import ROOT
from tests.end_to_end.conftest import Start

PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")


def test_a_new_analyst_reaches_an_answer(start: Start) -> None:
    up = start()
    section = PAGE.partition("## A first question")[2].partition("\n## ")[0]
    (make,) = re.findall(r"`headgate (sql-account create .+?)`", section)
    (questions,) = re.findall(r"```sql\n(.+?)```", section, re.DOTALL)

    made = up.headgate(*shlex.split(make))
    assert made.returncode == 0, made.stderr
    (password,) = re.findall(r"^Password, shown only now: (\S+)$", made.stdout, re.MULTILINE)
    (connect,) = re.findall(r"^Connect: mysql (.+)$", made.stdout, re.MULTILINE)
    client = json.loads((Path(up.environment["HEADGATE_STATE"]) / "running.json").read_text())["mysql_client"]

    # At a terminal the client asks for the password.
    options = [option for option in shlex.split(connect) if option != "--password"]
    said = subprocess.run(
        [*client, "--table", *options],
        input=questions,
        env=os.environ | {"MYSQL_PWD": password},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert said.returncode == 0, said.stderr
    assert "| list_ready_tasks" in said.stdout
    assert "most urgent first" in said.stdout
    assert said.stdout.rstrip().splitlines()[-2].startswith("| Basket and checkout service")
    assert "ana@% is gone" in up.headgate("sql-account", "revoke", "ana").stdout
    assert up.stop() == 0
