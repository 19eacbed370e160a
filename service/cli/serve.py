"""headgate serve: the API alone."""

import click

from service import server
from service.config import Settings


@click.command()
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes.")
def serve(workers: int) -> None:
    """Serve the API on HOST and PORT, with the databases that the environment names.

    SIGTERM and Ctrl-C let running requests end first (SHUTDOWN_SECONDS).

    \b
    SERVICE_DATABASE_URL=mysql://... REDIS_URL=redis://... SECRET_KEY=... headgate serve --workers 4
    """
    server.serve(Settings.from_environment(), workers)
