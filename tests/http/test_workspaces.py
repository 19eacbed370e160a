"""/api/v1/workspaces: each holds one graph."""

import pytest

from tests.http.conftest import Api, problem

WORKSPACES = "/api/v1/workspaces/"


async def test_registration_made_a_personal_workspace(api: Api) -> None:
    (workspace,) = (await (await api.get(WORKSPACES)).json())["items"]

    assert (workspace["id"], workspace["role"]) == (api.user["workspace_id"], "owner")
    assert workspace["is_personal"] is True


async def test_a_new_workspace_holds_tasks_of_its_own(api: Api) -> None:
    response = await api.post(WORKSPACES, json={"name": "Website"})
    workspace = await response.json()

    task = await api.task("design", workspace_id=workspace["id"])

    assert (response.status, workspace["name"], workspace["is_personal"]) == (201, "Website", False)
    listed = await (await api.get("/api/v1/tasks/", params={"workspace_id": workspace["id"]})).json()
    assert [item["id"] for item in listed["items"]] == [task]
    assert (await (await api.get("/api/v1/tasks/")).json())["items"] == []


async def test_dependencies_stay_inside_a_workspace(api: Api) -> None:
    workspace = await (await api.post(WORKSPACES, json={"name": "Website"})).json()
    there, here = await api.task("there", workspace_id=workspace["id"]), await api.task("here")

    response = await api.post(f"/api/v1/tasks/{here}/dependencies", json={"depends_on_id": there})

    await problem(response, 409, "dependency_across_workspaces")


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, None, 5, "two\nlines"])
async def test_a_wrong_name_is_refused(api: Api, name: object) -> None:
    response = await api.post(WORKSPACES, json={"name": name})

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["name"]
