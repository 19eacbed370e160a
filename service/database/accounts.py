"""SQL logins: who may open the database, with which role, and for whom they speak."""

from typing import Any

from pymysql.connections import Connection
from pymysql.err import MySQLError

from service.database.connection import Dsn, query, quoted
from service.database.grants import role_name
from service.database.problem import DatabaseProblem, sentence


def register(connection: "Connection[Any]", login: str, user_id: int | None) -> None:
    """Say for whom a login speaks: one user, or any user when there is no id."""
    query(
        connection,
        "INSERT INTO sql_account (login, user_id) VALUES (%s, %s) AS new"
        " ON DUPLICATE KEY UPDATE user_id = new.user_id",
        login,
        user_id,
    )


def register_owner(connection: "Connection[Any]") -> None:
    """The login that migrates speaks for any user."""
    ((login,),) = query(connection, "SELECT SUBSTRING_INDEX(USER(), '@', 1)")
    if query(connection, "SELECT 1 FROM sql_account WHERE login = %s AND user_id IS NULL", login):
        return
    register(connection, login, None)


def make_account(
    connection: "Connection[Any]", account: Dsn, role: str, user_id: int | None, *, set_password: bool = False
) -> None:
    """Create a login if it is missing, give it one role of this database, and register it.

    `set_password` also gives an existing login the password of `account`.
    """
    login = f"{quoted(account.user)}@`%`"
    granted = f"{quoted(role_name(account.database, role))}@`%`"
    password = connection.escape(account.password)
    try:
        query(connection, f"CREATE USER IF NOT EXISTS {login} IDENTIFIED BY {password}")
        if set_password:
            query(connection, f"ALTER USER {login} IDENTIFIED BY {password}")
        query(connection, f"GRANT {granted} TO {login}")
        query(connection, f"SET DEFAULT ROLE {granted} TO {login}")
    except MySQLError as error:
        raise DatabaseProblem(f"The account {account.user} could not be made: {sentence(error)}") from error
    register(connection, account.user, user_id)
