"""Files in a bucket of any service that speaks S3."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from aiohttp import ClientError as BrokenOff
from botocore.exceptions import BotoCoreError, ClientError

from service.storage.storage import Link, Troubles, missing

LOGGER = logging.getLogger(__name__)
# What is held of a file in memory. A file has up to 10,000 parts, and all but the last at least 5 MiB.
PART = 8 * 1024 * 1024
CHUNK = 256 * 1024
KEY = re.compile(r"[0-9a-f]{32}(\.preview)?$")
NOT_THERE = frozenset({"NoSuchKey", "NoSuchUpload", "404"})
CONFIG = AioConfig(
    signature_version="s3v4",
    connect_timeout=5,
    read_timeout=60,
    retries={"max_attempts": 3, "mode": "standard"},
    # Checksums of S3's own, which not every service knows; ours are kept in MySQL.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3:
    """A storage at s3://bucket/prefix?endpoint=https://...&region=...; without keys, those of the machine."""

    def __init__(self, url: str, key_id: str, secret: str) -> None:
        parts = urlsplit(url)
        told = dict(parse_qsl(parts.query))
        self.bucket = parts.netloc
        self._prefix = f"{prefix}/" if (prefix := unquote(parts.path).strip("/")) else ""
        # A bucket is not part of the name of a host where somebody runs S3 of their own.
        style = {"addressing_style": "path" if "endpoint" in told else "auto"}
        self._options = {
            "endpoint_url": told.get("endpoint"),
            "region_name": told.get("region", "us-east-1"),
            "aws_access_key_id": key_id or None,
            "aws_secret_access_key": secret or None,
            "config": CONFIG.merge(AioConfig(s3=style)),
        }
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._opened: Any = None
        self._troubles = Troubles(LOGGER)

    async def create(self, key: str) -> "Parts":
        return Parts(self, self.place(key))

    async def read(self, key: str, first: int, count: int) -> AsyncGenerator[bytes, None]:
        async with self.client() as client:
            if not count:
                await client.head_object(**self.place(key))
                yield b""
                return
            answer = await client.get_object(**self.place(key), Range=f"bytes={first}-{first + count - 1}")
            async with answer["Body"] as body:
                async for chunk in body.iter_chunks(CHUNK):
                    yield chunk

    async def copy(self, source: str, key: str) -> int:
        async with self.client() as client:
            await client.copy_object(**self.place(key), CopySource=self.place(source))
            told = await client.head_object(**self.place(key))
            return int(told["ContentLength"])

    async def upload_link(self, key: str, size: int, seconds: int) -> Link:
        async with self.client() as client:
            url = await client.generate_presigned_url(
                "put_object", Params=self.place(key) | {"ContentLength": size}, ExpiresIn=seconds
            )
            return Link("PUT", url, seconds)

    async def download_link(self, key: str, media_type: str, disposition: str, seconds: int) -> Link:
        told = {"ResponseContentType": media_type, "ResponseContentDisposition": disposition}
        async with self.client() as client:
            url = await client.generate_presigned_url(
                "get_object", Params=self.place(key) | told, ExpiresIn=seconds
            )
            return Link("GET", url, seconds)

    async def delete(self, key: str) -> None:
        place = self.place(key)
        async with self.client() as client:
            await client.delete_object(**place)
            begun = await client.list_multipart_uploads(Bucket=self.bucket, Prefix=place["Key"])
            for upload in begun.get("Uploads", []):
                if upload["Key"] == place["Key"]:
                    await client.abort_multipart_upload(**place, UploadId=upload["UploadId"])

    async def all_keys(self) -> AsyncIterator[str]:
        for operation, listed in (("list_objects_v2", "Contents"), ("list_multipart_uploads", "Uploads")):
            async with self.client() as client:
                pages = client.get_paginator(operation).paginate(Bucket=self.bucket, Prefix=self._prefix)
                async for page in pages:
                    for item in page.get(listed, []):
                        if found := KEY.search(item["Key"]):
                            yield found[0]

    async def close(self) -> None:
        await self._open.aclose()

    def place(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.bucket, "Key": f"{self._prefix}{key}"}

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Any]:
        """A block that asks the service; what it answers becomes a refusal of ours."""
        try:
            async with self._opening:
                if self._opened is None:
                    opening = get_session().create_client("s3", **self._options)
                    self._opened = await self._open.enter_async_context(opening)
            yield self._opened
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in NOT_THERE:
                raise missing() from error
            raise self._troubles.unavailable(error) from error
        except (BotoCoreError, BrokenOff, OSError, TimeoutError) as error:
            raise self._troubles.unavailable(error) from error


class Parts:
    """A file that is sent in parts; one that is smaller than a part is sent at once."""

    def __init__(self, s3: S3, place: dict[str, Any]) -> None:
        self._s3, self._place = s3, place
        self._held = bytearray()
        self._sent: list[dict[str, Any]] = []
        self._upload: dict[str, Any] = {}

    async def write(self, chunk: bytes) -> None:
        self._held += chunk
        if len(self._held) >= PART:
            await self._send()

    async def commit(self) -> None:
        if self._upload and self._held:
            await self._send()
        async with self._s3.client() as client:
            if self._upload:
                parts = {"Parts": self._sent}
                await client.complete_multipart_upload(**self._place, **self._upload, MultipartUpload=parts)
            else:
                await client.put_object(**self._place, Body=bytes(self._held))
        self._upload = {}

    async def abort(self) -> None:
        if self._upload:
            async with self._s3.client() as client:
                await client.abort_multipart_upload(**self._place, **self._upload)

    async def _send(self) -> None:
        async with self._s3.client() as client:
            if not self._upload:
                begun = await client.create_multipart_upload(**self._place)
                self._upload = {"UploadId": begun["UploadId"]}
            number = len(self._sent) + 1
            sent = await client.upload_part(
                **self._place, **self._upload, PartNumber=number, Body=bytes(self._held)
            )
        self._sent.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._held.clear()
