"""The one exception of this package: a sentence for the person who runs the command."""

from pymysql.err import MySQLError


class DatabaseProblem(Exception):
    """The database cannot be brought where it should be; the text says why and what to do."""


def sentence(error: BaseException) -> str:
    """A driver error as "message (MySQL 1064)"; any other as its own text."""
    if isinstance(error, MySQLError) and len(error.args) >= 2:
        # PyMySQL reads the number as signed; ours are above 32767.
        return f"{error.args[1]} (MySQL {int(error.args[0]) & 0xFFFF})"
    return str(error) or type(error).__name__
