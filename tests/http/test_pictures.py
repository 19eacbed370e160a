"""/api/v1/tasks/{id}/graph.svg and the like: pictures, and text that becomes one."""

import shutil
from typing import Any
from xml.etree import ElementTree

import pytest
from aiohttp.test_utils import TestClient

from tests.http.conftest import Api, problem

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
async def chain(api: Api) -> tuple[int, int, int]:
    """Ship waits for build waits for design, which has a title that is out for trouble."""
    design = await api.task('"]; </script><script>alert(1)</script> \\')
    build = await api.task("build", depends_on=[design])
    return await api.task("ship", depends_on=[build]), build, design


async def text(api: Api, path: str, **parameters: Any) -> str:
    response = await api.get(path, params=parameters)
    assert response.status == 200, await response.text()
    return await response.text()


async def test_a_task_and_what_surrounds_it_as_dot(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain

    drawn = await text(api, f"/api/v1/tasks/{build}/graph.dot")
    upstream = await text(api, f"/api/v1/tasks/{build}/graph.dot", direction="upstream")

    assert f"t{design} -> t{build}" in drawn
    assert f"t{build} -> t{ship}" in drawn
    assert f"t{ship}" not in upstream


async def test_a_workspace_as_mermaid_shows_each_change(api: Api, chain: tuple[int, int, int]) -> None:
    ship, build, design = chain
    path = f"/api/v1/workspaces/{api.user['workspace_id']}/graph.mermaid"

    before = await text(api, path)
    await api.patch(f"/api/v1/tasks/{design}", json={"status": "completed"})
    after = await text(api, path)
    open_ones = await text(api, path, open_only="true")

    assert f"t{design} --> t{build}" in before
    assert ":::completed" not in before
    assert ":::completed" in after
    assert f"t{design}[" not in open_ones
    assert f"t{build} --> t{ship}" in open_ones


@pytest.mark.usefixtures("graphviz")
@pytest.mark.parametrize(
    ("form", "media"), [("dot", "text/vnd.graphviz"), ("mermaid", "text/plain"), ("svg", "image/svg+xml")]
)
async def test_a_picture_says_what_it_is_and_may_do_nothing(
    api: Api, chain: tuple[int, int, int], form: str, media: str
) -> None:
    for place in (f"tasks/{chain[0]}", f"workspaces/{api.user['workspace_id']}"):
        for _ in ("new", "kept"):
            response = await api.get(f"/api/v1/{place}/graph.{form}")

            assert (response.status, response.content_type, response.charset) == (200, media, "utf-8")
            assert response.headers["Content-Disposition"] == f'inline; filename="graph.{form}"'
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "<script" not in await response.text() or form != "svg"


@pytest.mark.usefixtures("graphviz")
async def test_an_svg_is_drawn_where_graphviz_is_installed(api: Api, chain: tuple[int, int, int]) -> None:
    response = await api.get(f"/api/v1/tasks/{chain[0]}/graph.svg")

    drawn = ElementTree.fromstring(await response.read())
    texts = [element.text for element in drawn.iter(f"{SVG}text")]
    assert sorted(texts) == sorted(["ship", "build", '"]; </script><script>alert(1)</script> \\'])


async def test_without_graphviz_an_svg_is_refused_and_the_rest_is_not(
    api: Api, chain: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    await problem(await api.get(f"/api/v1/tasks/{chain[0]}/graph.svg"), 501, "graphviz_missing")
    assert "digraph" in await text(api, f"/api/v1/tasks/{chain[0]}/graph.dot")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [({"direction": "sideways"}, "direction"), ({"depth": "0"}, "depth"), ({"format": "svg"}, "format")],
)
async def test_wrong_parameters_are_named(api: Api, parameters: dict[str, str], field: str) -> None:
    response = await api.get(f"/api/v1/tasks/{await api.task()}/graph.dot", params=parameters)

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == [field]


@pytest.mark.parametrize("form", ["dot", "mermaid", "svg"])
async def test_pictures_of_others_do_not_exist(api: Api, stranger: Api, form: str) -> None:
    task = await api.task()

    theirs = await stranger.get(f"/api/v1/tasks/{task}/graph.{form}")
    all_theirs = await stranger.get(f"/api/v1/workspaces/{api.user['workspace_id']}/graph.{form}")

    await problem(theirs, 404, "task_not_found")
    await problem(all_theirs, 404, "workspace_not_found")


async def test_a_picture_needs_a_token(client: TestClient) -> None:
    await problem(await client.get("/api/v1/tasks/1/graph.svg"), 401, "unauthenticated")


async def test_there_are_no_other_formats(api: Api) -> None:
    await problem(await api.get(f"/api/v1/tasks/{await api.task()}/graph.png"), 404, "route_not_found")
