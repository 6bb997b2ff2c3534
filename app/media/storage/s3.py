"""Files in a bucket that speaks the S3 protocol: Amazon's, SeaweedFS, Ceph and others."""

from __future__ import annotations

import base64
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO, cast

from app.kernel.errors import DomainError, NotFound
from app.media.storage.interface import AlreadyKept, full, no_such_file, require_path, unavailable

log = logging.getLogger(__name__)

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_MISSING = {"404", "NoSuchKey", "NotFound"}
_THERE = {"412", "PreconditionFailed", "409", "ConditionalRequestConflict"}
_NO_ROOM = {"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"}
_IN_MEMORY = 2**20
_AT_ONCE = 1_000
"""How many files the protocol removes by one request."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the bucket is and who opens it; the keys are shown nowhere."""

    name: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    prefix: str = ""
    patience: int = 10
    """Seconds for one answer."""


class S3Storage:
    """Keeps files in a bucket, below `folder`; with `is_private`, no cache may keep what it hands out."""

    def __init__(self, bucket: Bucket, folder: str, *, is_private: bool = False) -> None:
        self.bucket = bucket
        self.start = "/".join(part for part in (bucket.prefix.strip("/"), folder) if part) + "/"
        self.cache_control = "private, no-store" if is_private else FOR_EVER

    def put(self, path: str, content: bytes) -> None:
        """Keep a file unless its path is taken; the service itself checks that it arrived whole."""
        key = self._key(path)
        digest = hashlib.sha256(content)
        facts: dict[str, Any] = {
            "Bucket": self.bucket.name,
            "Key": key,
            "Body": content,
            "ContentType": TYPES.get(path.rpartition(".")[2], "application/octet-stream"),
            "ContentMD5": _md5(content),
            "ChecksumSHA256": base64.b64encode(digest.digest()).decode(),
            "CacheControl": self.cache_control,
            "Metadata": {"sha256": digest.hexdigest()},
            "IfNoneMatch": "*",
        }
        try:
            with self._client() as client:
                client.put_object(**facts)
        except AlreadyKept:  # by us, perhaps, when the first answer was lost on its way
            with self._client() as client:
                there = client.head_object(Bucket=self.bucket.name, Key=key)
            if there["Metadata"].get("sha256") != digest.hexdigest():
                raise

    def open(self, path: str) -> BinaryIO:
        """Fetch a file; a large one passes through a file of this machine, not through its memory."""
        key = self._key(path)
        fetched = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # whoever asked closes it
        try:
            with (
                self._client() as client,
                client.get_object(Bucket=self.bucket.name, Key=key)["Body"] as body,
            ):
                shutil.copyfileobj(body, fetched)
        except BaseException:
            fetched.close()
            raise
        fetched.seek(0)
        return cast("BinaryIO", fetched)

    def delete(self, *paths: str) -> None:
        """Remove files, many by one request."""
        keys = [{"Key": self._key(path)} for path in paths]
        for first in range(0, len(keys), _AT_ONCE):
            wanted = {"Objects": keys[first : first + _AT_ONCE], "Quiet": True}
            with self._client() as client:
                answer = client.delete_objects(Bucket=self.bucket.name, Delete=wanted)
            stuck = [fault for fault in answer.get("Errors", ()) if fault.get("Code") not in _MISSING]
            if stuck:
                log.error("the bucket did not remove %d files: %s", len(stuck), stuck[0].get("Code"))
                raise unavailable()

    def paths(self, before: datetime | None = None) -> Iterator[str]:
        """Go through the files; what others put into the bucket is left out."""
        more: dict[str, str] = {}
        while True:
            with self._client() as client:
                page = client.list_objects_v2(Bucket=self.bucket.name, Prefix=self.start, **more)
            for item in page.get("Contents", ()):
                if before is not None and item["LastModified"] >= before:
                    continue
                with suppress(DomainError):
                    yield require_path(item["Key"].removeprefix(self.start))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def probe(self) -> None:
        """Ask for the bucket."""
        try:
            with self._client() as client:
                client.head_bucket(Bucket=self.bucket.name)
        except NotFound as error:
            raise unavailable() from error

    def _key(self, path: str) -> str:
        return self.start + require_path(path)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """Lend the client, and turn the service's refusals into ours; the log learns them, but no key."""
        from botocore.exceptions import BotoCoreError, ClientError  # only who uses a bucket loads its client
        from urllib3.exceptions import HTTPError

        try:
            yield _client_of(self.bucket)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
            raise _explained({code, status}) from error
        except (BotoCoreError, HTTPError, OSError) as error:
            log.warning("the bucket does not answer: %s", type(error).__name__)
            raise unavailable() from error


def _explained(said: set[str]) -> DomainError:
    if said & _MISSING:
        return no_such_file()
    if said & _THERE:
        return AlreadyKept()
    log.error("the bucket refused: %s", " ".join(sorted(said)))
    return full() if said & _NO_ROOM else unavailable()


def _md5(content: bytes) -> str:
    """Give the digest by which every S3 service checks a transfer; it guards against accidents alone."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


@lru_cache(maxsize=8)
def _client_of(bucket: Bucket) -> Any:
    """Make the client of a bucket, once: it may be used by many threads."""
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region or None,
        aws_access_key_id=bucket.access_key or None,  # none: what the machine's role gives
        aws_secret_access_key=bucket.secret_key or None,
        config=Config(
            signature_version="s3v4",
            connect_timeout=3,
            read_timeout=bucket.patience,
            retries={"total_max_attempts": 3, "mode": "standard"},
            max_pool_connections=32,
            s3={"addressing_style": "path" if bucket.endpoint else "auto"},
        ),
    )
