"""A folder and a bucket, for tests that must hold for both."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.media.storage import Bucket, FolderStorage, S3Storage, Storage
from tests.media.clamav import Daemon, clamd
from tests.media.seaweed import seaweed


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """Give a bucket of a real SeaweedFS, which is stopped after the run."""
    with seaweed(tmp_path_factory.mktemp("seaweed")) as found:
        yield found


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Give an empty storage of each kind, beside a file that nobody may reach."""
    if request.param == "folder":
        (tmp_path / "secret.jpg").write_bytes(b"secret")
        return FolderStorage(tmp_path / "uploads")
    place = replace(request.getfixturevalue("bucket"), prefix=uuid.uuid4().hex)
    return S3Storage(place, "media")


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Give a running clamd that knows the EICAR test file; a test that stops it starts it again."""
    with clamd(Path(tempfile.mkdtemp(prefix="clamd-"))) as found:
        yield found
