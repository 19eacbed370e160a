"""The one exception of this package: a sentence for the person who runs the command."""

from pymysql.err import MySQLError

# What MySQL says for want of a right; 1401 is what it says of XA RECOVER.
_DENIED = {1044, 1045, 1095, 1142, 1143, 1227, 1401, 1698}


class DatabaseProblem(Exception):
    """The database cannot be brought where it should be; the text says why and what to do."""


def sentence(error: BaseException) -> str:
    """A driver error as "message (MySQL 1064)"; any other as its own text."""
    if isinstance(error, MySQLError) and len(error.args) >= 2:
        # PyMySQL reads the number as signed; ours are above 32767.
        return f"{error.args[1]} (MySQL {int(error.args[0]) & 0xFFFF})"
    return str(error) or type(error).__name__


def denied(error: MySQLError, what: str, rights: str) -> DatabaseProblem:
    """What could not be done, and, if a right was missing, which."""
    if error.args[0] in _DENIED:
        on = rights if " ON " in rights else f"{rights} ON *.*"
        return DatabaseProblem(
            f"{what}: this login lacks the right. Let an administrator run GRANT {on} TO it."
            f" {sentence(error)}"
        )
    return DatabaseProblem(f"{what}: {sentence(error)}")
