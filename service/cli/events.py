"""headgate events: what happened to accounts and rights."""

import click

from service.cli import environment
from service.cli.screen import OUT
from service.database.connection import connected, query

# A key is a user whose name says so; who is not known has no name.
EVENTS = """
SELECT event.occurred_at, event.event, about.username, actor.username, event.workspace_id, event.login,
       event.address, event.facts
  FROM security_event AS event
  LEFT JOIN app_user AS about ON about.id = event.user_id
  LEFT JOIN app_user AS actor ON actor.id = event.actor_id
 WHERE (%s IS NULL OR event.workspace_id = %s) AND (%s IS NULL OR about.username = %s)
   AND (%s IS NULL OR CAST(event.facts ->> '$.organization_id' AS UNSIGNED) = %s)
 ORDER BY event.id DESC
 LIMIT %s
"""
NAMES = ("user", "by", "workspace", "login", "address", "facts")


@click.command()
@click.option("--workspace", type=int, metavar="ID", help="Only what is about this workspace.")
@click.option("--organization", type=int, metavar="ID", help="Only what is about who belongs to it.")
@click.option("--user", metavar="NAME", help="Only what is about this user.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
def events(workspace: int | None, organization: int | None, user: str | None, limit: int) -> None:
    """Show what happened to accounts and rights, a line each, the newest first; times are UTC.

    \b
    headgate events --user ada
    headgate events --workspace 7 --limit 500
    headgate events --organization 1
    """
    with connected(environment.owner()) as connection:
        chosen = (one for one in (workspace, user, organization) for _ in range(2))
        rows = query(connection, EVENTS, *chosen, limit)
    width = max((len(event) for _, event, *_ in rows), default=0)
    for moment, event, *words in rows:
        told = "  ".join(
            f"{name}={word}" for name, word in zip(NAMES, words, strict=True) if word is not None
        )
        OUT.print(f"{moment:%Y-%m-%d %H:%M:%S}  {event:<{width}}  {told}", markup=False)
