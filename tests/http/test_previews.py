""".../attachments/{id}/preview: small pictures, made where a file can do no harm, whatever it is."""

import asyncio
import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from service.config import Settings
from service.errors import Refused
from service.files import preview, thumbnail
from service.files.preview import NOTHING, Previews
from service.storage import open_storage
from tests.http.conftest import Api, problem
from tests.http.test_attachments import PAGE, attached, stored

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 73>>stream
1 0 0 rg 0 0 300 300 re f 0 g BT /F 48 Tf 50 400 Td (A plan of the house) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF"""


def picture(
    form: str = "PNG", size: tuple[int, int] = (800, 400), mode: str = "RGB", **options: Any
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red").save(made, form, **options)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is a large picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


async def path_of(api: Api, content: bytes) -> str:
    path = await attached(api, await api.task(), io.BytesIO(content))
    return path.replace("/content", "/preview")


async def shown(api: Api, content: bytes) -> Image.Image:
    """The preview of a file."""
    response = await api.get(await path_of(api, content))
    assert response.status == 200, await response.text()
    assert response.content_type == "image/webp"
    return Image.open(io.BytesIO(await response.read()), formats=["WEBP"])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
async def test_a_picture_becomes_a_small_one(api: Api, form: str) -> None:
    small = await shown(api, picture(form))

    assert small.size == (512, 256)
    red, green, blue = small.convert("RGB").getpixel((100, 100))  # type: ignore[misc]
    assert (red > 200, green < 50, blue < 50) == (True, True, True)


async def test_what_can_be_seen_through_still_can(api: Api) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 99)).save(made, "PNG")

    small = await shown(api, made.getvalue())

    assert (small.mode, small.size) == ("RGBA", (10, 10))


async def test_a_photograph_is_turned_and_does_not_tell_where_it_was_taken(api: Api) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "at home"

    small = await shown(api, picture("JPEG", exif=exif))

    assert small.size == (256, 512)
    assert not small.getexif()


@pytest.mark.parametrize("before", [b"", b"\n", b"\xef\xbb\xbf"], ids=["nothing", "line", "BOM"])
async def test_of_a_pdf_the_first_page_is_shown(api: Api, before: bytes) -> None:
    small = await shown(api, before + PDF)

    assert small.size == (256, 512)
    pixels = small.convert("RGB")
    assert min(pixels.getpixel((128, 100))) > 250  # type: ignore[type-var]
    assert pixels.getpixel((128, 500))[1] < 50  # type: ignore[index]
    # There is text.
    assert pixels.crop((0, 100, 256, 250)).convert("L").getextrema()[0] < 50  # type: ignore[operator]


async def test_it_is_made_once_and_kept(
    api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(settings)
    path = await path_of(api, picture())
    first = await (await api.get(path)).read()
    monkeypatch.setattr(preview, "PROGRAM", Path("/nowhere"))

    again = await api.get(path)
    known = await api.get(path, headers={"If-None-Match": again.headers["ETag"]})
    any_one = await api.get(path, headers={"If-None-Match": "*"})

    assert await again.read() == first
    assert (known.status, any_one.status) == (304, 304)
    kept, file = sorted(one.name for one in stored(settings) - before)[::-1]
    assert kept == f"{file}.preview"


@pytest.mark.parametrize(
    "content",
    [
        picture()[:500],
        b"%PDF-1.7\nnothing else",
        PDF.replace(b"/Count 1", b"/Count 0").replace(b"[3 0 R]", b"[]"),
        bomb(60_000, 60_000),
        bomb(8_000, 8_000),
    ],
    ids=["cut off", "no PDF", "without pages", "a bomb", "a smaller one"],
)
async def test_what_cannot_be_shown_is_refused_at_once_the_next_time(
    api: Api, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await path_of(api, content)

    await problem(await api.get(path), 422, "preview_unavailable")

    monkeypatch.setattr(preview, "PROGRAM", Path("/nowhere"))
    await problem(await api.get(path), 422, "preview_unavailable")
    await problem(await api.get(path, headers={"If-None-Match": "*"}), 422, "preview_unavailable")


async def test_of_other_files_there_is_none(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    page, large = await path_of(api, PAGE), await path_of(api, picture())
    monkeypatch.setattr(preview, "LARGEST", 10)

    await problem(await api.get(page), 422, "preview_unavailable")
    await problem(await api.get(large), 422, "preview_unavailable")


async def test_where_nothing_is_installed_that_is_said(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "missing.py"
    program.write_text(f"raise SystemExit({thumbnail.NOT_INSTALLED})")
    monkeypatch.setattr(preview, "PROGRAM", program)

    await problem(await api.get(await path_of(api, picture())), 501, "preview_missing")


async def test_what_takes_too_long_is_ended(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "pid"
    program = tmp_path / "slow.py"
    program.write_text(
        f"import os, time; open('{told}', 'w').write(str(os.getpid()))\nwhile True: time.sleep(60)"
    )
    monkeypatch.setattr(preview, "PROGRAM", program)
    monkeypatch.setattr(preview, "SECONDS", 2.0)

    await problem(await api.get(await path_of(api, picture())), 422, "preview_unavailable")

    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


async def test_what_says_too_much_is_not_listened_to(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "chatty.py"
    program.write_text("import sys\nwhile True: sys.stdout.write('x' * 1000000)")
    monkeypatch.setattr(preview, "PROGRAM", program)
    monkeypatch.setattr(preview, "SECONDS", 5.0)

    await problem(await api.get(await path_of(api, picture())), 422, "preview_unavailable")


async def test_only_a_few_are_made_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = open_storage(settings)
    previews, running, most = Previews(storage), 0, 0
    several = asyncio.Event()

    async def made(_: Any) -> bytes:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == preview.AT_ONCE:
            several.set()
        await several.wait()
        await asyncio.sleep(0)
        running -= 1
        return NOTHING

    monkeypatch.setattr(previews, "_made", made)
    files = [
        {"media_type": "image/png", "size_bytes": 1, "storage_key": f"{number:032x}"} for number in range(8)
    ]
    answers = await asyncio.gather(*(previews.of(file) for file in files), return_exceptions=True)

    assert all(isinstance(answer, Refused) for answer in answers)
    assert most == preview.AT_ONCE
    await storage.close()


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("__import__('socket').socket()", "Too many open files"),
        ("open('/etc/passwd')", "Too many open files"),
        ("__import__('os').pipe()", "Too many open files"),
        ("bytearray(2 * 1024 ** 3)", "MemoryError"),
    ],
)
def test_in_its_process_nothing_is_opened_or_connected_and_memory_ends(what: str, error: str) -> None:
    program = f"import socket; from service.files.thumbnail import confine; confine(); {what}"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert error in done.stderr


def test_its_process_gets_so_much_of_the_processor() -> None:
    program = "from service.files import thumbnail; thumbnail.CPU_SECONDS = 1; thumbnail.confine()\nwhile True: pass"

    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)

    assert done.returncode < 0


async def test_it_is_for_who_may_see_the_task(api: Api, stranger: Api, call: Callable[..., Any]) -> None:
    path = await path_of(api, picture())

    await problem(await stranger.get(path), 404, "task_not_found")
