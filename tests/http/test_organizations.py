"""/api/v1/organizations, /api/v1/teams and the members of a workspace."""

from dataclasses import replace
from typing import Any

import pytest

from tests.http.conftest import Api, problem, secret


async def created(api: Api, path: str, name: str) -> int:
    response = await api.post(path, json={"name": name})
    assert response.status == 201, await response.text()
    number: int = (await response.json())["id"]
    return number


@pytest.fixture
async def organization(api: Api) -> int:
    return await created(api, "/api/v1/organizations", "Example")


async def test_a_team_gives_its_members_a_role(api: Api, stranger: Api, organization: int) -> None:
    name = stranger.user["username"]
    workspace = await created(api, f"/api/v1/organizations/{organization}/workspaces", "Website")
    team = await created(api, f"/api/v1/organizations/{organization}/teams", "Writers")
    members = f"/api/v1/workspaces/{workspace}/members"

    for path, body in (
        (f"/api/v1/organizations/{organization}/members/{name}", {"role": "member"}),
        (f"/api/v1/teams/{team}/members/{name}", None),
        (f"/api/v1/workspaces/{workspace}/teams/{team}", {"role": "member"}),
    ):
        assert (await api.put(path, json=body)).status == 200

    listed = {row["username"]: row for row in (await (await stranger.get(members)).json())["items"]}
    assert (listed[name]["role"], listed[name]["direct_role"], listed[name]["is_guest"]) == (
        "member",
        None,
        False,
    )
    await stranger.task("by the team", workspace_id=workspace)
    await problem(await api.delete(f"{members}/{name}"), 409, "role_inherited")
    assert (await api.delete(f"/api/v1/teams/{team}")).status == 200
    await problem(await stranger.get(members), 404, "workspace_not_found")


async def test_a_member_is_set_and_leaves(api: Api, stranger: Api) -> None:
    workspace = await created(api, "/api/v1/workspaces", "Website")
    path = f"/api/v1/workspaces/{workspace}/members/{stranger.user['username']}"

    answer = await (await api.put(path, json={"role": "viewer"})).json()
    left = await (await stranger.delete(path)).json()

    assert (answer["role"], left["role"]) == ("viewer", None)
    await problem(await api.delete(path), 404, "member_not_found")


async def test_a_workspace_and_an_organization_are_given_away(
    api: Api, stranger: Api, organization: int
) -> None:
    body = {"username": stranger.user["username"]}
    workspace = await created(api, "/api/v1/workspaces", "Website")
    places = (f"/api/v1/workspaces/{workspace}", f"/api/v1/organizations/{organization}")

    for place in places:
        await api.put(f"{place}/members/{body['username']}", json={"role": "member"})
        assert (await api.put(f"{place}/owner", json=body)).status == 200

        await problem(await api.put(f"{place}/owner", json=body), 403, "permission_denied")
    roles = (await (await stranger.get("/api/v1/organizations")).json())["items"]
    assert [row["role"] for row in roles] == ["owner"]


async def test_workspaces_are_renamed_and_moved_and_organizations_end(api: Api, organization: int) -> None:
    path = f"/api/v1/organizations/{organization}"
    workspace = await created(api, "/api/v1/workspaces", "Website")

    renamed = await (await api.patch(path, json={"name": "Group"})).json()
    place = await (await api.patch(f"/api/v1/workspaces/{workspace}", json={"name": "Shop"})).json()
    moved = await (await api.put(f"{path}/workspaces/{workspace}")).json()

    assert (renamed["name"], place["name"], place["organization_id"]) == ("Group", "Shop", None)
    assert (moved["id"], moved["organization_id"], moved["role"]) == (workspace, organization, "owner")
    await problem(await api.put(f"{path}/workspaces/{workspace}"), 409, "workspace_in_organization")
    await problem(await api.delete(path), 409, "organization_in_use")
    other = await created(api, "/api/v1/organizations", "Short")
    assert (await api.delete(f"/api/v1/organizations/{other}")).status == 200


async def test_a_task_is_assigned_to_a_team(api: Api, stranger: Api, organization: int) -> None:
    workspace = await created(api, f"/api/v1/organizations/{organization}/workspaces", "Website")
    team = await created(api, f"/api/v1/organizations/{organization}/teams", "Writers")
    role, tasks = f"/api/v1/workspaces/{workspace}/teams/{team}", "/api/v1/tasks"
    body = {"title": "write", "workspace_id": workspace, "assignee_team_id": team}

    await problem(await api.post(tasks, json=body), 404, "team_not_found")
    await api.put(role, json={"role": "member"})
    await problem(await api.post(tasks, json=body | {"assignee_id": api.user["id"]}), 422, "invalid_task")
    task = await api.task("write", workspace_id=workspace, assignee_team_id=team)
    await api.task("another", workspace_id=workspace)

    assert (await (await api.get(f"{tasks}/{task}")).json())["assignee_team_id"] == team
    for query in ({"assignee_team_id": team}, {"query": "team:writers"}):
        found = await (await api.get(tasks, params={"workspace_id": workspace, **query})).json()
        assert [row["id"] for row in found["items"]] == [task], query
    await problem(await api.delete(f"/api/v1/teams/{team}"), 409, "team_in_use")
    mine = await (await api.patch(f"{tasks}/{task}", json={"assignee_id": api.user["id"]})).json()
    assert (mine["assignee_id"], mine["assignee_team_id"]) == (api.user["id"], None)
    await api.patch(f"{tasks}/{task}", json={"assignee_team_id": team})
    plain = await (await api.put(f"{tasks}/{task}", json={"title": "write"})).json()
    assert (plain["assignee_id"], plain["assignee_team_id"]) == (None, None)
    assert (await api.delete(f"/api/v1/teams/{team}")).status == 200


@pytest.mark.parametrize(
    "end",
    [
        "/api/v1/workspaces/{workspace}/teams/{team}",
        "/api/v1/teams/{team}/members/{name}",
        "/api/v1/teams/{team}",
        "/api/v1/organizations/{organization}/members/{name}",
    ],
)
async def test_with_the_role_of_the_team_goes_all_that_was_had_by_it(
    api: Api, stranger: Api, organization: int, end: str
) -> None:
    name = stranger.user["username"]
    workspace = await created(api, f"/api/v1/organizations/{organization}/workspaces", "Website")
    team = await created(api, f"/api/v1/organizations/{organization}/teams", "Writers")
    role, tasks = f"/api/v1/workspaces/{workspace}/teams/{team}", "/api/v1/tasks/"
    await api.put(f"/api/v1/organizations/{organization}/members/{name}", json={"role": "member"})
    await api.put(f"/api/v1/teams/{team}/members/{name}")
    await api.put(role, json={"role": "admin"})
    made = await stranger.post(
        f"/api/v1/workspaces/{workspace}/api-keys", json={"name": "robot", "scope": "write"}
    )
    machine = replace(stranger, token=secret((await made.json())["key"]))
    body = {"title": "t", "workspace_id": workspace}
    task = await stranger.task(**body)
    for one in (stranger, machine):
        assert (await one.get(f"{tasks}{task}")).status == 200

    path = end.format(workspace=workspace, team=team, name=name, organization=organization)
    assert (await api.delete(path)).status == 200

    here = {"workspace_id": workspace}
    await problem(await stranger.post(tasks, json=body), 404, "workspace_not_found")
    await problem(await stranger.get(tasks, params=here), 404, "workspace_not_found")
    await problem(await stranger.get(f"{tasks}{task}"), 404, "task_not_found")
    # For half a second the process may still believe that the key is one.
    for answer in (await machine.post(tasks, json=body), await machine.get(tasks, params=here)):
        assert answer.status in (401, 404)


@pytest.mark.parametrize("body", [{"role": "king"}, {"role": None}, {}, {"role": "member", "more": 1}])
async def test_a_wrong_role_is_refused(api: Api, body: dict[str, Any]) -> None:
    response = await api.put(
        f"/api/v1/workspaces/{api.user['workspace_id']}/members/{api.user['username']}", json=body
    )

    await problem(response, 422, "invalid_request")
