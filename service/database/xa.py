"""XA transactions of others: one that is prepared keeps its locks when its session ends, and for good.

Headgate has none, and MySQL lets every login have them.
"""

from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database.connection import query
from service.database.problem import DatabaseProblem, denied

_UNKNOWN_XID = 1397

# `timer_wait` is in picoseconds. Until a table is read, InnoDB knows nothing of a transaction.
_OPEN = """
SELECT session.processlist_id, session.processlist_user
  FROM performance_schema.events_transactions_current AS open
  JOIN performance_schema.threads AS session ON session.thread_id = open.thread_id
  JOIN sql_account AS bound ON bound.login = session.processlist_user AND bound.user_id IS NOT NULL
 WHERE open.state = 'ACTIVE' AND (open.xid_format_id IS NOT NULL OR open.timer_wait >= %s * 1000000000000)
"""

# A lock that lasts as long as its transaction, of a session that is gone or in none: a prepared one has it.
_HELD_BY_NOBODY = """
SELECT 1
  FROM performance_schema.metadata_locks AS held
  LEFT JOIN performance_schema.threads AS session ON session.thread_id = held.owner_thread_id
  LEFT JOIN performance_schema.events_transactions_current AS open
         ON open.thread_id = session.thread_id AND open.state = 'ACTIVE' AND NOT open.xa_state <=> 'PREPARED'
 WHERE held.object_schema = DATABASE() AND held.lock_duration = 'TRANSACTION'
   AND (session.thread_id IS NULL OR session.processlist_command = 'Sleep' AND open.thread_id IS NULL)
 LIMIT 1
"""


def sessions(connection: "Connection[Any]", seconds: int) -> list[tuple[int, str]]:
    """Sessions of bound logins, by id and name, in an XA transaction, or one that is older than that."""
    try:
        return [(int(number), str(name)) for number, name in query(connection, _OPEN, seconds)]
    except MySQLError as error:
        raise _blind(error) from error


def left_behind(connection: "Connection[Any]") -> set[str]:
    """The prepared transactions, as XA ROLLBACK names them, if any of them holds our tables.

    MySQL does not say which of them holds what.
    """
    try:
        if not query(connection, _HELD_BY_NOBODY):
            return set()
    except MySQLError as error:
        raise _blind(error) from error
    try:
        found = query(connection, "XA RECOVER CONVERT XID")
    except MySQLError as error:
        what = "Prepared transactions may hold tables of ours, and cannot be seen"
        raise denied(error, what, "XA_RECOVER_ADMIN") from error
    return {
        f"X'{data[2 : 2 + 2 * first]}',X'{data[2 + 2 * first :]}',{number}"
        for number, first, _, data in found
    }


def roll_back(connection: "Connection[Any]", xids: set[str]) -> list[str]:
    """Roll back prepared transactions, until none of those that are left holds our tables; returns which."""
    done = []
    for xid in sorted(xids):
        if xid not in left_behind(connection):
            continue
        try:
            query(connection, f"XA ROLLBACK {xid}")
            done.append(xid)
        except MySQLError as error:
            # It belongs to a session, or somebody else has ended it.
            if error.args[0] != _UNKNOWN_XID:
                raise
    return done


def _blind(error: MySQLError) -> DatabaseProblem:
    what = "Whether XA transactions hold tables cannot be seen"
    return denied(error, what, "SELECT ON performance_schema.*")
