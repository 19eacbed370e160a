"""headgate worker: what happens in the background."""

import click

from service.config import Settings
from service.process import server
from service.worker.process import work


@click.command()
def worker() -> None:
    """Do what nobody waits for: tell of changes, put back what was abandoned, remove what is old.

    Any number may run, on any machine: each thing is done once. SIGTERM and Ctrl-C let it finish what it is
    doing (SHUTDOWN_SECONDS). `headgate up` does the same beside the API.

    \b
    SERVICE_DATABASE_URL=mysql://... REDIS_URL=redis://... SECRET_KEY=... headgate worker
    """
    settings = Settings.from_environment()
    server.configure(settings)
    with server.measured(settings):
        work(settings)
