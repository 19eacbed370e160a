"""The text that pictures are made of: whatever a title says, it stays a title."""

import json
import re
import shutil
import subprocess
from typing import Any
from xml.etree import ElementTree

import pytest

from service.errors import Refused
from service.pictures import graphviz, picture
from service.vocabulary import STATUSES

HOSTILE = [
    'say "hello"',
    'end" ] evil [label="',
    "back\\slash \\N \\G \\l and one at the end\\",
    "two\nlines\r\nand\u2028more",
    "</script><script>alert(1)</script>",
    "<b>bold</b> &amp; &lt;",
    "a --> b ]:::x; %% comment `markdown`",
    "#quot; #35; {{rhombus}} (round) |pipe|",
    "Über die Brücke, 日本語, 🚦",
    "control \x01 and \ufffe signs",
    "style t1 fill:red; click t1 href javascript:alert(1)",
]
GRAPHVIZ = pytest.mark.usefixtures("graphviz")
each_title = pytest.mark.parametrize("title", HOSTILE)


def task(
    number: int, title: str = "a task", status: str = "pending", readiness: str = "ready"
) -> dict[str, Any]:
    return {"task_id": number, "title": title, "status": status, "priority": "low", "readiness": readiness}


EDGE = {"task_id": 1, "depends_on_id": 2}


def visible(title: str) -> str:
    """A title as far as a picture can show it."""
    return re.sub("[\x00-\x1f\u2028\ufffe]+", " ", title)


def test_an_arrow_leads_from_a_prerequisite_to_what_waits_for_it() -> None:
    rows = [task(1, "ship"), task(2, "design")]

    assert "t2 -> t1" in picture.dot(rows, [EDGE])
    assert "t2 --> t1" in picture.mermaid(rows, [EDGE])


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_colour(status: str) -> None:
    rows = [task(1, status=status, readiness="blocked")]

    assert picture.COLOURS[status][0] in picture.dot(rows, [])
    assert f":::{status}\n" in picture.mermaid(rows, [])


def test_what_is_ready_stands_out() -> None:
    blocked, ready = (picture.dot([task(1, readiness=word)], []) for word in ("blocked", "ready"))

    assert blocked != ready


@each_title
def test_a_title_is_one_string_of_dot(title: str) -> None:
    (line,) = [line for line in picture.dot([task(1, title)], []).splitlines() if " t1 " in line]

    found = re.fullmatch(r' +t1 \[label="((?:[^"\\]|\\\\|\\")*)" fillcolor="#\w+" color="#\w+"\]', line)
    assert found
    assert re.sub(r"\\(.)", r"\1", found[1]).replace("&amp;", "&") == visible(title)


@each_title
def test_a_title_is_one_string_of_mermaid(title: str) -> None:
    (line,) = [
        line for line in picture.mermaid([task(1, title)], []).splitlines() if line.startswith("    t1")
    ]

    found = re.fullmatch(r' +t1\["((?:[\w ]|[^\x00-\x7f]|#\d+;)*)"\]:::ready', line)
    assert found
    assert re.sub(r"#(\d+);", lambda sign: chr(int(sign[1])), found[1]) == visible(title)


@GRAPHVIZ
@each_title
def test_graphviz_reads_the_title_as_it_is(title: str) -> None:
    text = picture.dot([task(1, title), task(2)], [EDGE])

    done = subprocess.run(["dot", "-Tdot_json"], input=text.encode(), capture_output=True, check=True)

    graph = json.loads(done.stdout)
    assert done.stderr == b""
    assert [node["name"] for node in graph["objects"]] == ["t1", "t2"]
    assert len(graph["edges"]) == 1


@GRAPHVIZ
def test_hostile_titles_are_drawn_as_text() -> None:
    rows = [task(number, title) for number, title in enumerate(HOSTILE, 1)]

    drawn = ElementTree.fromstring(graphviz.svg(picture.dot(rows, [EDGE])))

    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert [" ".join((text or "").split()) for text in texts] == [
        " ".join(visible(title).split()) for title in HOSTILE
    ]
    assert tags <= {"svg", "g", "title", "polygon", "path", "text"}


@GRAPHVIZ
@pytest.mark.parametrize("edges", [600, 9_000])
def test_a_large_graph_is_drawn_whole(edges: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which ranks are not made of in time, or of which none are tried."""
    monkeypatch.setattr(graphviz, "RANKED_SECONDS", 0.5)
    tasks = edges // 3
    rows = [task(number) for number in range(tasks)]
    waits = [
        {"task_id": number, "depends_on_id": number - step}
        for number in range(50, tasks)
        for step in (1, 20, 50)
    ]

    drawn = ElementTree.fromstring(graphviz.svg(picture.dot(rows, waits)))

    kinds = [element.get("class") for element in drawn.iter("{http://www.w3.org/2000/svg}g")]
    assert (kinds.count("node"), kinds.count("edge")) == (tasks, len(waits))


@GRAPHVIZ
def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz, "RANKED_SECONDS", 0.001)
    monkeypatch.setattr(graphviz, "CLOUD_SECONDS", 0.001)

    with pytest.raises(Refused) as refusal:
        graphviz.svg(picture.dot([task(1)], []))

    assert refusal.value.error.code == "picture_too_slow"


def test_without_graphviz_a_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(Refused) as refusal:
        graphviz.svg(picture.dot([task(1)], []))

    assert refusal.value.error.code == "graphviz_missing"
