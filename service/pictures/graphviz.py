"""Pictures by Graphviz, where it is installed: one process for each, which gets text and a few seconds."""

import shutil
import subprocess

from service.errors import Refused

LAYOUT_SECONDS = 20


def svg(dot: str) -> bytes:
    """Lay out a graph and draw it as an SVG document; blocks until that is done."""
    program = shutil.which("dot")
    if program is None:
        raise Refused(
            "graphviz_missing",
            "Graphviz is not installed here; ask for the graph as DOT or Mermaid and draw it elsewhere.",
        )
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.encode(),
            capture_output=True,
            check=True,
            timeout=LAYOUT_SECONDS,
            # As a server, Graphviz opens no file that a graph names.
            env={"SERVER_NAME": "headgate"},
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(
            "picture_too_slow",
            f"Graphviz did not finish within {LAYOUT_SECONDS} seconds; ask for fewer steps, or for DOT.",
        ) from error
    return done.stdout
