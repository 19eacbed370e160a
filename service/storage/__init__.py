"""Where the bytes of files are, outside of MySQL: behind one small interface, whatever it is."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiohttp import web

from service.config import SETTINGS, ConfigError, Settings
from service.embedded.folders import state_folder
from service.storage.folder import Folder
from service.storage.storage import Storage

STORAGE = web.AppKey("storage", Storage)


def open_storage(settings: Settings) -> Storage:
    """The storage of STORAGE_URL; without one, a folder among what this checkout keeps."""
    if not settings.storage_url:
        return Folder(state_folder() / "attachments")
    if not settings.storage_url.startswith("s3:"):
        return Folder(Path(unquote(urlsplit(settings.storage_url).path)))
    try:
        # Only where it is wanted: what it needs is large, and installed by itself.
        from service.storage.s3 import S3
    except ImportError as error:
        raise ConfigError("STORAGE_URL names S3, for which headgate[s3] has to be installed.") from error
    return S3(settings.storage_url, settings.s3_access_key_id, settings.s3_secret_access_key)


async def storage(app: web.Application) -> AsyncIterator[None]:
    app[STORAGE] = open_storage(app[SETTINGS])
    yield
    await app[STORAGE].close()
