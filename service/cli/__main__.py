"""`python -m service.cli` is `headgate`, also where the project is not installed."""

from service.cli import main

main(prog_name="headgate")
