"""The command line: one module per group of commands, assembled here."""

import os
import sys
from typing import Any

import click
from pymysql.err import MySQLError

from service.cli import (
    accounts,
    attachments,
    demo,
    events,
    graph,
    migrate,
    serve,
    sql,
    sql_accounts,
    transfer,
    up,
    verify,
    worker,
)
from service.config import ConfigError
from service.database.problem import DatabaseProblem, sentence
from service.embedded import EmbeddedError
from service.errors import Refused
from service.process.server import ServeError

# Ways of saying no whose text is already one clear sentence.
TOLD = (ConfigError, DatabaseProblem, EmbeddedError, Refused, ServeError)


class Headgate(click.Group):
    """Ends a command that failed with one sentence and exit code 1, never with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TOLD as error:
            raise click.ClickException(_plain(str(error))) from error
        except MySQLError as error:
            raise click.ClickException(f"MySQL: {sentence(error)}.") from error
        except BrokenPipeError:
            # Whoever read our output has enough; Python would complain once more while it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(1) from None
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{name}{error.strerror or error}.") from error
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # the last door: whoever types a command gets a sentence
            raise click.ClickException(f"Unexpected {type(error).__name__}: {_plain(str(error))}") from error


@click.group(cls=Headgate, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="headgate", message="%(prog)s %(version)s")
def main() -> None:
    """Headgate: tasks and what they wait for, with the rules in the database.

    \b
    headgate up                     everything, with demo data, until Ctrl-C
    headgate sql                    a prompt on the running database
    headgate import tasks.jsonl     a whole graph, all or nothing

    Exit codes: 0 done, 1 refused or failed (one sentence says why), 2 wrong usage.
    """


def _plain(text: str) -> str:
    return " ".join(text.split())


for command in (
    up.up,
    serve.serve,
    worker.worker,
    migrate.migrate,
    sql.sql,
    sql.dsn,
    demo.seed,
    transfer.import_file,
    transfer.export_file,
    graph.graph,
    verify.verify,
    accounts.user,
    events.events,
    attachments.attachments,
    sql_accounts.sql_account,
):
    main.add_command(command)
