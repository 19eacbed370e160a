"""headgate sql-account: a login is made for one user, shown, limited, and taken away with its sessions."""

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database import logins, xa
from service.database.connection import Dsn, open_connection, query
from service.database.problem import DatabaseProblem
from tests.cli.conftest import Headgate
from tests.conftest import Database, User, server_dsn

Open = Callable[[str, str], "Connection[Any]"]


@pytest.fixture
def name(database: Database, owner: "Connection[Any]") -> Iterator[str]:
    """A name that no account has; what got it is gone afterwards, from every host."""
    name = f"{database.name}_{secrets.token_hex(3)}"
    yield name
    for (host,) in query(owner, "SELECT host FROM mysql.user WHERE user = %s", name):
        query(owner, f"DROP USER `{name}`@`{host}`")
    query(owner, "DELETE FROM sql_account WHERE login = %s", name)


@pytest.fixture
def log_in(database: Database) -> Iterator[Open]:
    """Open the database as somebody: `log_in(name, password)`."""
    with ExitStack() as connections:

        def open_as(name: str, password: str) -> "Connection[Any]":
            dsn = Dsn.parse(database.owner_url).login_as(name, password)
            connection = open_connection(dsn)
            connections.callback(lambda: connection.open and connection.close())
            return connection

        yield open_as


def password_in(output: str) -> str:
    found = re.search(r"^Password, shown only now: (\S+)$", output, re.MULTILINE)
    assert found, output
    return found[1]


def test_an_analyst_is_made_who_reads_as_the_user(
    headgate: Headgate, log_in: Open, name: str, user: User, tasks
) -> None:
    tasks("mine")

    made = headgate("sql-account", "create", name, "--user", user.name)

    assert made.exit_code == 0, made.output
    assert f"{name}@% speaks for {user.name}, as analyst." in made.stdout
    assert f"--user={name} --password" in made.stdout
    me = log_in(name, password_in(made.stdout))
    assert query(me, "SELECT title FROM visible_task") == [("mine",)]
    assert query(me, "CALL get_user(NULL)")[0][0] == user.id
    with pytest.raises(MySQLError, match="denied"):
        query(me, "CALL create_task(NULL, NULL, '{}')")


def test_a_planner_may_change(headgate: Headgate, log_in: Open, name: str, user: User) -> None:
    made = headgate("sql-account", "create", name, "--user", user.name, "--plan")

    me = log_in(name, password_in(made.stdout))

    assert query(me, "CALL create_task(NULL, NULL, JSON_OBJECT('title', 'new'))")


def test_the_list_shows_it_without_its_password(headgate: Headgate, name: str, user: User) -> None:
    made = headgate("sql-account", "create", name, "--user", user.name, "--from", "10.0.0.%")

    shown = headgate("sql-account", "list").stdout

    (line,) = [line for line in shown.splitlines() if name in line]
    for word in ("10.0.0.%", user.name, "analyst", "at most 10"):
        assert word in line
    assert password_in(made.stdout) not in shown


def test_two_hosts_are_one_login_and_one_user(headgate: Headgate, name: str, user: User, new_user) -> None:
    other = new_user()
    here = headgate("sql-account", "create", name, "--user", user.name)
    there = headgate("sql-account", "create", name, "--user", user.name, "--from", "10.0.0.1", "--plan")
    again = headgate("sql-account", "create", name, "--user", user.name)
    stolen = headgate("sql-account", "create", name, "--user", other.name, "--from", "10.0.0.2")

    assert (here.exit_code, there.exit_code) == (0, 0), there.output
    assert again.stderr == f"Error: {name}@% is there already; revoke it to give it a new password.\n"
    assert f"The login {name} speaks for {user.name}, from whatever host" in stolen.stderr
    gone = headgate("sql-account", "revoke", name).stdout
    assert f"{name}@%, {name}@10.0.0.1 is gone" in gone or f"{name}@10.0.0.1, {name}@% is gone" in gone


def test_names_of_others_are_refused(
    headgate: Headgate, owner: "Connection[Any]", database: Database, name: str, user: User
) -> None:
    query(owner, f"CREATE USER `{name}`@`192.168.7.7`")

    foreign = headgate("sql-account", "create", name, "--user", user.name)
    service = headgate("sql-account", "create", f"{database.name}_api", "--user", user.name)
    unknown = headgate("sql-account", "create", f"{name}x", "--user", "nobody-of-that-name")
    long = headgate("sql-account", "create", "x" * 33, "--user", user.name)
    odd = headgate("sql-account", "create", "a\nb", "--user", user.name)

    assert f"MySQL has an account {name}@192.168.7.7 that Headgate has not made" in foreign.stderr
    assert "is Headgate's own login" in service.stderr
    assert "There is no user 'nobody-of-that-name'" in unknown.stderr
    assert "1 to 32 printable characters" in long.stderr
    assert "1 to 32 printable characters" in odd.stderr
    assert query(owner, "SELECT 1 FROM sql_account WHERE login = %s", name) == []
    for refused in (foreign, service, unknown, long, odd):
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    "odd", ["o'neil", "back`tick", 'dou"ble', "semi;DROP", "back\\slash", "100%s", "at@home", "ünï"]
)
def test_any_name_is_quoted(
    headgate: Headgate, log_in: Open, name: str, owner: "Connection[Any]", user: User, odd: str
) -> None:
    login = f"{odd}{name[-8:]}"

    made = headgate("sql-account", "create", login, "--user", user.name, "--from", "localhost")

    assert made.exit_code == 0, made.output
    assert query(log_in(login, password_in(made.stdout)), "CALL get_user(NULL)")[0][0] == user.id
    assert headgate("sql-account", "revoke", login).exit_code == 0
    assert query(owner, "SELECT 1 FROM mysql.user WHERE user = %s", login) == []


def test_a_user_has_so_many_sessions_and_no_more(
    headgate: Headgate, log_in: Open, name: str, user: User
) -> None:
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)

    for _ in range(logins.CONNECTIONS):
        log_in(name, password)

    with pytest.raises(MySQLError, match="max_user_connections"):
        log_in(name, password)


def test_tls_is_required_where_passwords_travel(
    headgate: Headgate,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    owner: "Connection[Any]",
    user: User,
) -> None:
    def networked(connection, sql, *args):  # type: ignore[no-untyped-def]
        return query(connection, sql.replace("@@skip_networking", "0"), *args)

    monkeypatch.setattr(logins, "query", networked)
    made = headgate("sql-account", "create", name, "--user", user.name)
    local = headgate("sql-account", "create", name, "--user", user.name, "--from", "127.0.0.1")

    assert made.exit_code == local.exit_code == 0
    assert query(owner, "SELECT host, ssl_type FROM mysql.user WHERE user = %s ORDER BY host", name) == [
        ("%", "ANY"),
        ("127.0.0.1", ""),
    ]


def test_revoking_ends_open_sessions(
    headgate: Headgate, log_in: Open, name: str, owner: "Connection[Any]", user: User
) -> None:
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)
    idle, busy = log_in(name, password), log_in(name, password)
    told: list[object] = []

    def sleep() -> None:
        try:
            query(busy, "SELECT SLEEP(60), '👍'")
        except MySQLError as error:
            told.append(error.args[0])

    thread = threading.Thread(target=sleep)
    thread.start()
    while not query(
        owner, "SELECT 1 FROM performance_schema.processlist WHERE user = %s AND info LIKE '%%SLEEP%%'", name
    ):
        pass

    gone = headgate("sql-account", "revoke", name)
    thread.join(10)

    assert gone.stdout == f"{name}@% is gone; 2 open sessions were ended.\n"
    assert told
    with pytest.raises(MySQLError):
        query(idle, "SELECT 1")
    with pytest.raises(MySQLError, match="denied"):
        log_in(name, password)
    assert "There is no SQL account" in headgate("sql-account", "revoke", name).stderr
    assert "There is no SQL account" in headgate("sql-account", "revoke", "root").stderr


def test_both_ends_are_security_events(
    headgate: Headgate, name: str, owner: "Connection[Any]", user: User
) -> None:
    headgate("sql-account", "create", name, "--user", user.name)
    headgate("sql-account", "revoke", name)

    told = query(owner, "SELECT event, facts FROM security_event WHERE user_id = %s ORDER BY id", user.id)

    assert [event for event, _ in told][-2:] == ["sql_account_added", "sql_account_removed"]
    assert all(name in facts for _, facts in told[-2:])


def test_a_session_that_cannot_be_ended_sees_nothing(
    database: Database,
    headgate: Headgate,
    log_in: Open,
    name: str,
    owner: "Connection[Any]",
    user: User,
    tasks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tasks("mine")
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)
    me = log_in(name, password)
    monkeypatch.setattr(logins, "end_sessions", lambda *_: 0)

    headgate("sql-account", "revoke", name)

    with suppress(
        MySQLError
    ):  # MySQL may take the rights of an account that is gone at once, or at its next login
        assert query(me, "SELECT * FROM visible_task") == []
    with pytest.raises(MySQLError):
        query(me, "CALL get_user(NULL)")


def test_an_owner_who_lacks_a_right_is_told_which(
    database: Database, name: str, owner: "Connection[Any]", user: User
) -> None:
    plain = Dsn.parse(database.owner_url).login_as(f"{name}_own", "x")
    query(owner, f"CREATE USER `{plain.user}` IDENTIFIED BY 'x'")
    query(owner, f"GRANT ALL ON {database.name}.* TO `{plain.user}`")

    for missing in ("SELECT ON mysql.*", "CREATE USER ON *.*", "ROLE_ADMIN ON *.*"):
        told = re.escape(f"Let an administrator run GRANT {missing} TO it.")
        with open_connection(plain) as connection, pytest.raises(DatabaseProblem, match=told):
            logins.create(connection, name, "%", user.id, "analyst")
        query(owner, f"GRANT {missing} TO `{plain.user}`")
        assert query(owner, "SELECT 1 FROM mysql.user WHERE user = %s", name) == []
        assert query(owner, "SELECT 1 FROM sql_account WHERE login = %s", name) == []

    with open_connection(plain) as connection:
        logins.create(connection, name, "%", user.id, "analyst")


def test_the_watch_ends_what_takes_too_long(
    headgate: Headgate, database: Database, log_in: Open, name: str, owner: "Connection[Any]", user: User
) -> None:
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)
    quick, slow = log_in(name, password), log_in(name, password)
    query(slow, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
    query(slow, "SELECT COUNT(*) FROM visible_task")
    ((number,),) = query(slow, "SELECT CONNECTION_ID()")
    query(owner, "DO SLEEP(1.1)")

    said = headgate("sql-account", "watch", "--seconds", "1", "--once")

    assert f"Ended session {number} of {name}." in said.stdout
    with pytest.raises(MySQLError):
        query(slow, "SELECT 1")
    assert query(quick, "SELECT 1") == [(1,)]


@pytest.fixture
def prepared(
    headgate: Headgate, log_in: Open, name: str, owner: "Connection[Any]", user: User
) -> Callable[..., None]:
    """Have a login read a view in an XA transaction of this name, prepare it, and leave or stay."""
    # MySQL does not say which of them holds what: two tests at once could undo each other's.
    query(owner, "DO GET_LOCK('headgate.tests.xa', 60)")

    def prepare(xid: str, *, leave: bool) -> None:
        password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)
        session = log_in(name, password)
        for statement in (
            f"XA START '{xid}'",
            "SELECT COUNT(*) FROM visible_task",
            f"XA END '{xid}'",
            f"XA PREPARE '{xid}'",
        ):
            query(session, statement)
        if leave:
            session.close()
            while query(owner, "SELECT 1 FROM performance_schema.processlist WHERE user = %s", name):
                pass

    return prepare


def is_prepared(owner: "Connection[Any]", xid: str) -> bool:
    return any(row[3] == xid for row in query(owner, "XA RECOVER"))


def number_of_locks(owner: "Connection[Any]") -> int:
    held = "SELECT 1 FROM performance_schema.metadata_locks WHERE object_schema = DATABASE() AND object_name = 'task'"
    return len(query(owner, held))


@pytest.mark.parametrize("leaves", [True, False], ids=["left", "kept open"])
def test_the_watch_undoes_a_prepared_transaction(
    headgate: Headgate, name: str, owner: "Connection[Any]", prepared: Any, leaves: bool
) -> None:
    prepared(name, leave=leaves)
    assert is_prepared(owner, name)
    assert number_of_locks(owner)

    said = headgate("sql-account", "watch", "--seconds", "600", "--once", "--leave-xa")
    assert (said.stdout, is_prepared(owner, name)) == ("", True)
    said = headgate("sql-account", "watch", "--seconds", "600", "--once")

    assert f"Rolled back the prepared transaction X'{name.encode().hex().upper()}',X'',1." in said.stdout
    assert (f" of {name}.\n" in said.stdout) is not leaves
    assert not is_prepared(owner, name)
    assert number_of_locks(owner) == 0


def test_revoking_undoes_what_the_login_has_prepared(
    headgate: Headgate, name: str, owner: "Connection[Any]", prepared: Any
) -> None:
    prepared(name, leave=False)

    said = headgate("sql-account", "revoke", name)

    assert said.stdout.startswith(f"{name}@% is gone; 1 open sessions were ended.\nRolled back the prepared")
    assert not is_prepared(owner, name)
    assert number_of_locks(owner) == 0


def test_the_watch_ends_a_session_that_only_holds_the_tables(
    headgate: Headgate, log_in: Open, name: str, owner: "Connection[Any]", user: User
) -> None:
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)
    plain, other = log_in(name, password), log_in(name, password)
    query(plain, "START TRANSACTION")
    query(plain, "SELECT title FROM visible_task WHERE FALSE")
    query(owner, "DO SLEEP(1.1)")
    query(other, f"XA START '{name}'")

    said = headgate("sql-account", "watch", "--seconds", "1", "--once")

    assert said.stdout.count(f" of {name}.\n") == 2
    for session in (plain, other):
        with pytest.raises(MySQLError):
            query(session, "SELECT 1")


def test_a_watcher_who_lacks_a_right_is_told_which(
    database: Database, owner: "Connection[Any]", name: str, prepared: Any
) -> None:
    prepared(name, leave=True)
    plain = Dsn.parse(database.owner_url).login_as(f"{name}_own", "x")
    query(owner, f"CREATE USER `{plain.user}` IDENTIFIED BY 'x'")
    query(owner, f"GRANT SELECT ON {database.name}.* TO `{plain.user}`")

    for missing in ("SELECT ON performance_schema.*", "XA_RECOVER_ADMIN ON *.*"):
        told = re.escape(f"Let an administrator run GRANT {missing} TO it.")
        with open_connection(plain) as connection, pytest.raises(DatabaseProblem, match=told):
            xa.left_behind(connection)
        query(owner, f"GRANT {missing} TO `{plain.user}`")

    with open_connection(plain) as connection:
        assert xa.roll_back(connection, xa.left_behind(connection))


def test_the_password_is_in_no_statement_that_the_server_keeps(
    headgate: Headgate, name: str, user: User
) -> None:
    password = password_in(headgate("sql-account", "create", name, "--user", user.name).stdout)

    with open_connection(server_dsn("performance_schema")) as administrator:
        kept = query(
            administrator,
            "SELECT sql_text FROM events_statements_history_long UNION ALL SELECT sql_text FROM events_statements_history",
        )

    assert not [text for (text,) in kept if text and password in text]
