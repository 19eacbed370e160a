"""Sessions: refreshing, being logged out, and what a copied refresh token comes to."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from pymysql.connections import Connection

from service.admission.auth import REVOKED
from service.config import Settings
from tests.http.conftest import Api, logged_in, problem, registered, secret

ME = "/api/v1/users/me"
SESSIONS = "/api/v1/users/me/sessions"


async def refresh(client: TestClient, token: str) -> Any:
    return await client.post("/api/v1/users/refresh", json={"refresh_token": token})


async def refreshed(api: Api) -> Api:
    """The same user with the next tokens."""
    response = await refresh(api.client, api.refresh_token)
    assert response.status == 200, await response.text()
    answer = await response.json()
    return replace(api, token=secret(answer["access_token"]), refresh_token=secret(answer["refresh_token"]))


@pytest.fixture
async def strict(serve: Callable[..., Any], settings: Settings) -> Api:
    """A user of a service that forgives no refresh token that comes twice."""
    client = await serve(replace(settings, refresh_grace_seconds=0))
    return await logged_in(client, await registered(client))


async def test_a_refresh_token_is_exchanged_for_the_next_two(api: Api) -> None:
    second = await refreshed(api)
    third = await refreshed(second)

    assert len({api.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert (await (await third.get(ME)).json())["id"] == api.user["id"]


async def test_the_database_knows_no_refresh_token(api: Api, owner: "Connection[Any]") -> None:
    with owner.cursor() as cursor:
        cursor.execute("SELECT * FROM login_session WHERE user_id = %s", (api.user["id"],))
        kept = str(cursor.fetchall())

    assert api.refresh_token.removeprefix("hgr_")[:20] not in kept
    assert api.refresh_token[-20:] not in kept


async def test_a_refresh_token_that_comes_twice_ends_the_session(strict: Api) -> None:
    thief = await refreshed(strict)

    await problem(await refresh(strict.client, strict.refresh_token), 401, "refresh_token_reused")

    await problem(await refresh(strict.client, thief.refresh_token), 401, "refresh_token_invalid")
    strict.client.app[REVOKED].ask_anew()
    await problem(await thief.get(ME), 401, "unauthenticated")


async def test_an_old_refresh_token_ends_the_session_also_where_answers_get_lost(api: Api) -> None:
    newest = await refreshed(await refreshed(api))

    await problem(await refresh(api.client, api.refresh_token), 401, "refresh_token_reused")

    await problem(await refresh(api.client, newest.refresh_token), 401, "refresh_token_invalid")


async def test_a_lost_answer_is_given_again(api: Api) -> None:
    first, again = await refreshed(api), await refreshed(api)

    assert first.refresh_token == again.refresh_token
    assert (await refreshed(first)).refresh_token not in {api.refresh_token, first.refresh_token}


async def test_of_many_refreshes_at_once_all_get_the_same_successor(api: Api) -> None:
    answers = await asyncio.gather(*(refreshed(api) for _ in range(10)))

    assert len({answer.refresh_token for answer in answers}) == 1
    assert (await (await answers[0].get(SESSIONS)).json())["items"][0]["is_current"]


async def test_of_two_refreshes_at_once_one_wins_where_nothing_is_forgiven(strict: Api) -> None:
    responses = await asyncio.gather(*(refresh(strict.client, strict.refresh_token) for _ in range(4)))

    statuses = sorted(response.status for response in responses)
    assert statuses == [200, 401, 401, 401]


@pytest.mark.parametrize(
    "token",
    ["", "hgr_", "hgr_" + "x" * 86, "hgr_" + "é" * 86, "x" * 90, "hgr_" + "!" * 86, "hgr_" + "x" * 87],
)
async def test_what_is_no_refresh_token_is_refused(client: TestClient, token: str) -> None:
    await problem(await refresh(client, token), 401, "refresh_token_invalid")


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(api: Api) -> None:
    response = await refresh(api.client, api.token)
    assert response.status in {401, 422}

    swapped = await replace(api, token=api.refresh_token).get(ME)

    await problem(swapped, 401, "unauthenticated")


async def test_an_expired_session_is_not_refreshed(api: Api, owner: "Connection[Any]") -> None:
    with owner.cursor() as cursor:
        cursor.execute(
            "UPDATE login_session SET expires_at = CURRENT_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE user_id = %s",
            (api.user["id"],),
        )

    await problem(await refresh(api.client, api.refresh_token), 401, "refresh_token_invalid")


async def test_logging_out_ends_this_session_at_once(api: Api) -> None:
    other = await logged_in(api.client, api.user)

    answer = await api.post("/api/v1/users/logout")

    assert await answer.json() == {"revoked": 1}
    await problem(await api.get(ME), 401, "unauthenticated")
    await problem(await refresh(api.client, api.refresh_token), 401, "refresh_token_invalid")
    assert (await other.get(ME)).status == 200


async def test_logging_out_everywhere_ends_them_all(api: Api) -> None:
    other = await logged_in(api.client, api.user)

    answer = await api.delete(SESSIONS)

    assert await answer.json() == {"revoked": 2}
    for one in (api, other):
        await problem(await one.get(ME), 401, "unauthenticated")


async def test_another_process_hears_of_it_within_a_second(
    api: Api, serve: Callable[..., Any], settings: Settings
) -> None:
    elsewhere = replace(api, client=await serve(settings))
    assert (await elsewhere.get(ME)).status == 200

    await api.post("/api/v1/users/logout")
    # However long an answer takes: what is asked after a second is refused.
    ended = asked_at = time.monotonic()
    while (await elsewhere.get(ME)).status == 200:
        assert asked_at - ended < 1
        asked_at = time.monotonic()

    await problem(await elsewhere.get(ME), 401, "unauthenticated")


async def test_sessions_are_listed_with_their_device(api: Api) -> None:
    form = {"username": api.user["username"], "password": "correct horse"}
    await api.client.post("/api/v1/users/login", data=form, headers={"User-Agent": "Phone/1.0 \tünï"})

    items = (await (await api.get(SESSIONS)).json())["items"]

    assert [item["is_current"] for item in items] == [False, True]
    assert items[0]["user_agent"].startswith("Phone/1.0")
    assert items[0]["address"] == "127.0.0.1"
    assert items[0]["used_at"] >= items[1]["used_at"]
    assert not [name for name in items[0] if "hash" in name or "token" in name]


async def test_one_session_is_ended_by_its_number(api: Api) -> None:
    other = await logged_in(api.client, api.user)
    items = (await (await api.get(SESSIONS)).json())["items"]
    number = next(item["id"] for item in items if not item["is_current"])

    assert (await api.delete(f"{SESSIONS}/{number}")).status == 200

    await problem(await other.get(ME), 401, "unauthenticated")
    assert (await api.get(ME)).status == 200
    await problem(await api.delete(f"{SESSIONS}/{number}"), 404, "session_not_found")


async def test_nobody_ends_the_session_of_somebody_else(api: Api, stranger: Api) -> None:
    (item,) = (await (await api.get(SESSIONS)).json())["items"]

    response = await stranger.delete(f"{SESSIONS}/{item['id']}")

    await problem(response, 404, "session_not_found")
    assert (await api.get(ME)).status == 200


class TestSecurityEvents:
    async def test_logins_and_failures_are_told_to_whom_they_are_about(self, api: Api) -> None:
        wrong = {"username": api.user["username"], "password": "wrong"}
        await api.client.post("/api/v1/users/login", data=wrong)
        await api.client.post("/api/v1/users/login", data=wrong | {"username": "nobody-at-all"})

        answer = await (await api.get("/api/v1/users/me/security-events")).json()

        assert [item["event"] for item in answer["items"]] == ["login_failed", "login_succeeded"]
        assert answer["items"][0]["address"] == "127.0.0.1"
        assert "wrong" not in str(answer)

    async def test_the_copy_of_a_token_is_told(self, strict: Api) -> None:
        await refreshed(strict)
        await refresh(strict.client, strict.refresh_token)
        again = await logged_in(strict.client, strict.user)

        items = (await (await again.get("/api/v1/users/me/security-events")).json())["items"]

        assert [item["event"] for item in items][:2] == ["login_succeeded", "refresh_token_reused"]

    async def test_owners_see_whose_rights_changed(self, api: Api, stranger: Api, call: Any) -> None:
        workspace = api.user["workspace_id"]
        path = f"/api/v1/workspaces/{workspace}/security-events"
        for role in ("viewer", "admin"):
            call("set_member", api.user["id"], workspace, stranger.user["username"], role)

        items = (await (await api.get(path, params={"limit": 2})).json())["items"]

        assert [item["event"] for item in items] == ["role_changed", "member_added"]
        assert items[0]["facts"] == {"from": "viewer", "to": "admin"}
        assert (items[0]["user_id"], items[0]["actor_id"]) == (stranger.user["id"], api.user["id"])
        await problem(await stranger.get(path), 403, "permission_denied")

    async def test_owners_see_who_comes_to_their_organization(
        self, api: Api, stranger: Api, call: Any
    ) -> None:
        owner = api.user["id"]
        mine, other = (call("create_organization", owner, name)[0]["organization_id"] for name in "AB")
        path = f"/api/v1/organizations/{mine}/security-events"
        await problem(await stranger.get(path), 404, "organization_not_found")
        for organization, role in ((mine, "member"), (other, "viewer"), (mine, "admin")):
            call("set_organization_member", owner, organization, stranger.user["username"], role)

        page = await (await api.get(path, params={"limit": 2})).json()

        assert [item["event"] for item in page["items"]] == [
            "organization_role_changed",
            "organization_member_added",
        ]
        assert page["items"][0]["facts"] == {"organization_id": mine, "from": "member", "to": "admin"}
        await problem(await stranger.get(path), 403, "permission_denied")
