"""Addresses: changed, confirmed by who reads what is sent there, and unsubscribed by one click."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient

from service.admission.confirmation import CONFIRM, Links
from service.admission.tokens import key_id
from service.config import Settings
from tests.conftest import Database
from tests.http.conftest import Api, problem, registered, secret
from tests.servers import run

ME = "/api/v1/users/me"
CONFIRMATION = "/api/v1/users/confirm-email"
STOP = "/api/v1/users/unsubscribe"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def links(settings: Settings) -> Links:
    return Links(settings)


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


async def me(api: Api) -> dict[str, Any]:
    return await (await api.get(ME)).json()


async def test_an_address_is_confirmed_by_what_was_mailed_there(api: Api, links: Links) -> None:
    before = await me(api)
    token = secret(links.confirming(before["id"], before["email"], now()))

    response = await api.client.post(CONFIRMATION, json={"token": token})

    assert (response.status, await response.json()) == (
        200,
        {"username": before["username"], "email": before["email"]},
    )
    assert (before["is_email_confirmed"], (await me(api))["is_email_confirmed"]) == (False, True)
    again = await api.client.post(CONFIRMATION, json={"token": token})
    assert again.status == 200


async def test_another_address_has_to_be_confirmed_anew_and_the_old_link_is_no_good(
    api: Api, links: Links
) -> None:
    before = await me(api)
    old = secret(links.confirming(before["id"], before["email"], now()))
    await api.client.post(CONFIRMATION, json={"token": old})

    changed = await (await api.patch(ME, json={"email": f"x{before['email']}"})).json()

    assert (changed["email"], changed["is_email_confirmed"]) == (f"x{before['email']}", False)
    await problem(await api.client.post(CONFIRMATION, json={"token": old}), 422, "confirmation_invalid")
    assert (await me(api))["is_email_confirmed"] is False


async def test_a_time_zone_is_changed_without_the_address(api: Api) -> None:
    before = await me(api)

    after = await (await api.patch(ME, json={"time_zone": "+02:00"})).json()

    assert after == before | {"time_zone": "+02:00"}


@pytest.mark.parametrize(
    "address", ["ada", "ada@example.org\r\nBcc: eve@example.org", "a@b@example.org", "<a@example.org>", ""]
)
async def test_what_is_no_address_is_refused(api: Api, address: str) -> None:
    response = await api.patch(ME, json={"email": address})

    assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["email"]


async def test_an_address_of_somebody_else_is_refused(api: Api, stranger: Api) -> None:
    response = await api.patch(ME, json={"email": stranger.user["email"]})

    await problem(response, 409, "email_taken")


@pytest.mark.parametrize(
    "what", ["expired", "another purpose", "another key", "an access token", "nonsense", "long"]
)
async def test_no_other_token_confirms(api: Api, links: Links, settings: Settings, what: str) -> None:
    user = await me(api)
    claims = {
        "sub": str(user["id"]),
        "email": user["email"],
        "iss": "headgate",
        "aud": CONFIRM,
        "exp": 4_000_000_000,
    }
    other = "o" * 32
    token = {
        "expired": lambda: links.confirming(user["id"], user["email"], now() - timedelta(days=4)),
        "another purpose": lambda: links.unsubscribing(user["id"]),
        "another key": lambda: jwt.encode(claims, other, headers={"kid": key_id(settings.secret_key)}),
        "an access token": lambda: api.token,
        "nonsense": lambda: "nonsense",
        "long": lambda: "x" * 1024,
    }[what]()

    await problem(await api.client.post(CONFIRMATION, json={"token": token}), 422, "confirmation_invalid")
    assert (await me(api))["is_email_confirmed"] is False


async def test_a_link_opens_nothing_else(api: Api, links: Links) -> None:
    user = await me(api)
    for token in (links.confirming(user["id"], user["email"], now()), links.unsubscribing(user["id"])):
        thief = replace(api, token=token)

        await problem(await thief.get(ME), 401, "unauthenticated")


async def test_a_link_signed_with_the_key_before_still_confirms(
    api: Api, settings: Settings, serve: Any
) -> None:
    user = await me(api)
    rotated = replace(settings, secret_key=secret("n" * 32), old_secret_keys=(settings.secret_key,))
    client = await serve(rotated)

    response = await client.post(
        CONFIRMATION, json={"token": Links(settings).confirming(user["id"], user["email"], now())}
    )

    assert response.status == 200


async def test_a_question_can_be_asked_again_until_it_is_answered(
    api: Api, links: Links, database: Database
) -> None:
    user = await me(api)
    asked = await api.post(f"{ME}/email/confirmation")
    with database.owner() as owner:
        mails = run(owner, "SELECT purpose, address FROM mail WHERE user_id = %s", user["id"])
    await api.client.post(CONFIRMATION, json={"token": links.confirming(user["id"], user["email"], now())})

    assert (asked.status, mails) == (200, [{"purpose": "confirmation", "address": user["email"]}])
    await problem(await api.post(f"{ME}/email/confirmation"), 409, "email_confirmed")


async def test_whoever_registers_is_asked_where_there_is_a_mail_server(
    settings: Settings, serve: Any, database: Database, client: TestClient
) -> None:
    mailing = await serve(
        replace(
            settings, smtp_url="smtp://localhost:9", mail_from="a@example.org", public_url="http://localhost"
        )
    )
    asked, not_asked = await registered(mailing), await registered(client)

    with database.owner() as owner:
        rows = run(owner, "SELECT user_id FROM mail WHERE user_id IN (%s, %s)", asked["id"], not_asked["id"])
    assert rows == [{"user_id": asked["id"]}]


async def test_one_click_turns_all_mails_off_and_nothing_else(api: Api, links: Links) -> None:
    before = (await (await api.get(f"{ME}/notification-preferences")).json())["items"]
    token = links.unsubscribing(api.user["id"])

    # As a mail program does it: without a login, the token in the address, a form in the body.
    response = await api.client.post(STOP, params={"token": token}, data=ONE_CLICK)

    after = (await (await api.get(f"{ME}/notification-preferences")).json())["items"]
    assert (response.status, await response.json()) == (200, {"username": api.user["username"]})
    assert {item["mail"] for item in after} == {"none"}
    assert [item["inbox"] for item in after] == [item["inbox"] for item in before]


async def test_nobody_is_unsubscribed_by_another_token(api: Api, links: Links) -> None:
    user = await me(api)
    for token in ("nonsense", api.token, links.confirming(user["id"], user["email"], now())):
        await problem(
            await api.client.post(STOP, params={"token": token}, data=ONE_CLICK), 422, "confirmation_invalid"
        )
    unsaid = await api.client.post(STOP, params={"token": links.unsubscribing(user["id"])}, data={})
    await problem(unsaid, 422, "invalid_request")


@pytest.mark.parametrize("path", ["/confirm-email", "/unsubscribe"])
async def test_the_page_of_a_link_loads_only_what_is_served_here(client: TestClient, path: str) -> None:
    response = await client.get(path)
    page = await response.text()

    assert (response.status, response.content_type) == (200, "text/html")
    assert "/api/assets/mail-start.js" in page
    assert (await client.get("/api/assets/mail-start.js")).status == 200
    assert "http" not in response.headers["Content-Security-Policy"]
