"""Which database a command means: the one of DATABASE_URL, or the one that `headgate up` is running."""

from service.cli import state
from service.cli.state import Running
from service.config import Settings
from service.database.connection import Dsn
from service.database.problem import DatabaseProblem

# The demo's user, and the login at the SQL prompt that is bound to it.
DEMO_USER = "demo"
DEMO_PASSWORD = "headgate-demo"  # printed by `up`: whoever reads this may use it

OWNERS = ("owner", "service", "analyst")


def analyst_account(owner: Dsn) -> Dsn:
    """The login that `up` binds to the demo user, with whatever password the owner has."""
    return owner.login_as(f"{owner.database}_demo", owner.password)


def find() -> Running:
    """The addresses of the database that commands work on."""
    settings = Settings.from_environment()
    if not settings.database_url:
        if found := state.running():
            return found
        raise DatabaseProblem("Nothing runs here: start it with `headgate up`, or set DATABASE_URL.")
    analyst = analyst_account(Dsn.parse(settings.database_url))
    known = state.known_password(analyst)
    return Running(
        owner_url=settings.database_url,
        service_url=settings.service_database_url,
        analyst_url=analyst.login_as(analyst.user, known).url if known else "",
        redis_url=settings.redis_url,
    )


def owner() -> Dsn:
    """The schema's owner."""
    return Dsn.parse(find().owner_url)


def account(role: str) -> Dsn:
    """One of the accounts: owner, service or analyst."""
    found = find()
    url = {"owner": found.owner_url, "service": found.service_url, "analyst": found.analyst_url}[role]
    if not url:
        raise DatabaseProblem(
            f"This database has no {role} account that is known here; `headgate up` makes one."
        )
    return Dsn.parse(url)
