"""Entity tags (RFC 9110): `"{database}.{workspace}.{revision}"` names what an answer belongs to.

That of a single task goes on with `-{id}v{version}`, and a write with If-Match asks for that version: what
changes elsewhere in the workspace does not concern it. Compressed bodies are other bytes, and their tags end
in `-gzip`.
"""

import re
from functools import lru_cache

GZIPPED = "-gzip"
FORM = r'^(\*|"[!#-~]*")$'
_TAG = re.compile(r'"([^"]*)"')
_TASK = re.compile(r'^"[\w.]+-(\d+)v(\d+)(?:-gzip)?"$', re.ASCII)
_CODINGS = re.compile(r"(?:^|,)\s*(gzip|x-gzip|\*)\s*(?:;\s*q=([\d.]+)\s*)?(?=,|$)", re.IGNORECASE)


def task_entity(task_id: int, version: int) -> str:
    """What the tag of a task has beyond that of a list."""
    return f"-{task_id}v{version}"


def expected_version(if_match: str | None, task_id: int) -> int | None:
    """The version that If-Match asks for: None for any, 0 (no task has it) for a tag of something else."""
    if if_match in {None, "*"}:
        return None
    found = _TASK.match(if_match or "")
    return int(found[2]) if found and int(found[1]) == task_id else 0


def names(if_none_match: str, tag: str) -> bool:
    """Whether If-None-Match lists the tag, however its body was coded."""
    return bool(if_none_match) and (
        if_none_match.strip() == "*"
        or tag in (listed.removesuffix(GZIPPED) for listed in _TAG.findall(if_none_match))
    )


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether a client said that it reads gzip."""
    said = {coding.lower(): quality for coding, quality in _CODINGS.findall(accept_encoding)}
    # A * stands for what is not named.
    quality = next((said[coding] for coding in ("gzip", "x-gzip", "*") if coding in said), "0")
    return quality == "" or quality.strip("0.") != ""
