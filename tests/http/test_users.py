"""/api/v1/users: registration, login and oneself."""

import secrets

import pytest
from aiohttp.test_utils import TestClient

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
