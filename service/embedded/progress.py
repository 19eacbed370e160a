"""What the private servers tell whoever started them: how far a slow step is, and what is worth knowing."""

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of slow steps; the command line draws a bar from it."""

    def step(self, what: str, fraction: float) -> None:
        """`what` ("Downloading MySQL 8.0") is done to `fraction`, which runs from 0.0 to 1.0."""

    def note(self, message: str) -> None:
        """One line that a person should see, such as a fall-back to another version."""


class Quiet:
    """Progress for callers who do not want any."""

    def step(self, what: str, fraction: float) -> None:
        pass

    def note(self, message: str) -> None:
        pass


QUIET = Quiet()
