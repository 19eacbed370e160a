"""Calling procedures outside the service; a refusal is `Refused`, as over REST."""

from typing import Any

import orjson
from pymysql.connections import Connection
from pymysql.cursors import DictCursor
from pymysql.err import MySQLError

from service.errors import BY_ERRNO, Refused

Row = dict[str, Any]


def call(connection: "Connection[Any]", procedure: str, *args: object) -> list[Row]:
    """Call a procedure and return the rows of its first result."""
    return (call_for_all(connection, procedure, *args) or [[]])[0]


def call_for_all(connection: "Connection[Any]", procedure: str, *args: object) -> list[list[Row]]:
    """Call a procedure and return the rows of each of its results; dicts and lists go in as JSON."""
    marks = ", ".join(["%s"] * len(args))
    results: list[list[Row]] = []
    with connection.cursor(DictCursor) as cursor:
        try:
            cursor.execute(f"CALL {procedure}({marks})", [_argument(arg) for arg in args])
            # A CALL ends with one more, empty, result: one without columns.
            while cursor.description:
                results.append(list(cursor.fetchall()))
                cursor.nextset()
        except MySQLError as error:
            raise refusal(connection, error) from error
    return results


def refusal(connection: "Connection[Any]", error: MySQLError) -> Refused | MySQLError:
    """The refusal that a driver error carries, or the error itself when it is none of ours."""
    # PyMySQL reads the number as a signed short; ours are above 32767.
    known = BY_ERRNO.get(error.args[0] & 0xFFFF) if error.args else None
    if not known:
        return error
    with connection.cursor(DictCursor) as cursor:
        cursor.execute("SELECT @headgate_error AS told")
        row = cursor.fetchone()
    told = orjson.loads(row["told"]) if row and row["told"] else {}
    if told.get("code") != known.code:
        # A statement of an older refusal on this connection: the message alone is about this one.
        return Refused(known.code, str(error.args[1]).removeprefix(f"{known.code}: "))
    return Refused(known.code, told["detail"], told.get("facts"))


def _argument(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
