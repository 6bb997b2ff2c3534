"""The folder: links, full disks and half-written files."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.errors import NotFound
from app.media.storage import FolderStorage, StorageFull, StorageUnavailable, new_path


@pytest.fixture
def folder(tmp_path: Path) -> FolderStorage:
    """Give a storage in a folder of its own, beside a file that nobody may reach."""
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return FolderStorage(tmp_path / "uploads")


def files(folder: FolderStorage) -> list[Path]:
    return [file for file in folder.root.rglob("*") if file.is_file()]


def test_a_link_that_leads_out_is_not_followed(folder: FolderStorage, tmp_path: Path) -> None:
    path = new_path("jpg")
    (folder.root / path).parent.mkdir(parents=True)
    (folder.root / path).symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(NotFound):
        folder.open(path)


def test_a_folder_that_cannot_be_written_is_said_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be")
    folder = FolderStorage(tmp_path / "uploads")

    with pytest.raises(StorageUnavailable) as refusal:
        folder.put(new_path("jpg"), b"pixels")
    with pytest.raises(StorageUnavailable):
        folder.probe()

    assert refusal.value.status == 503


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503), (errno.EIO, 503)]
)
def test_a_write_that_fails_in_the_middle_leaves_nothing_and_says_why(
    folder: FolderStorage, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageUnavailable) as refusal:
        folder.put(new_path("jpg"), b"pixels")

    assert refusal.value.status == status
    assert isinstance(refusal.value, StorageFull) is (status == 507)
    assert files(folder) == []


def test_a_file_that_cannot_be_removed_is_said_and_the_others_go(folder: FolderStorage) -> None:
    first, stuck, last = new_path("jpg"), new_path("jpg"), new_path("jpg")
    for path in (first, last):
        folder.put(path, b"pixels")
    (folder.root / stuck).mkdir(parents=True)

    with pytest.raises(StorageUnavailable):
        folder.delete(first, stuck, last)

    assert files(folder) == []


def test_what_others_left_in_the_folder_is_passed_over(folder: FolderStorage) -> None:
    path = new_path("jpg")
    folder.put(path, b"pixels")
    (folder.root / "notes.txt").write_text("not ours")
    (folder.root / path).with_name(".new-half").write_bytes(b"half")

    assert list(folder.paths()) == [path]


def test_what_waits_is_closed_to_other_users_of_the_machine(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path / "waiting", is_private=True)
    path = f"waiting/{new_path('upload')}"

    folder.put(path, b"who knows")

    assert (folder.root / path).stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o777 == 0o700


def test_a_file_that_cannot_be_read_is_no_missing_one(
    app: Flask, client: FlaskClient, folder: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_path("jpg")
    monkeypatch.setitem(app.config, "UPLOAD_FOLDER", str(folder.root))
    folder.put(path, b"pixels")

    def fail(*_args: object, **_more: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    answer = client.get(f"/media/{path}")

    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")
    assert "no-store" in answer.headers["Cache-Control"]
