"""Somebody at a SQL prompt who means harm: whatever the session sets, rules hold, others stay out of reach."""

import json
import re
from contextlib import suppress

import pytest
from pymysql.err import MySQLError

from service.errors import Refused
from service.manual.procedure import PROCEDURES, Header
from tests.servers import run
from tests.test_sources import CHANGING, PUBLIC
from tests.test_sources import SQL as FILES

TABLES = ["app_user", "workspace", "membership", "task", "dependency", "node", "change_log", "sql_account"]

# What the settings may change: a refusal, as of a statement that may not be. What they may not: an answer.
SETTINGS = [
    "@headgate_deriving = 1",
    "@headgate_deriving = 2, @headgate_new_after = 0",
    "@headgate_actor_id = 1",
    "@headgate_is_blocking = 0, @headgate_was_open = 0, @headgate_is_open = 0, @headgate_priority_rank = 0",
    "@headgate_error = 'forged'",
    "sql_mode = ''",
    "sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,NO_UNSIGNED_SUBTRACTION,NO_AUTO_VALUE_ON_ZERO'",
    "foreign_key_checks = 0",
    "unique_checks = 0",
    "time_zone = '+13:00'",
    "timestamp = 1",
    "collation_connection = utf8mb4_bin",
    "NAMES latin1",
    "character_set_results = NULL",
    "default_collation_for_utf8mb4 = utf8mb4_general_ci",
    "lc_time_names = 'de_DE'",
    "sql_select_limit = 0",
    "group_concat_max_len = 4",
    "cte_max_recursion_depth = 0",
    "max_sp_recursion_depth = 0",
    "max_sort_length = 4",
    "div_precision_increment = 0",
    "autocommit = 0",
    "completion_type = 1",
    "completion_type = 2",
    "transaction_isolation = 'READ-UNCOMMITTED'",
    "transaction_isolation = 'SERIALIZABLE'",
    "transaction_read_only = 1",
    "innodb_lock_wait_timeout = 1",
    "max_execution_time = 1",
    "sql_safe_updates = 1",
    "sql_auto_is_null = 1",
    "sql_big_selects = 0, max_join_size = 1",
    "insert_id = 9000000000",
    "last_insert_id = 7",
    "auto_increment_increment = 60000, auto_increment_offset = 59999",
    "default_storage_engine = MEMORY, default_tmp_storage_engine = MEMORY",
    "explicit_defaults_for_timestamp = 0",
    "require_row_format = 1",
    "tmp_table_size = 1024, max_heap_table_size = 16384",
    "range_optimizer_max_mem_size = 1",
    "optimizer_switch = 'derived_merge=off,materialization=off,semijoin=off'",
    "optimizer_switch = 'hypergraph_optimizer=on'",
    "use_secondary_engine = FORCED",
]
STORY = [
    ("create_task", None, {"title": "one", "tags": ["x", "y"], "due_at": "2026-12-01T10:00:00Z"}),
    ("create_task", None, {"title": "two", "depends_on": [1]}),
    ("create_task", None, {"title": "three"}),
    ("add_dependency", 3, 2),
    ("add_dependency", 1, 3),
    ("complete_task", 3),
    ("list_ready_tasks", None, False, 0, 50),
    ("get_dependency_tree", 3, "upstream", None),
    ("list_prerequisites", 3, True, 0, 50),
    ("complete_task", 1),
    ("update_task", 2, {"title": "new", "due_at": None}, None, False),
    ("update_task", 2, {"assignee_id": 999999999}, None, False),
    ("list_tasks", None, {"status": "pending"}, "title", "asc", 0, 10),
    ("rebuild_workspace", None),
    ("create_workspace", "Second"),
    ("remove_dependency", 3, 2),
    ("delete_task", 3, "splice", None),
    ("list_changes", None, 0, 100),
]


@pytest.fixture
def tell(person, new_user):
    """Play the story in a session with a setting; the answers, with everything of its own taken out, and whose."""

    def play(setting: str | None) -> tuple[list[str], int]:
        user = new_user()
        me = person("planner", user)
        if setting:
            try:
                me.run(f"SET {setting}")
            except MySQLError as error:
                pytest.skip(f"{error.args[1]}")
        first, answers = None, []
        for name, *args in STORY:
            given = [ids(arg, first) for arg in args]
            try:
                rows = me.call(name, None, *given)
                first = first or rows[0].get("task_id")
                answers.append(f"{name} {plain(rows)}")
            except (MySQLError, Refused) as error:
                code = error.error.code if isinstance(error, Refused) else "error"
                answers.append(f"{name}: {code}")
                if not first:
                    break
        return answers, user.workspace_id

    return play


def ids(argument, first):
    """The story counts its tasks from one."""
    if isinstance(argument, dict) and "depends_on" in argument:
        return argument | {"depends_on": [first]}
    return argument + first - 1 if type(argument) is int and 0 < argument < 4 and first else argument


def plain(rows) -> str:
    """What must be the same for everybody: words, not the numbers and names of one session."""
    text = re.sub(r'"(login|name)": "[^"]*"|"(new|old)_row": "\{[^}]*\}"', "", json.dumps(rows, default=str))
    return re.sub(r"\d[\d :.-]*", "#", text)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_the_session_changes_no_answer_and_breaks_no_rule(setting, tell, owner, violations):
    expected, _ = tell(None)

    answers, workspace_id = tell(setting)

    for one, other in zip(answers, expected, strict=False):
        # Refused, or as ever.
        assert one == other or one.endswith((": error", ": actor_not_allowed")), (one, other)
        if one != other:
            break  # what follows may be about a task that is not there
    assert violations(workspace_id) == {}
    (log,) = run(
        owner,
        "SELECT COUNT(DISTINCT actor_id) AS actors, COUNT(*) - COUNT(actor_id) AS nobody,"
        " MIN(changed_at) > NOW() - INTERVAL 1 HOUR AS is_recent, MAX(task_id) < 1000000000 AS is_dense"
        " FROM change_log WHERE workspace_id = %s",
        workspace_id,
    )
    assert (log["actors"], log["nobody"], log["is_recent"]) == (1, 0, 1)
    assert log["is_dense"] in (1, None)


@pytest.mark.parametrize(
    "setting",
    [
        "insert_id = 9000000000",
        "foreign_key_checks = 0",
        "auto_increment_offset = 2, auto_increment_increment = 9",
    ],
)
def test_ids_cannot_be_chosen_and_the_refusal_says_so(setting, person, user, refused):
    me = person("planner", user)
    me.run(f"SET {setting}")

    with refused("actor_not_allowed") as refusal:
        me.call("create_task", None, None, {"title": "t"})

    assert "foreign_key_checks" in refusal.value.detail


FORBIDDEN = [
    *(f"SELECT * FROM {table}" for table in TABLES),
    "SELECT password_hash FROM app_user",
    "SELECT * FROM mysql.user",
    "SELECT * FROM mysql.role_edges",
    "SELECT * FROM mysql.general_log",
    "SELECT * FROM performance_schema.threads",
    "SELECT * FROM performance_schema.events_statements_history",
    "SELECT * FROM performance_schema.user_variables_by_thread",
    "SELECT * FROM performance_schema.data_locks",
    "SELECT * FROM sys.processlist",
    "SELECT * FROM information_schema.innodb_trx",
    "SELECT * FROM information_schema.innodb_tables",
    "SELECT LOAD_FILE('/etc/passwd') IS NOT NULL AS is_read HAVING is_read",
    "SELECT 1 INTO OUTFILE '/tmp/headgate-never'",
    "CREATE TEMPORARY TABLE membership (workspace_id BIGINT)",
    "CREATE TEMPORARY TABLE mine (id INT)",
    "CREATE TABLE mine (id INT)",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE OR REPLACE VIEW visible_task AS SELECT 1",
    "CREATE FUNCTION mine () RETURNS INT DETERMINISTIC RETURN 1",
    "CREATE PROCEDURE mine () SELECT 1",
    "CREATE DEFINER = root@localhost PROCEDURE mine () SELECT * FROM app_user",
    "CREATE TRIGGER mine BEFORE INSERT ON task FOR EACH ROW SET NEW.title = ''",
    "CREATE EVENT mine ON SCHEDULE EVERY 1 SECOND DO SELECT 1",
    "CREATE DATABASE mine",
    "CREATE USER mine",
    "ALTER PROCEDURE get_task SQL SECURITY INVOKER",
    "ALTER VIEW visible_task AS SELECT 1",
    "DROP PROCEDURE get_task",
    "DROP TABLE task",
    "DROP TRIGGER task_before_insert",
    "TRUNCATE task",
    "LOCK TABLES visible_task WRITE",
    "LOCK INSTANCE FOR BACKUP",
    "FLUSH TABLES WITH READ LOCK",
    "INSERT INTO visible_task (title) VALUES ('x')",
    "UPDATE visible_task SET title = 'x'",
    "DELETE FROM visible_task",
    "UPDATE visible_membership SET role = 'owner'",
    "SELECT * FROM visible_task FOR UPDATE",
    "EXPLAIN SELECT * FROM visible_task",
    "SHOW CREATE VIEW visible_task",
    "SHOW CREATE PROCEDURE get_task",
    "SHOW CREATE TABLE task",
    "SHOW GRANTS FOR root@localhost",
    "SHOW ENGINE INNODB STATUS",
    "SHOW BINARY LOGS",
    "SET GLOBAL max_connections = 1",
    "SET PERSIST max_connections = 1",
    "SET sql_log_bin = 0",
    "SET ROLE ALL EXCEPT mine, root@localhost",
    "GRANT ALL ON *.* TO CURRENT_USER()",
    "SELECT _login()",
    "SELECT _revision(1)",
    "DO _task_schema()",
    "CALL _authorize(@a, @b, NULL, 'own')",
    "CALL _log_change(1, 'task', 'insert', 1, NULL, NULL, NULL)",
    "CALL raise_error('x', 'y', NULL)",
    "CALL get_credentials('root')",
    "CALL create_user('x', 'x@example.org', 'y')",
    "CALL stage_tasks('[]')",
]


@pytest.mark.parametrize("role", ["analyst", "planner"])
def test_everything_that_is_not_granted_is_refused(role, person, user):
    me = person(role, user)

    assert answered(me.connection, FORBIDDEN) == []


@pytest.mark.parametrize("role", ["analyst", "planner"])
def test_the_catalogue_shows_what_is_granted_and_no_more(role, person, user, tasks, database, owner):
    """Every table of information_schema that the login may read, and what performance_schema shows to all."""
    tasks("mine")
    me = person(role, user)
    hidden = {path.stem for path in (FILES / "procedures").rglob("_*.sql")} | {
        path.stem for path in (FILES / "triggers").glob("*.sql")
    }
    hidden |= {"password_hash", "app_user", "sql_account", "dependency_not_self", "topo_rank"}
    found = []

    names = me.run(
        "SELECT table_schema AS `schema`, table_name AS name FROM information_schema.tables"
        " WHERE table_schema IN ('information_schema', 'performance_schema')"
    )
    for one in names:
        # MySQL shows everybody the names of columns here, though of nothing that is in them.
        if one["name"] == "INNODB_FIELDS":
            continue
        with suppress(MySQLError):
            for row in me.run(f"SELECT * FROM {one['schema']}.{one['name']}"):
                cells = {
                    str(cell) for key, cell in row.items() if key not in {"INFO", "ROUTINE_COMMENT", "QUERY"}
                }
                found += [(one["name"], name) for name in hidden & cells]

    assert found == []
    assert {row["user"] for row in me.run("SELECT user AS user FROM information_schema.processlist")} == {
        me.login
    }
    routines = {
        row["name"]
        for row in me.run(
            "SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = DATABASE()"
        )
    }
    assert routines <= {path.stem for path in PUBLIC}
    # Rights that come by a role show nothing there; procedure_help does.
    assert me.run("SELECT name, LEFT(help, 8) AS help FROM procedure_help WHERE name = 'add_dependency'") == [
        {"name": "add_dependency", "help": "Make one"}
    ]
    bodies = me.run(
        "SELECT routine_definition AS body FROM information_schema.routines WHERE routine_schema = DATABASE()"
    )
    assert {row["body"] for row in bodies} <= {None}


def test_nobody_else_can_be_named(person, user, new_user, tasks, refused):
    other = new_user()
    me = person("planner", user)
    (task,) = tasks("mine")

    for actor in (other.id, 1, 0):
        for call in (("get_user",), ("start_task", task), ("create_workspace", "W"), ("list_workspaces",)):
            with refused("actor_not_allowed"):
                me.call(call[0], actor, *call[1:])


def test_leftovers_of_an_interrupted_call_are_no_tables_of_the_login(person, user, owner, tasks):
    """A temporary table of ours that stays behind belongs to the session; it may not become one of another name."""
    me = person("planner", user)
    me.run("CALL rebuild_workspace(NULL, NULL)")

    for statement in (
        "SELECT * FROM staged_task",
        "ALTER TABLE staged_task RENAME TO membership",
        "CREATE TEMPORARY TABLE staged_task (id INT)",
    ):
        with pytest.raises(MySQLError):
            me.run(statement)


def test_the_services_password_opens_its_procedures_and_nothing_else(database, user, tasks):
    tasks("t")
    its_own = ("CALL get_credentials", "CALL create_user", "CALL stage_tasks")
    views = [f"SELECT * FROM {path.stem}" for path in (FILES / "views").glob("*.sql")]

    with database.service() as service:
        assert answered(service, [*views, *(one for one in FORBIDDEN if not one.startswith(its_own))]) == []


# The name of an XA transaction is one for the whole server.
@pytest.mark.parametrize("begin", ["START TRANSACTION", "XA START '{}'"])
def test_nothing_is_changed_in_a_transaction_of_the_session(begin, person, user):
    """Its locks would outlive the call; those of a prepared one even the session."""
    me = person("planner", user)
    me.run(begin.format(me.login))
    done = []

    for name in CHANGING:
        nothing = ", ".join(["NULL"] * len(Header.read(PROCEDURES[name]).types))
        try:
            me.run(f"CALL {name}({nothing})")
            done.append(name)
        except MySQLError as error:
            if error.args[0] not in {1568, 1399}:
                done.append(f"{name}: {error}")

    assert done == []
    assert me.run("SELECT COUNT(*) AS count FROM visible_task")


def answered(connection, statements: list[str]) -> list[str]:
    """Those that are not refused and have something to show."""
    done = []
    for statement in statements:
        with suppress(MySQLError), connection.cursor() as cursor:
            cursor.execute(statement)
            if cursor.fetchall():
                done.append(statement)
    return done
