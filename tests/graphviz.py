"""Graphviz for the tests: the machine's own, or Debian's in the cache, where the servers are too."""

import shutil
import subprocess
from pathlib import Path

from service.embedded.folders import only_one
from service.embedded.prefix import Recipe, ensure_prefix, loaded
from service.embedded.progress import QUIET

RECIPE = Recipe(name="graphviz", title="Graphviz", suites=("",), packages=("graphviz",))


def folder_of_dot(folder: Path) -> Path:
    """A folder for PATH in which there is a `dot`: the machine's, or a script in `folder` that starts ours."""
    if found := shutil.which("dot"):
        return Path(found).parent
    prefix = ensure_prefix(RECIPE, QUIET)
    (plugins,) = {path.parent for path in prefix.rglob("libgvplugin_core.so*")}
    program = " ".join(f"'{part}'" for part in loaded(prefix, "usr/bin/dot"))
    script = folder / "dot"
    script.write_text(f"#!/bin/sh\nGVBINDIR='{plugins}' exec {program} \"$@\"\n")
    script.chmod(0o755)
    with only_one(prefix.with_name(f"{prefix.name}.lock"), waiting=lambda: None):
        if not [*plugins.glob("config*")]:
            subprocess.run([script, "-c"], check=True)
    return folder
