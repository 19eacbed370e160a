"""How many examples hypothesis tries: a few, always the same, in the suite; any number in a soak."""

import os

from hypothesis import HealthCheck, settings

# HEADGATE_EXAMPLES=5000 tries so many, and chooses them anew each time.
SOAK = os.environ.get("HEADGATE_EXAMPLES")


def examples(count: int, steps: int = 50) -> settings:
    """The settings of one test: `count` examples, or as many as HEADGATE_EXAMPLES says."""
    return settings(
        max_examples=int(SOAK or count),
        stateful_step_count=steps,
        # A suite that is run to judge a change fails for that change only; a failure of a soak is printed
        # with a line that reproduces it.
        derandomize=not SOAK,
        print_blob=True,
        # Servers and neighbours decide how long a step takes.
        deadline=None,
        # Each example makes its own workspace, so what the fixtures give can be shared by all of them.
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
