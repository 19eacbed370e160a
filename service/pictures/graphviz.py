"""Pictures by Graphviz, where it is installed: one process for each, which gets text and a few seconds."""

import shutil
import subprocess

from service.errors import Refused

# The time that ranks take grows fast and unforeseeably. Above so many edges they are put coarsely, with
# straight lines; what is not done in time is drawn as a cloud, in which neighbours are near each other.
TIDY_EDGES = 500
RANKED_EDGES = 2000
RANKED_SECONDS = 10
CLOUD_SECONDS = 15
COARSELY = ("-Gsplines=line", "-Gnslimit=0.5", "-Gnslimit1=0.5", "-Gmclimit=0.05", "-Gsearchsize=10")
AS_A_CLOUD = ("-Ksfdp", "-Goverlap=prism")


def svg(dot: str) -> bytes:
    """Lay out a graph and draw it as an SVG document; blocks until that is done."""
    program = shutil.which("dot")
    if program is None:
        raise Refused(
            "graphviz_missing",
            "Graphviz is not installed here; ask for the graph as DOT or Mermaid and draw it elsewhere.",
        )
    edges = dot.count(" -> ")
    drawn = None
    if edges <= RANKED_EDGES:
        drawn = _run(program, () if edges <= TIDY_EDGES else COARSELY, dot, RANKED_SECONDS)
    drawn = drawn or _run(program, AS_A_CLOUD, dot, CLOUD_SECONDS)
    if drawn is None:
        raise Refused("picture_too_slow", "Graphviz did not finish in time; ask for fewer steps, or for DOT.")
    return drawn


def _run(program: str, options: tuple[str, ...], dot: str, seconds: float) -> bytes | None:
    """The picture, unless it takes longer."""
    try:
        done = subprocess.run(
            [program, "-Tsvg", *options],
            input=dot.encode(),
            capture_output=True,
            check=True,
            timeout=seconds,
            # As a server, Graphviz opens no file that a graph names.
            env={"SERVER_NAME": "headgate"},
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout
