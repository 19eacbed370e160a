"""Task graphs as text that other programs draw: DOT for Graphviz, and Mermaid.

An arrow leads from a task to the one that waits for it, so work flows with the arrows.
"""

import re

from service.db import Row

# Fill and border by status; what is pending and can be begun stands out.
COLOURS = {
    "ready": ("#dbeafe", "#2563eb"),
    "pending": ("#f3f4f6", "#6b7280"),
    "in_progress": ("#fef3c7", "#d97706"),
    "completed": ("#dcfce7", "#16a34a"),
    "cancelled": ("#ffffff", "#d1d5db"),
}

# What XML cannot carry, and line breaks: a title is one line.
_UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
# Mermaid gives a meaning to most of what is neither letter, digit nor blank.
_PLAIN = re.compile(r"[^\w ]", re.ASCII)


def dot(tasks: list[Row], edges: list[Row]) -> str:
    """The graph in Graphviz's language."""
    lines = ["digraph tasks {", "    rankdir=LR", '    node [shape=box style="rounded,filled" fontname=sans]']
    for task in tasks:
        fill, border = COLOURS[_look(task)]
        label = _line(task["title"]).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    t{task["task_id"]} [label="{label}" fillcolor="{fill}" color="{border}"]')
    lines += [f"    t{edge['depends_on_id']} -> t{edge['task_id']}" for edge in edges]
    return "\n".join([*lines, "}", ""])


def mermaid(tasks: list[Row], edges: list[Row]) -> str:
    """The graph in Mermaid's language, as pages on code hosts show it."""
    lines = ["flowchart LR"]
    for task in tasks:
        label = _PLAIN.sub(_code_point, _line(task["title"]))
        lines.append(f'    t{task["task_id"]}["{label}"]:::{_look(task)}')
    lines += [f"    t{edge['depends_on_id']} --> t{edge['task_id']}" for edge in edges]
    for look, (fill, border) in COLOURS.items():
        lines.append(f"    classDef {look} fill:{fill},stroke:{border},color:#111827")
    return "\n".join([*lines, ""])


def _look(task: Row) -> str:
    return "ready" if task["status"] == "pending" and task["readiness"] == "ready" else str(task["status"])


def _line(title: str) -> str:
    return _UNDRAWABLE.sub(" ", title)


def _code_point(found: re.Match[str]) -> str:
    """An ASCII sign by its number; letters of other scripts stay."""
    return found[0] if not found[0].isascii() else f"#{ord(found[0])};"
