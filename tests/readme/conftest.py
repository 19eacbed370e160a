"""The fixture that starts `headgate up`."""

from tests.end_to_end.conftest import start

__all__ = ["start"]
