"""What holds for every storage: a file is kept whole or not at all, under a name made here, once."""

from __future__ import annotations

import subprocess
import sys
from uuid import UUID

import pytest

from app.kernel.errors import NotFound
from app.media.storage import AlreadyKept, Storage, is_path, is_waiting_path, new_path
from app.media.storage import paths as places

KEY = UUID("0192f0c1-2345-7678-9abc-def012345678")
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
    f"pictures/aa/{KEY}.jpg\0.png",
    f"pictures/aa/{KEY}.jpg\n",
    f"pictures/aa/{KEY}.php",
    f"pictures/aa/{KEY}.svg",
    f"pictures/aa/{str(KEY).upper()}.jpg",
    f"pictures/\uff21a/{KEY}.jpg",
    f"other/aa/{KEY}.jpg",
    f"users/{KEY}/{KEY}.jpg",
    f"users/../avatars/{KEY}.jpg",
    f"festivals/{KEY}/avatars/{KEY}.jpg",
    f"waiting/pictures/aa/{KEY}.jpg",
    f"pictures/aa/{KEY}.upload",
    "",
]


def test_a_file_comes_back_as_it_was_and_goes_for_good(kept: Storage) -> None:
    path = new_path("jpg")

    kept.put(path, b"pixels")
    with kept.open(path) as file:
        assert file.read() == b"pixels"
    kept.delete(path)
    kept.delete(path)

    with pytest.raises(NotFound):
        kept.open(path)


def test_a_large_file_comes_back_and_can_be_read_from_its_middle(kept: Storage) -> None:
    content = bytes(range(256)) * 12_000
    path = new_path("png")
    kept.put(path, content)

    with kept.open(path) as file:
        assert file.seek(0, 2) == len(content)
        file.seek(1_000_000)
        assert file.read(512) == content[1_000_000:1_000_512]


def test_what_is_kept_is_never_written_over(kept: Storage) -> None:
    path = new_path("webp")
    kept.put(path, b"first")

    kept.put(path, b"first")  # a second try, after an answer that was lost
    with pytest.raises(AlreadyKept):
        kept.put(path, b"other")

    with kept.open(path) as file:
        assert file.read() == b"first"


def test_files_are_gone_through_and_removed_together(kept: Storage) -> None:
    made = {new_path("jpg", f"festivals/{KEY}/images") for _ in range(12)} | {new_path("avif")}
    for path in made:
        kept.put(path, path.encode())

    assert set(kept.paths()) == made
    kept.delete(*made)
    assert set(kept.paths()) == set()


def test_a_storage_that_is_well_says_so_and_keeps_nothing_of_the_question(kept: Storage) -> None:
    kept.probe()

    assert list(kept.paths()) == []


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out(kept: Storage, path: str) -> None:
    with pytest.raises(NotFound):
        kept.open(path)
    with pytest.raises(NotFound):
        kept.put(path, b"x")
    with pytest.raises(NotFound):
        kept.delete(path)


@pytest.mark.proves("S4.96")
def test_each_kind_of_picture_has_its_branch_of_the_tree(kept: Storage) -> None:
    branches = {
        f"users/{KEY}/avatars": places.avatars_of(KEY),
        f"users/{KEY}/custom-images": places.custom_images_of(KEY),
        f"festivals/{KEY}/images": places.images_of_festival(KEY),
        f"templates/{KEY}/previews": places.previews_of(KEY),
        f"templates/{KEY}/generated": places.generated_by(KEY),
    }
    for branch, place in branches.items():
        path = new_path("jpg", place)
        kept.put(path, b"pixels")

        assert path.startswith(f"{branch}/")
        assert path in set(kept.paths())


def test_a_name_is_made_here_and_holds_nothing_of_the_visitors() -> None:
    made = {new_path("png") for _ in range(200)}

    assert len(made) == 200
    assert all(is_path(path) for path in made)
    assert all(
        is_path(f"{path[:-4]}-{width}.{kind}")
        for path in made
        for width in (320, 2400)
        for kind in ("avif", "webp")
    )
    assert len({path.split("/")[1] for path in made}) > 50, "the folders do not fill evenly"


def test_what_waits_for_its_scan_has_a_path_that_no_picture_has() -> None:
    for place in ("", places.avatars_of(KEY), places.images_of_festival(KEY)):
        path = places.waiting_path(place)

        assert is_waiting_path(path)
        assert not is_path(path)
        assert is_path(new_path("jpg", places.place_of(path)))
    with pytest.raises(ValueError, match="nothing waits"):
        places.place_of(new_path("jpg"))


def test_the_buckets_client_is_loaded_by_who_uses_a_bucket_alone() -> None:
    program = (
        "import sys, config, app.media.storage; print('boto3' in sys.modules, 'botocore' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.split() == ["False", "False"]
