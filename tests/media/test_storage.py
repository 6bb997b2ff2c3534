"""Files stay under their folder, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.kernel.errors import NotFound
from app.media.renditions import rendition_paths
from app.media.storage import LocalStorage, StorageUnavailable, is_path, new_path

OUTSIDE = [
    "../secret.jpg",
    "pictures/../../secret.jpg",
    "/etc/passwd",
    "pictures/aa/../../../etc/passwd",
    "pictures//etc/passwd",
    "pictures/aa/con.jpg",
    "pictures/aa/nul",
    "pictures/aa/.jpg",
    "pictures\\aa\\x.jpg",
    "pictures/aa/%2e%2e%2fx.jpg",
    "pictures/aa/" + "a" * 300 + ".jpg",
    "pictures/aa/0192f0c1-2345-7678-9abc-def012345678.jpg\0.png",
    "pictures/aa/0192f0c1-2345-7678-9abc-def012345678.jpg\n",
    "pictures/aa/0192f0c1-2345-7678-9abc-def012345678.php",
    "pictures/aa/0192f0c1-2345-7678-9abc-def012345678.svg",
    "pictures/aa/0192F0C1-2345-7678-9ABC-DEF012345678.jpg",
    "pictures/\uff21a/0192f0c1-2345-7678-9abc-def012345678.jpg",
    "other/aa/0192f0c1-2345-7678-9abc-def012345678.jpg",
    "",
]


@pytest.fixture
def kept(tmp_path: Path) -> LocalStorage:
    """Give a storage in a folder of its own, beside a file that nobody may reach."""
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return LocalStorage(tmp_path / "uploads")


def test_a_file_comes_back_as_it_was_and_goes_for_good(kept: LocalStorage) -> None:
    path = new_path("jpg")

    kept.put(path, b"pixels")
    with kept.open(path) as file:
        assert file.read() == b"pixels"
    kept.delete(path)
    kept.delete(path)

    with pytest.raises(NotFound):
        kept.open(path)


def test_a_name_is_made_here_and_holds_nothing_of_the_visitors() -> None:
    made = {new_path("png") for _ in range(200)}

    assert len(made) == 200
    assert all(is_path(path) for path in made)
    assert all(is_path(path) for name in made for path in rendition_paths(name))
    assert len({path.split("/")[1] for path in made}) > 50, "the folders do not fill evenly"


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out(kept: LocalStorage, path: str) -> None:
    with pytest.raises(NotFound):
        kept.open(path)
    with pytest.raises(NotFound):
        kept.put(path, b"x")
    with pytest.raises(NotFound):
        kept.delete(path)


def test_a_link_that_leads_out_is_not_followed(kept: LocalStorage, tmp_path: Path) -> None:
    path = new_path("jpg")
    folder = (kept.root / path).parent
    folder.mkdir(parents=True)
    (kept.root / path).symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(NotFound):
        kept.open(path)


def test_a_folder_that_cannot_be_written_is_said_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file where the folder should be")

    with pytest.raises(StorageUnavailable) as refusal:
        LocalStorage(tmp_path / "uploads").put(new_path("jpg"), b"pixels")

    assert refusal.value.status == 503


def test_a_write_that_fails_in_the_middle_leaves_nothing(
    kept: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(StorageUnavailable):
        kept.put(new_path("jpg"), b"pixels")

    assert [file for file in kept.root.rglob("*") if file.is_file()] == []
