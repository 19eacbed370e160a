"""Webhooks over REST: made once with a secret, changed, tried, replayed; for who administers, and for no key."""

from collections.abc import Callable
from typing import Any

import pytest
from pymysql.connections import Connection

from service.config import Settings
from service.webhooks.signing import Keeper
from tests.http.conftest import Api, problem, secret
from tests.servers import run

URL = "https://example.org/hook?token=of-theirs"
NEW = {"url": URL, "kinds": ["task.ready", "task.completed"]}


@pytest.fixture
def hooks(api: Api) -> str:
    """The webhooks of the user's personal workspace."""
    return f"/api/v1/workspaces/{api.user['workspace_id']}/webhooks"


@pytest.fixture
def make(api: Api, hooks: str) -> Callable[..., Any]:
    """Make a webhook, and give what was answered."""

    async def create(**fields: Any) -> dict[str, Any]:
        response = await api.post(hooks, json=NEW | fields)
        assert response.status == 201, await response.text()
        answer = await response.json()
        secret(answer["secret"])
        return answer

    return create


async def test_its_secret_is_shown_once_and_kept_encrypted(
    api: Api, hooks: str, make: Any, owner: "Connection[Any]", settings: Settings
) -> None:
    made = await make()

    (listed,) = (await (await api.get(hooks)).json())["items"]
    (kept,) = run(owner, "SELECT secret FROM webhook WHERE id = %s", made["id"])

    assert made["secret"].startswith("whsec_")
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert (listed["url"], sorted(listed["kinds"]), listed["is_enabled"]) == (URL, sorted(NEW["kinds"]), True)
    assert made["secret"][6:] not in kept["secret"]
    assert Keeper(settings).open(kept["secret"]) == made["secret"]


async def test_what_is_given_is_changed_and_the_rest_stays(api: Api, hooks: str, make: Any) -> None:
    made = await make()

    changed = await (await api.patch(f"{hooks}/{made['id']}", json={"kinds": ["task.created"]})).json()
    off = await (await api.patch(f"{hooks}/{made['id']}", json={"is_enabled": False})).json()

    assert (changed["url"], changed["kinds"], changed["is_enabled"]) == (URL, ["task.created"], True)
    assert (off["url"], off["kinds"], off["is_enabled"]) == (URL, ["task.created"], False)


async def test_one_that_is_off_is_sent_no_test(api: Api, hooks: str, make: Any) -> None:
    where = f"{hooks}/{(await make())['id']}"
    await api.patch(where, json={"is_enabled": False})

    response = await api.post(f"{where}/test")

    await problem(response, 409, "webhook_disabled")
    assert (await (await api.get(f"{where}/deliveries")).json())["items"] == []
    await api.patch(where, json={"is_enabled": True})
    assert (await api.post(f"{where}/test")).status == 202


async def test_a_new_secret_is_another(api: Api, hooks: str, make: Any) -> None:
    made = await make()

    response = await api.post(f"{hooks}/{made['id']}/secret", json={"old_for_hours": 1})
    rotated = await response.json()
    secret(rotated["secret"])
    at_once = await (await api.post(f"{hooks}/{made['id']}/secret", json={"old_for_hours": 0})).json()
    secret(at_once["secret"])

    assert len({made["secret"], rotated["secret"], at_once["secret"]}) == 3
    assert rotated["old_secret_until"] is not None
    assert at_once["old_secret_until"] is None


async def test_a_deleted_one_is_gone_with_its_messages(api: Api, hooks: str, make: Any) -> None:
    made = await make()
    await api.post(f"{hooks}/{made['id']}/test")

    assert (await api.delete(f"{hooks}/{made['id']}")).status == 200

    assert (await (await api.get(hooks)).json())["items"] == []
    await problem(await api.get(f"{hooks}/{made['id']}/deliveries"), 404, "webhook_not_found")


async def test_messages_are_listed_shown_and_replayed(
    api: Api, hooks: str, make: Any, owner: "Connection[Any]"
) -> None:
    where = f"{hooks}/{(await make())['id']}"
    tried = [await (await api.post(f"{where}/test")).json() for _ in range(3)]
    run(
        owner,
        "UPDATE webhook_delivery SET state = 'dead', due_at = NULL WHERE id IN (%s, %s)",
        tried[0]["id"],
        tried[1]["id"],
    )

    first = await (await api.get(f"{where}/deliveries", params={"limit": 2})).json()
    rest = await (await api.get(f"{where}/deliveries", params={"before": first["next_before"]})).json()
    dead = await (await api.get(f"{where}/deliveries", params={"state": "dead"})).json()
    shown = await (await api.get(f"{where}/deliveries/{tried[0]['id']}")).json()
    one = await api.post(f"{where}/deliveries/{tried[0]['id']}/replay")
    others = await api.post(f"{where}/replay")

    assert [item["id"] for item in first["items"] + rest["items"]] == [one["id"] for one in reversed(tried)]
    assert rest["next_before"] is None
    assert [item["id"] for item in dead["items"]] == [tried[1]["id"], tried[0]["id"]]
    assert shown["body"]["type"] == "webhook.test"
    assert (shown["message_id"], shown["log"]) == (tried[0]["message_id"], [])
    assert [(answer.status, (await answer.json())["replayed"]) for answer in (one, others)] == [
        (202, 1),
        (202, 1),
    ]
    await problem(await api.post(f"{where}/deliveries/999999999/replay"), 404, "webhook_delivery_not_found")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "http://example.org/"}, "webhook_url_refused"),
        ({"url": "https://10.1.2.3/"}, "webhook_url_refused"),
        ({"url": "https://[::ffff:10.1.2.3]/"}, "webhook_url_refused"),
        ({"url": "https://2130706433/"}, "webhook_url_refused"),
        ({"url": "not a url"}, "webhook_url_refused"),
        ({"url": "https://exa mple.org/"}, "webhook_url_refused"),
        ({"url": "https://a..b/"}, "webhook_url_refused"),
        ({"url": "https://.e.org/"}, "webhook_url_refused"),
        ({"url": "https://*.e.org"}, "webhook_url_refused"),
        ({"url": f"https://{'x' * 64}.org/"}, "webhook_url_refused"),
        ({"url": "https://a%2eb.org/"}, "webhook_url_refused"),
        ({"kinds": []}, "invalid_request"),
        ({"kinds": ["webhook.test"]}, "invalid_request"),
        ({"kinds": "task.ready"}, "invalid_request"),
    ],
)
async def test_what_makes_no_webhook_is_refused(
    api: Api, hooks: str, make: Any, fields: dict[str, Any], code: str
) -> None:
    made = await make()

    await problem(await api.post(hooks, json=NEW | fields), 422, code)
    await problem(await api.patch(f"{hooks}/{made['id']}", json=fields), 422, code)


async def test_a_workspace_has_twenty_at_most(api: Api, hooks: str, make: Any) -> None:
    for _ in range(20):
        await make()

    await problem(await api.post(hooks, json=NEW), 409, "too_many_webhooks")


async def test_a_key_makes_none_since_it_would_outlive_the_key(api: Api, hooks: str, make: Any) -> None:
    made = await make()
    where = hooks.replace("webhooks", "api-keys")
    key = await (await api.post(where, json={"name": "robot", "scope": "admin"})).json()
    robot = {"X-API-Key": secret(key["key"])}

    listed = await api.client.get(hooks, headers=robot)
    refused = [
        await api.client.post(hooks, json=NEW, headers=robot),
        await api.client.patch(f"{hooks}/{made['id']}", json=NEW, headers=robot),
        await api.client.post(f"{hooks}/{made['id']}/secret", json={}, headers=robot),
    ]

    assert listed.status == 200
    for response in refused:
        await problem(response, 403, "permission_denied")


async def test_who_changes_them_is_written_down(api: Api, hooks: str, make: Any) -> None:
    made = await make()
    await api.patch(f"{hooks}/{made['id']}", json={"is_enabled": False})
    await api.delete(f"{hooks}/{made['id']}")

    page = await (await api.get(hooks.replace("webhooks", "security-events"))).json()

    told = [one for one in page["items"] if one["event"].startswith("webhook")]
    assert [one["event"] for one in told] == ["webhook_deleted", "webhook_changed", "webhook_created"]
    assert {one["actor_id"] for one in told} == {api.user["id"]}
    assert URL not in str(told)
