"""/api/v1/invitations, and those of workspaces and organizations."""

from tests.http.conftest import Api, problem


async def test_a_link_brings_somebody_in(api: Api, stranger: Api) -> None:
    workspace = (await (await api.post("/api/v1/workspaces", json={"name": "Website"})).json())["id"]
    path = f"/api/v1/workspaces/{workspace}/invitations"
    response = await api.post(path, json={"role": "member"})
    made = await response.json()
    assert response.status == 201, made

    accepted = await stranger.post("/api/v1/invitations/accept", json={"token": made["token"]})

    assert (accepted.status, (await accepted.json())["workspace_id"]) == (200, workspace)
    await stranger.task("by the new member", workspace_id=workspace)
    again = await stranger.post("/api/v1/invitations/accept", json={"token": made["token"]})
    await problem(again, 404, "invitation_not_found")


async def test_a_link_is_listed_without_its_token_and_revoked(api: Api, stranger: Api) -> None:
    organization = (await (await api.post("/api/v1/organizations", json={"name": "Example"})).json())["id"]
    path = f"/api/v1/organizations/{organization}/invitations"
    made = await (await api.post(path, json={"role": "viewer", "hours": 1})).json()

    (listed,) = (await (await api.get(path)).json())["items"]
    revoked = await api.delete(f"/api/v1/invitations/{listed['id']}")

    assert "token" not in listed
    assert revoked.status == 200
    late = await stranger.post("/api/v1/invitations/accept", json={"token": made["token"]})
    await problem(late, 404, "invitation_not_found")
