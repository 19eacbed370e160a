"""Files in S3: the same API, and transfers past the service. Asked is moto's server, which speaks S3 over HTTP."""

import hashlib
import io
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from moto.server import ThreadedMotoServer

from service.app import create_app
from service.config import ConfigError, Settings
from service.errors import Refused
from service.files.collection import collect
from service.storage import STORAGE, open_storage
from service.storage.s3 import PART, S3
from service.storage.storage import Storage
from tests.conftest import Database
from tests.http.conftest import Api, problem, secret
from tests.http.process import free_port
from tests.http.test_attachments import PAGE, PNG, attach, attached
from tests.servers import run

CONTENT = os.urandom(2 * PART + 5)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
async def settings(settings: Settings, endpoint: str) -> Settings:
    """With a bucket of the file's own."""
    settings = replace(
        settings,
        storage_url=f"s3://attachments/folder?endpoint={endpoint}",
        s3_access_key_id="key",
        s3_secret_access_key=secret("s3-secret-access-key"),
        attachment_max_bytes=len(CONTENT),
    )
    storage = open_storage(settings)
    assert isinstance(storage, S3)
    async with storage.client() as client:
        await client.create_bucket(Bucket="attachments")
    await storage.close()
    return settings


@pytest.fixture(scope="module")
async def client(settings: Settings) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(settings))) as client:
        yield client


@pytest.fixture
def storage(client: TestClient) -> Storage:
    assert client.server
    return client.server.app[STORAGE]


@pytest.fixture
async def task(api: Api) -> int:
    return await api.task()


@pytest.fixture
def collected(call: Callable[..., Any], storage: Storage) -> Callable[[], Any]:
    """Remove what nobody has any more."""

    async def ask(procedure: str, *args: Any) -> list[Any]:
        return call(procedure, *args)

    return lambda: collect(ask, storage)


async def keys(storage: Storage) -> set[str]:
    return {key async for key in storage.all_keys()}


async def begun(api: Api, task: int, content: bytes, **other: Any) -> dict[str, Any]:
    response = await api.post(
        f"/api/v1/tasks/{task}/uploads", json={"name": "plan.pdf", "size_bytes": len(content)} | other
    )
    assert response.status == 201, await response.text()
    return dict(await response.json())


async def sent(api: Api, link: dict[str, Any], content: bytes = b"") -> ClientResponse:
    """Follow a link, as somebody without a token."""
    return await api.client.session.request(
        link["method"], link["url"], data=io.BytesIO(content) if content else None
    )


async def finished(api: Api, task: int, upload: dict[str, Any], sha256: str | None = None) -> ClientResponse:
    return await api.post(
        f"/api/v1/tasks/{task}/uploads/{upload['upload_id']}/finish", json={"sha256": sha256}
    )


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, len(CONTENT)])
async def test_what_goes_in_comes_out_in_however_many_parts(api: Api, task: int, size: int) -> None:
    path = await attached(api, task, io.BytesIO(CONTENT[:size]))

    assert await (await api.get(path)).read() == CONTENT[:size]


async def test_a_range_goes_over_the_edge_of_parts(api: Api, task: int) -> None:
    path = await attached(api, task, io.BytesIO(CONTENT))

    response = await api.get(path, headers={"Range": f"bytes={PART - 2}-{PART + 1}"})

    assert (response.status, await response.read()) == (206, CONTENT[PART - 2 : PART + 2])


async def test_an_upload_that_is_refused_half_way_leaves_no_parts(
    api: Api, task: int, storage: Storage
) -> None:
    before = await keys(storage)

    async def chunks() -> AsyncIterator[bytes]:
        yield CONTENT
        yield b"more"

    response = await attach(api, task, chunks())

    await problem(response, 413, "attachment_too_large")
    assert await keys(storage) == before


async def test_parts_that_nobody_finished_are_collected(
    api: Api, task: int, storage: Storage, database: Database, collected: Callable[[], Any], call: Any
) -> None:
    """As after a process was killed in the middle."""
    (begun,) = call("begin_upload", api.user["id"], task, "a", 1, 1, 1000, 0)
    writer = await storage.create(begun["storage_key"])
    await writer.write(CONTENT[:PART])
    assert begun["storage_key"] in await keys(storage)

    await collected()

    assert begun["storage_key"] not in await keys(storage)
    with database.owner() as owner:
        assert run(owner, "SELECT 1 FROM stored_file WHERE id = %s", begun["upload_id"]) == []


async def test_a_deleted_attachment_leaves_the_bucket(
    api: Api, task: int, storage: Storage, database: Database, collected: Callable[[], Any]
) -> None:
    before = await keys(storage)
    path = await attached(api, task, PNG)
    await api.get(path.replace("/content", "/preview"))
    assert len(await keys(storage) - before) == 2

    await api.delete(path.removesuffix("/content"))
    with database.owner() as owner:
        run(owner, "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) WHERE state = 'dropped'")
    await collected()

    assert await keys(storage) <= before


async def test_a_bucket_that_is_away_is_told_of_and_nothing_is_kept(
    settings: Settings, serve: Any, api: Api, task: int, database: Database
) -> None:
    away = replace(settings, storage_url=f"s3://attachments?endpoint=http://127.0.0.1:{free_port()}")
    there = replace(api, client=await serve(away))

    response = await attach(there, task, b"x")

    await problem(response, 503, "storage_unavailable")
    with database.owner() as owner:
        (left,) = run(
            owner, "SELECT state FROM stored_file WHERE workspace_id = %s", api.user["workspace_id"]
        )
    assert left["state"] == "dropped"


async def test_bytes_that_are_gone_are_told_of(api: Api, task: int, storage: Storage) -> None:
    before = await keys(storage)
    path, empty = await attached(api, task, b"gone"), await attached(api, task, b"", "empty")
    for key in await keys(storage) - before:
        await storage.delete(key)

    await problem(await api.get(path), 404, "file_missing")
    await problem(await api.get(empty), 404, "file_missing")


class TestDirect:
    async def test_a_file_goes_to_storage_and_back_past_the_service(self, api: Api, task: int) -> None:
        upload = await begun(api, task, CONTENT)
        assert (await sent(api, upload, CONTENT)).status == 200

        made = await (await finished(api, task, upload, hashlib.sha256(CONTENT).hexdigest())).json()
        link = await (await api.get(f"/api/v1/tasks/{task}/attachments/{made['id']}/link")).json()
        back = await sent(api, link)

        assert (made["name"], made["version"], made["size_bytes"]) == ("plan.pdf", 1, len(CONTENT))
        assert made["sha256"] == hashlib.sha256(CONTENT).hexdigest()
        assert await back.read() == CONTENT
        assert back.headers["Content-Disposition"].startswith('attachment; filename="plan.pdf"')
        assert made["revision"] > 0

    async def test_before_it_is_finished_there_is_nothing(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"x")
        await sent(api, upload, b"x")

        assert (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"] == []

    async def test_what_was_finished_nobody_changes(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"good")
        await sent(api, upload, b"good")
        made = await (await finished(api, task, upload)).json()

        # The link is good for some more minutes.
        await sent(api, upload, b"evil")

        path = f"/api/v1/tasks/{task}/attachments/{made['id']}/content"
        assert await (await api.get(path)).read() == b"good"
        await problem(await finished(api, task, upload), 404, "upload_not_found")

    async def test_what_the_client_left_behind_goes_when_its_link_is_over(
        self, api: Api, task: int, storage: Storage, database: Database, collected: Callable[[], Any]
    ) -> None:
        before = await keys(storage)
        upload = await begun(api, task, b"x")
        await sent(api, upload, b"x")
        await finished(api, task, upload)
        await collected()
        assert len(await keys(storage) - before) == 2

        with database.owner() as owner:
            over = (
                "UPDATE stored_file SET collect_at = CURRENT_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = %s"
            )
            run(owner, over, upload["upload_id"])
        await collected()

        assert len(await keys(storage) - before) == 1

    async def test_nothing_is_attached_that_is_not_there(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"x")

        await problem(await finished(api, task, upload), 404, "file_missing")
        assert (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"] == []

    async def test_the_bytes_are_compared_with_the_checksum(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"good")
        await sent(api, upload, b"evil")

        response = await finished(api, task, upload, hashlib.sha256(b"good").hexdigest())

        await problem(response, 422, "checksum_mismatch")

    async def test_no_more_comes_than_was_said(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"x")
        # moto does not look at the signature, which says how many they are; so this is about others like it.
        await sent(api, upload, b"much more")

        await problem(await finished(api, task, upload), 413, "attachment_too_large")

    async def test_the_link_says_how_much_may_be_sent_and_for_how_long(self, api: Api, task: int) -> None:
        upload = await begun(api, task, b"x")

        assert "X-Amz-SignedHeaders=content-length%3Bhost" in upload["url"]
        assert "X-Amz-Expires=900" in upload["url"]
        assert upload["expires_in"] == 900

    async def test_the_type_is_told_from_the_bytes(
        self, settings: Settings, serve: Any, api: Api, task: int
    ) -> None:
        only = replace(api, client=await serve(replace(settings, attachment_types=("image/*",))))
        page, picture = await begun(only, task, PAGE), await begun(only, task, PNG)
        await sent(api, page, PAGE)
        await sent(api, picture, PNG)

        await problem(await finished(only, task, page), 415, "attachment_type_refused")
        assert (await (await finished(only, task, picture)).json())["media_type"] == "image/png"

    async def test_size_and_room_are_bounded_before_anything_is_sent(
        self, api: Api, task: int, database: Database
    ) -> None:
        path, names = f"/api/v1/tasks/{task}/uploads", {"name": "a", "size_bytes": len(CONTENT) + 1}
        with database.owner() as owner:
            run(
                owner,
                "UPDATE workspace SET attachment_quota_bytes = 5 WHERE id = %s",
                api.user["workspace_id"],
            )

        await problem(await api.post(path, json=names), 413, "attachment_too_large")
        await problem(await api.post(path, json=names | {"size_bytes": 6}), 409, "quota_exceeded")

    async def test_it_is_for_who_may_plan(self, api: Api, stranger: Api, task: int) -> None:
        upload = await begun(api, task, b"x")
        await sent(api, upload, b"x")

        await problem(await finished(stranger, task, upload), 404, "task_not_found")
        made = await (await finished(api, task, upload)).json()
        link = f"/api/v1/tasks/{task}/attachments/{made['id']}/link"
        await problem(await stranger.get(link), 404, "task_not_found")


async def test_in_a_folder_there_is_no_way_past_the_service(settings: Settings, tmp_path: Any) -> None:
    storage = open_storage(replace(settings, storage_url=f"file://{tmp_path}"))

    for asked in (
        storage.copy("a", "b"),
        storage.upload_link("a", 1, 1),
        storage.download_link("a", "b", "c", 1),
    ):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.error.code == "direct_transfer_unavailable"
    await storage.close()


def test_without_its_client_s3_is_refused_in_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "service.storage.s3", None)

    with pytest.raises(ConfigError, match=r"headgate\[s3\]"):
        open_storage(settings)
