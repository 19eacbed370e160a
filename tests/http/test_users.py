"""/api/v1/users: registration, login and oneself."""

import secrets
from collections.abc import Callable
from typing import Any

import bcrypt
import pytest
from aiohttp.test_utils import TestClient
from pymysql.connections import Connection

from service.admission import passwords
from tests.http.conftest import PASSWORD, Api, logged_in, problem, registered


async def test_a_registered_user_can_log_in_and_see_themselves(client: TestClient) -> None:
    user = await registered(client)

    api = await logged_in(client, user)

    assert await (await api.get("/api/v1/users/me")).json() == user
    assert "password" not in user


async def test_login_answers_a_bearer_token(client: TestClient) -> None:
    user = await registered(client)

    response = await client.post(
        "/api/v1/users/login", data={"username": user["username"], "password": PASSWORD}
    )

    answer = await response.json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 900)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("field", ["username", "email"])
async def test_a_name_or_address_is_given_once(client: TestClient, field: str) -> None:
    user = await registered(client)
    name = f"user-{secrets.token_hex(6)}"
    second = {
        "username": name,
        "email": f"{name}@example.org",
        "password": PASSWORD,
        field: user[field].upper(),
    }

    response = await client.post("/api/v1/users/", json=second)

    await problem(response, 409, f"{field}_taken")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "ab"),
        ("username", "a" * 33),
        ("username", "ada lovelace"),
        ("username", "ada\n"),
        ("username", 7),
        ("email", "nobody"),
        ("email", "a" * 250 + "@example.org"),
        ("password", "short"),
        ("password", "x" * 73),
        ("password", "ä" * 37),
        ("password", "with\0nul-byte"),
        ("admin", True),
    ],
)
async def test_a_wrong_field_is_named(client: TestClient, field: str, value: object) -> None:
    user = {"username": "somebody", "email": "somebody@example.org", "password": PASSWORD, field: value}

    response = await client.post("/api/v1/users/", json=user)

    document = await problem(response, 422, "invalid_request")
    assert list(document["errors"]) == [field]


async def test_a_password_of_72_bytes_counts_to_its_last_byte(client: TestClient) -> None:
    user = await registered(client, password="ä" * 36)

    right = await client.post(
        "/api/v1/users/login", data={"username": user["username"], "password": "ä" * 36}
    )
    wrong = await client.post(
        "/api/v1/users/login", data={"username": user["username"], "password": "ä" * 35 + "aa"}
    )
    longer = await client.post(
        "/api/v1/users/login", data={"username": user["username"], "password": "ä" * 36 + "a"}
    )

    assert right.status == 200
    await problem(wrong, 401, "invalid_credentials")
    await problem(longer, 401, "invalid_credentials")


async def test_a_wrong_password_and_an_unknown_user_look_the_same(client: TestClient) -> None:
    user = await registered(client)

    wrong = await client.post("/api/v1/users/login", data={"username": user["username"], "password": "wrong"})
    unknown = await client.post(
        "/api/v1/users/login", data={"username": "nobody-at-all", "password": "wrong"}
    )

    documents = [await problem(answer, 401, "invalid_credentials") for answer in (wrong, unknown)]
    assert documents[0]["detail"] == documents[1]["detail"]


async def test_a_name_that_is_longer_than_any_user_has_is_a_wrong_field(client: TestClient) -> None:
    address = f"{'ada' * 11}@example.org"

    response = await client.post("/api/v1/users/login", data={"username": address, "password": PASSWORD})

    document = await problem(response, 422, "invalid_request")
    assert document["errors"].keys() == {"username"}


async def test_a_user_without_a_hash_of_bcrypt_cannot_log_in_and_does_not_show(
    client: TestClient, call: Callable[..., Any]
) -> None:
    """create_user at a SQL prompt takes any text."""
    name = f"user-{secrets.token_hex(6)}"
    call("create_user", name, f"{name}@example.org", PASSWORD)

    response = await client.post("/api/v1/users/login", data={"username": name, "password": PASSWORD})

    await problem(response, 401, "invalid_credentials")


async def test_an_unknown_user_costs_as_much_as_a_wrong_password(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, owner: "Connection[Any]"
) -> None:
    """The same hash of the same cost is worked out, and as much is written."""
    user = await registered(client)
    compared = []
    check = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *both: compared.append(both[1]) or check(*both))

    def written() -> int:
        with owner.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) AS number FROM security_event")
            return int(cursor.fetchone()["number"])

    rows = [written()]
    for name in (user["username"], "nobody-at-all"):
        await client.post("/api/v1/users/login", data={"username": name, "password": "wrong"})
        rows.append(written())

    assert [known[:7] for known in compared] == [b"$2b$04$"] * 2
    assert rows == [rows[0], rows[0] + 1, rows[0] + 2]


async def test_more_passwords_at_once_than_can_be_hashed_are_told_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "MAX_WAITING", 0)

    response = await client.post("/api/v1/users/login", data={"username": "ada", "password": PASSWORD})

    await problem(response, 429, "rate_limited")
    assert int(response.headers["Retry-After"]) > 0


class TestChangingThePassword:
    PATH = "/api/v1/users/me/password"
    NEW = "battery staple"

    async def test_the_new_one_counts_and_the_old_one_does_not(self, api: Api) -> None:
        answer = await api.post(self.PATH, json={"old_password": PASSWORD, "new_password": self.NEW})

        assert await answer.json() == {"revoked": 0}
        for password, status in ((self.NEW, 200), (PASSWORD, 401)):
            form = {"username": api.user["username"], "password": password}
            assert (await api.client.post("/api/v1/users/login", data=form)).status == status

    async def test_other_sessions_end_and_this_one_goes_on(self, api: Api) -> None:
        other = await logged_in(api.client, api.user)

        answer = await api.post(self.PATH, json={"old_password": PASSWORD, "new_password": self.NEW})

        assert await answer.json() == {"revoked": 1}
        await problem(await other.get("/api/v1/users/me"), 401, "unauthenticated")
        assert (await api.get("/api/v1/users/me")).status == 200
        events = (await (await api.get("/api/v1/users/me/security-events")).json())["items"]
        assert [event["event"] for event in events[:2]] == ["session_revoked", "password_changed"]

    async def test_the_old_one_is_needed(self, api: Api) -> None:
        response = await api.post(self.PATH, json={"old_password": "wrong", "new_password": self.NEW})

        await problem(response, 422, "password_wrong")
        assert (await logged_in(api.client, api.user)).token

    @pytest.mark.parametrize(
        ("password", "told"),
        [("short", "at least 8 bytes"), ("x" * 73, "at most 72 bytes"), ("ä" * 37, "has 74")],
    )
    async def test_a_new_one_of_the_wrong_size_is_told_so(self, api: Api, password: str, told: str) -> None:
        response = await api.post(self.PATH, json={"old_password": PASSWORD, "new_password": password})

        (text,) = (await problem(response, 422, "invalid_request"))["errors"]["new_password"]
        assert told in text
        assert password not in text


async def test_login_reads_a_form_and_nothing_else(client: TestClient) -> None:
    response = await client.post("/api/v1/users/login", json={"username": "ada", "password": PASSWORD})

    await problem(response, 415, "unsupported_media_type")


async def test_login_takes_what_oauth_clients_send(client: TestClient) -> None:
    user = await registered(client)
    form = {"grant_type": "password", "username": user["username"], "password": PASSWORD, "scope": ""}

    response = await client.post("/api/v1/users/login", data=form)

    assert response.status == 200


async def test_a_form_field_given_twice_is_refused(client: TestClient) -> None:
    form = [("username", "ada"), ("username", "bob"), ("password", PASSWORD)]

    response = await client.post("/api/v1/users/login", data=form)

    assert "username" in (await problem(response, 422, "invalid_request"))["errors"]


async def test_paths_work_with_and_without_a_slash_at_the_end(api: Api) -> None:
    with_slash = await api.get("/api/v1/users/me/")
    without = await api.get("/api/v1/users/me")

    assert await with_slash.json() == await without.json()
