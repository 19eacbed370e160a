"""headgate serve: the API alone."""

import click

from service import metrics
from service.config import Settings
from service.process import server
from service.process.supervisor import supervise


@click.command()
@click.option("--workers", type=click.IntRange(1, 256), help="So many processes, supervised.")
def serve(workers: int | None) -> None:
    """Serve the API on HOST and PORT, with the databases that the environment names.

    SIGTERM and Ctrl-C let running requests end first (SHUTDOWN_SECONDS). With --workers, a process that
    dies is started again, and SIGHUP exchanges all of them one by one, for a new release or new settings,
    without a request that is not answered.

    \b
    SERVICE_DATABASE_URL=mysql://... REDIS_URL=redis://... SECRET_KEY=... headgate serve --workers 4
    """
    settings = Settings.from_environment()
    if workers is None:
        server.serve(settings)
        return
    server.configure(settings)
    server.check_port(settings)
    with metrics.folder_of_workers() as folder, server.measured(settings, folder):
        supervise(settings, workers, folder, Settings.from_environment)
