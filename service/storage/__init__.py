"""Where the bytes of files are, outside of MySQL: behind one small interface, whatever it is."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiohttp import web

from service.config import SETTINGS, Settings
from service.embedded.folders import state_folder
from service.storage.folder import Folder
from service.storage.storage import Storage

STORAGE = web.AppKey("storage", Storage)


def open_storage(settings: Settings) -> Storage:
    """The storage of STORAGE_URL; without one, a folder among what this checkout keeps."""
    if not settings.storage_url:
        return Folder(state_folder() / "attachments")
    return Folder(Path(unquote(urlsplit(settings.storage_url).path)))


async def storage(app: web.Application) -> AsyncIterator[None]:
    app[STORAGE] = open_storage(app[SETTINGS])
    yield
    await app[STORAGE].close()
