"""/api/v1/tasks/{id}/attachments: files go in and come out as they were, and no other way."""

import asyncio
import base64
import hashlib
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientPayloadError, ClientResponse
from aiohttp.test_utils import TestClient

from service.config import Settings
from service.files.sending import disposition
from service.handlers import attachments
from service.storage import open_storage
from tests.conftest import Database
from tests.http.conftest import TRACEPARENT, Api, logged_in, problem, registered
from tests.http.process import Service, free_port
from tests.servers import run

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200))
PAGE = b"<!DOCTYPE html><html><script>alert(document.domain)</script></html>"
MIB = 1024 * 1024
PATIENCE = 60


def named(name: str = "plan.pdf") -> dict[str, str]:
    return {"Content-Disposition": disposition(name, "attachment")}


def digest(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


async def attach(api: Api, task: int, content: Any, name: str = "plan.pdf", **headers: str) -> ClientResponse:
    return await api.post(f"/api/v1/tasks/{task}/attachments", data=content, headers=named(name) | headers)


async def attached(api: Api, task: int, content: Any, name: str = "plan.pdf") -> str:
    """Attach a file and return the path of its bytes."""
    response = await attach(api, task, content, name)
    assert response.status == 201, await response.text()
    return f"/api/v1/tasks/{task}/attachments/{(await response.json())['id']}/content"


def stored(settings: Settings) -> set[Path]:
    """All files in storage, of other tests, too."""
    return {path for path in Path(settings.storage_url.removeprefix("file://")).rglob("*") if path.is_file()}


async def until(is_so: Callable[[], bool]) -> None:
    """Look until something is so, which another process or task brings about."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
async def task(api: Api) -> int:
    return await api.task()


@pytest.fixture
def room(database: Database, api: Api) -> Callable[[], int]:
    """How many bytes the attachments of the user's workspace take, also those that are on their way."""

    def taken() -> int:
        with database.owner() as owner:
            statement = "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS SIGNED) AS taken FROM stored_file WHERE workspace_id = %s AND state <> 'dropped'"
            return int(run(owner, statement, api.user["workspace_id"])[0]["taken"])

    return taken


class TestUpload:
    async def test_what_was_sent_is_what_comes_back(self, api: Api, task: int) -> None:
        content = os.urandom(3 * MIB + 1)

        response = await attach(api, task, io.BytesIO(content))
        made = await response.json()
        back = await api.get(f"/api/v1/tasks/{task}/attachments/{made['id']}/content")

        assert await back.read() == content
        assert made["sha256"] == hashlib.sha256(content).hexdigest()
        assert (made["name"], made["version"], made["size_bytes"]) == ("plan.pdf", 1, len(content))
        assert made["uploaded_by"] == api.user["id"]
        assert back.headers["Repr-Digest"] == digest(content)

    @pytest.mark.parametrize("content", [b"", b"x"])
    async def test_it_may_be_small(self, api: Api, task: int, content: bytes) -> None:
        path = await attached(api, task, content)

        assert await (await api.get(path)).read() == content

    async def test_its_size_need_not_be_known(self, api: Api, task: int, room: Callable[[], int]) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(5):
                yield b"x" * 1000

        path = await attached(api, task, chunks())

        assert await (await api.get(path)).read() == b"x" * 5000
        assert room() == 5000

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            ('attachment; filename="plan.pdf"', "plan.pdf"),
            ("attachment; filename=plan.pdf", "plan.pdf"),
            ("attachment; filename*=UTF-8''na%C3%AFve%20%E2%9C%93.txt", "naïve ✓.txt"),
            ('attachment; filename="C:\\\\papers\\\\plan.pdf"', "plan.pdf"),
            ('attachment; filename="../../etc/passwd"', "passwd"),
            ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ],
    )
    async def test_the_name_is_that_of_the_header_without_folders(
        self, api: Api, task: int, sent: str, name: str
    ) -> None:
        response = await attach(api, task, b"x", **{"Content-Disposition": sent})

        assert (await response.json())["name"] == name

    @pytest.mark.parametrize(
        "sent",
        [
            "attachment",
            'attachment; filename=""',
            "attachment; filename*=UTF-8''a%00b",
            f'x; filename="{"a" * 256}"',
            'x; filename="a/"',
            'x; filename=".."',
            'x; filename="a/."',
            "attachment; filename*=UTF-8''pl%E2%80%8Ban.txt",
        ],
    )
    async def test_without_a_name_it_is_refused(self, api: Api, task: int, sent: str) -> None:
        response = await attach(api, task, b"x", **{"Content-Disposition": sent})

        assert list((await problem(response, 422, "invalid_request"))["errors"]) == ["Content-Disposition"]

    async def test_a_checksum_that_is_sent_is_compared(
        self, api: Api, task: int, room: Callable[[], int]
    ) -> None:
        good = await attach(api, task, b"good", **{"Content-Digest": digest(b"good")})
        bad = await attach(api, task, b"bad", **{"Content-Digest": digest(b"good")})
        others = await attach(
            api, task, b"bad", **{"Content-Digest": f"md5=:AAAA:, {digest(b'good')},sha-512=:AA==:"}
        )
        none = await attach(api, task, b"bad", **{"Content-Digest": "md5=:AAAA:"})

        assert good.status == 201
        await problem(bad, 422, "checksum_mismatch")
        await problem(others, 422, "checksum_mismatch")
        await problem(none, 422, "invalid_request")
        assert room() == 4

    async def test_what_is_coded_is_not_taken(self, api: Api, task: int) -> None:
        response = await attach(api, task, b"\x1f\x8b", **{"Content-Encoding": "gzip"})
        plain = await attach(api, task, b"\x1f\x8b", **{"Content-Encoding": "Identity"})

        await problem(response, 415, "unsupported_media_type")
        assert plain.status == 201

    async def test_who_leaves_in_the_middle_leaves_nothing(
        self, api: Api, task: int, settings: Settings, room: Callable[[], int]
    ) -> None:
        before = stored(settings)

        async def chunks() -> AsyncIterator[bytes]:
            yield b"x" * 1000
            await until(lambda: room() > 0)
            raise ConnectionError

        with pytest.raises(Exception):  # noqa: B017, PT011
            await attach(api, task, chunks())

        await until(lambda: not room() and not stored(settings) - before)
        assert (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"] == []

    async def test_who_sends_nothing_is_not_waited_for(
        self, api: Api, task: int, monkeypatch: pytest.MonkeyPatch, room: Callable[[], int]
    ) -> None:
        monkeypatch.setattr(attachments, "IDLE_SECONDS", 0.05)
        answered = asyncio.Event()

        async def chunks() -> AsyncIterator[bytes]:
            yield b"x"
            await answered.wait()

        response = await attach(api, task, chunks())
        answered.set()

        await problem(response, 400, "malformed_request")
        assert room() == 0


class TestLimits:
    @pytest.fixture
    async def bounded(self, serve: Callable[[Settings], Awaitable[TestClient]], settings: Settings) -> Api:
        client = await serve(
            replace(
                settings,
                attachment_max_bytes=1000,
                attachment_quota_bytes=1500,
                attachment_types=("image/*",),
            )
        )
        return await logged_in(client, await registered(client))

    async def test_a_file_that_says_that_it_is_too_large_is_not_read(self, bounded: Api) -> None:
        response = await attach(bounded, await bounded.task(), PNG + bytes(1000))

        assert (await problem(response, 413, "attachment_too_large"))["most_bytes"] == 1000

    async def test_one_that_does_not_say_so_is_read_no_further(
        self, bounded: Api, settings: Settings
    ) -> None:
        before = stored(settings)

        async def chunks() -> AsyncIterator[bytes]:
            yield PNG
            while True:
                yield bytes(1000)

        response = await attach(bounded, await bounded.task(), chunks())

        await problem(response, 413, "attachment_too_large")
        assert stored(settings) <= before

    async def test_a_workspace_has_room_for_so_much(self, bounded: Api) -> None:
        task = await bounded.task()
        first = await attach(bounded, task, PNG + bytes(700))
        second = await attach(bounded, task, PNG + bytes(700))
        third = await attach(bounded, task, PNG)

        assert (first.status, third.status) == (201, 201)
        facts = await problem(second, 409, "quota_exceeded")
        assert (facts["used_bytes"], facts["quota_bytes"]) == (len(PNG) + 700, 1500)

    @pytest.mark.parametrize("said", ["image/png", "application/octet-stream"])
    async def test_the_type_is_told_from_the_bytes_and_not_by_the_client(
        self, bounded: Api, said: str
    ) -> None:
        task = await bounded.task()

        page = await attach(bounded, task, PAGE, "picture.png", **{"Content-Type": said})
        picture = await attach(bounded, task, PNG, "page.html", **{"Content-Type": said})

        assert (await problem(page, 415, "attachment_type_refused"))["media_type"] == "text/html"
        assert (await picture.json())["media_type"] == "image/png"


class TestDownload:
    CONTENT = bytes(range(256)) * 4096

    @pytest.fixture
    async def path(self, api: Api, task: int) -> str:
        return await attached(api, task, self.CONTENT)

    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=5-300000", 5, 300_000),
            ("bytes=1048570-", 1_048_570, 1_048_575),
            ("bytes=-7", 1_048_569, 1_048_575),
            ("bytes=0-99999999", 0, 1_048_575),
            ("bytes=-99999999", 0, 1_048_575),
        ],
    )
    async def test_a_range_of_it(self, api: Api, path: str, asked: str, first: int, last: int) -> None:
        response = await api.get(path, headers={"Range": asked})

        assert (response.status, await response.read()) == (206, self.CONTENT[first : last + 1])
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(self.CONTENT)}"

    @pytest.mark.parametrize("asked", ["bytes=1048576-", "bytes=2000000-3000000", "bytes=-0"])
    async def test_a_range_with_nothing_in_it_is_refused(self, api: Api, path: str, asked: str) -> None:
        response = await api.get(path, headers={"Range": asked})

        assert (await problem(response, 416, "range_unsatisfiable"))["size_bytes"] == len(self.CONTENT)
        assert response.headers["Content-Range"] == f"bytes */{len(self.CONTENT)}"

    @pytest.mark.parametrize(
        "asked",
        ["bytes=0-1,5-6", "bytes=9-2", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=" + "9" * 40 + "-"],
    )
    async def test_of_several_ranges_and_of_what_is_none_all_is_sent(
        self, api: Api, path: str, asked: str
    ) -> None:
        response = await api.get(path, headers={"Range": asked})

        assert (response.status, await response.read()) == (200, self.CONTENT)

    async def test_a_range_is_meant_of_the_file_that_is_named(self, api: Api, task: int, path: str) -> None:
        tag = (await api.get(path)).headers["ETag"]
        headers = {"Range": "bytes=0-0", "If-Range": tag}
        same = await api.get(path, headers=headers)
        await attached(api, task, b"a new version")
        other = await api.get(path, headers=headers)

        assert (same.status, await same.read()) == (206, b"\0")
        assert (other.status, await other.read()) == (200, b"a new version")

    async def test_what_the_client_has_is_not_sent_again(self, api: Api, path: str) -> None:
        tag = (await api.get(path)).headers["ETag"]

        response = await api.get(path, headers={"If-None-Match": tag})

        assert (response.status, await response.read()) == (304, b"")
        assert tag == f'"{hashlib.sha256(self.CONTENT).hexdigest()}"'

    async def test_its_headers_can_be_had_alone(self, api: Api, path: str) -> None:
        response = await api.request("HEAD", path)

        assert (response.status, await response.read()) == (200, b"")
        assert response.headers["Content-Length"] == str(len(self.CONTENT))
        assert response.headers["Accept-Ranges"] == "bytes"

    async def test_a_range_is_meant_of_what_is_got(self, api: Api, path: str) -> None:
        response = await api.request("HEAD", path, headers={"Range": "bytes=0-1"})

        assert response.status == 200
        assert response.headers["Content-Length"] == str(len(self.CONTENT))
        assert "Content-Range" not in response.headers

    async def test_it_says_to_which_request_it_belongs(self, api: Api, path: str) -> None:
        response = await api.get(path, headers={"X-Request-Id": "r1", "traceparent": TRACEPARENT})

        assert response.headers["X-Request-Id"] == "r1"
        assert response.headers["traceresponse"].split("-")[1] == TRACEPARENT.split("-")[1]

    async def test_bytes_that_are_not_those_that_were_stored_do_not_come_whole(
        self, api: Api, task: int, settings: Settings
    ) -> None:
        before = stored(settings)
        path = await attached(api, task, self.CONTENT)
        (file,) = stored(settings) - before
        file.write_bytes(self.CONTENT[:-1] + b"x")

        response = await api.get(path)

        with pytest.raises(ClientPayloadError):
            await response.read()

    async def test_bytes_that_are_gone_are_told_of(self, api: Api, task: int, settings: Settings) -> None:
        before = stored(settings)
        path = await attached(api, task, b"gone")
        (file,) = stored(settings) - before
        file.unlink()

        await problem(await api.get(path), 404, "file_missing")


class TestSafety:
    @pytest.mark.parametrize(
        "content",
        [PAGE, b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b"%PDF-1.7\n"],
    )
    @pytest.mark.parametrize("inline", ["false", "true"])
    async def test_what_could_run_is_saved_and_not_shown(
        self, api: Api, task: int, content: bytes, inline: str
    ) -> None:
        response = await api.get(
            await attached(api, task, content, "innocent.png"), params={"inline": inline}
        )

        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert (
            response.headers["Content-Security-Policy"]
            == "default-src 'none'; sandbox; frame-ancestors 'none'"
        )

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PNG, "image/png"),
            (b"GIF89a\1\0\1\0", "image/gif"),
            ("ä\nb".encode(), "text/plain; charset=utf-8"),
        ],
    )
    async def test_what_is_harmless_is_shown_to_who_asks(
        self, api: Api, task: int, content: bytes, kind: str
    ) -> None:
        path = await attached(api, task, content)

        saved, shown = await api.get(path), await api.get(path, params={"inline": "true"})

        assert saved.headers["Content-Disposition"].startswith("attachment; ")
        assert shown.headers["Content-Disposition"].startswith("inline; ")
        assert shown.headers["Content-Type"] == kind
        assert "sandbox" in shown.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "content", ["grüße".encode("latin-1"), "café".encode("latin-1")], ids=["in the middle", "at the end"]
    )
    async def test_of_text_that_is_not_utf_8_no_charset_is_told(
        self, api: Api, task: int, content: bytes
    ) -> None:
        response = await api.get(await attached(api, task, content), params={"inline": "true"})

        assert response.headers["Content-Type"] == "text/plain"
        assert await response.read() == content

    async def test_a_name_can_be_anything_and_stays_a_name(self, api: Api, task: int) -> None:
        name = 'a"; filename=b.exe; %41 \u20ac\u00e9.txt'

        response = await api.get(await attached(api, task, b"x", name))

        assert response.content_disposition
        assert response.content_disposition.filename == name
        assert response.headers["Content-Disposition"].startswith(
            'attachment; filename="a__ filename=b.exe_ _41 __.txt"; '
        )

    async def test_no_name_of_a_client_is_one_of_a_file(
        self, api: Api, task: int, settings: Settings
    ) -> None:
        before = stored(settings)

        await attached(api, task, b"x", "evil.sh")

        (file,) = stored(settings) - before
        assert len(file.name) == 32
        assert file.stat().st_mode & 0o777 == 0o600


class TestVersions:
    async def test_each_can_be_had(self, api: Api, task: int) -> None:
        path = await attached(api, task, b"first")
        assert await attached(api, task, b"second") == path

        listed = await (await api.get(path.replace("/content", "/versions"))).json()
        old = await (await api.get(path, params={"version": "1"})).read()
        new = await (await api.get(path)).read()

        assert [item["version"] for item in listed["items"]] == [2, 1]
        assert (old, new) == (b"first", b"second")
        await problem(await api.get(path, params={"version": "3"}), 404, "attachment_not_found")

    async def test_a_list_shows_the_newest_of_each_by_name(self, api: Api, task: int) -> None:
        for name, content in (("b", b"1"), ("a", b"2"), ("b", b"33")):
            await attached(api, task, content, name)

        listed = await (await api.get(f"/api/v1/tasks/{task}/attachments")).json()

        assert [(item["name"], item["version"], item["size_bytes"]) for item in listed["items"]] == [
            ("a", 1, 1),
            ("b", 2, 2),
        ]

    async def test_lists_come_in_pages(self, api: Api, task: int) -> None:
        for name in "abc":
            await attached(api, task, b"x", name)

        listed = await (
            await api.get(f"/api/v1/tasks/{task}/attachments", params={"skip": "1", "limit": "1"})
        ).json()

        assert ([item["name"] for item in listed["items"]], listed["has_more"]) == (["b"], True)

    async def test_a_deleted_one_is_gone(self, api: Api, task: int) -> None:
        path = await attached(api, task, b"x")

        deleted = await api.delete(path.removesuffix("/content"))

        assert deleted.status == 200
        for rest in ("", "/versions", "/content"):
            await problem(await api.get(path.replace("/content", rest)), 404, "attachment_not_found")
        assert (await (await api.get(f"/api/v1/tasks/{task}/attachments")).json())["items"] == []

    async def test_one_of_another_task_is_not_there(self, api: Api, task: int) -> None:
        path = await attached(api, task, b"x")
        other = path.replace(f"tasks/{task}/", f"tasks/{await api.task()}/")

        await problem(await api.get(other), 404, "attachment_not_found")
        await problem(await api.delete(other.removesuffix("/content")), 404, "attachment_not_found")

    async def test_who_follows_the_workspace_is_told(self, api: Api, task: int) -> None:
        asked = {"task_id": str(task), "after": "0", "wait": "10"}
        after = (await (await api.get("/api/v1/changes", params=asked)).json())["next_after"]
        waiting = asyncio.create_task(api.get("/api/v1/changes", params=asked | {"after": str(after)}))

        await attached(api, task, b"x", "told.txt")

        (line,) = (await (await waiting).json())["items"]
        assert (line["entity"], line["action"], line["new_row"]["name"]) == (
            "attachment",
            "insert",
            "told.txt",
        )


@pytest.fixture
def running(start: Callable[..., Service]) -> Iterator[Service]:
    service = start(free_port(), ATTACHMENT_MAX_BYTES=str(200 * MIB), BCRYPT_COST="4")
    service.wait_until_up()
    yield service
    service.end()


async def test_a_file_takes_the_same_memory_however_large_it_is(
    running: Service, api: Api, task: int
) -> None:
    """The service is a process of its own here: what it takes at most can be read."""
    status = Path(f"/proc/{running.process.pid}/status")
    block = os.urandom(MIB)

    def most() -> int:
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024

    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield block

    async def there_and_back(count: int) -> int:
        upload = await api.client.session.post(
            f"{running.url}/api/v1/tasks/{task}/attachments",
            data=chunks(count),
            headers=named() | {"Authorization": f"Bearer {api.token}"},
        )
        made = await upload.json()
        assert upload.status == 201, made
        path = f"{running.url}/api/v1/tasks/{task}/attachments/{made['id']}/content"
        async with api.client.session.get(path, headers={"Authorization": f"Bearer {api.token}"}) as back:
            size = 0
            async for chunk in back.content.iter_any():
                size += len(chunk)
        assert size == count * MIB
        return most()

    small = await there_and_back(1)
    large = await there_and_back(128)

    assert large - small < 32 * MIB


async def test_the_storage_lists_what_it_has(api: Api, task: int, settings: Settings) -> None:
    storage = open_storage(settings)
    before = {key async for key in storage.all_keys()}

    await attached(api, task, b"x")

    after = {key async for key in storage.all_keys()}
    assert len(after - before) == 1
    await storage.close()
