"""The bucket, against a real SeaweedFS: what is sent along, and what happens when it refuses or is away."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.settings import Settings
from app.media.storage import (
    Bucket,
    S3Storage,
    StorageFull,
    StorageUnavailable,
    new_path,
    quarantine,
    storage,
)
from app.media.storage.s3 import FOR_EVER, _client_of, _explained
from tests.media.seaweed import free_ports


@pytest.fixture
def kept(bucket: Bucket) -> S3Storage:
    """Give a storage in the bucket."""
    return S3Storage(replace(bucket, prefix="elsewhere"), "media")


@pytest.fixture
def in_bucket(app: Flask, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Let the program keep its files in the bucket."""
    monkeypatch.setitem(app.config, "STORAGE", "s3")
    monkeypatch.setitem(app.config, "BUCKET", bucket)
    return app


def test_a_file_carries_its_type_how_long_it_may_be_kept_and_its_checksum(
    kept: S3Storage, bucket: Bucket
) -> None:
    path = new_path("avif")
    kept.put(path, b"pixels")

    facts = _client_of(bucket).head_object(Bucket=bucket.name, Key=f"elsewhere/media/{path}")

    assert facts["ContentType"] == "image/avif"
    assert facts["CacheControl"] == FOR_EVER
    assert facts["Metadata"]["sha256"] == "6ec9c2b0eb14010746c8bce8939303b382344b296206612eb8a907a37b2b2f37"


def test_a_file_that_did_not_arrive_whole_is_not_kept(
    kept: S3Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_path("jpg")
    monkeypatch.setattr("app.media.storage.s3._md5", lambda _content: "AAAAAAAAAAAAAAAAAAAAAA==")

    with pytest.raises(StorageUnavailable):
        kept.put(path, b"pixels")

    assert path not in set(kept.paths())


def test_a_tampered_address_and_a_wrong_key_are_refused(kept: S3Storage, bucket: Bucket) -> None:
    """A stand-in that takes anything would hide that we sign wrongly: this service checks."""
    path = new_path("jpg")
    kept.put(path, b"pixels")
    place = {"Bucket": bucket.name, "Key": f"elsewhere/media/{path}"}
    signed = _client_of(bucket).generate_presigned_url("get_object", Params=place, ExpiresIn=60)
    with urllib.request.urlopen(signed) as answer:
        assert answer.read() == b"pixels"

    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(signed[:-1] + ("0" if signed[-1] != "0" else "1"))
    assert refusal.value.code == 403

    stranger = S3Storage(replace(bucket, secret_key="guessed", prefix="elsewhere"), "media")
    for ask in (lambda: stranger.open(path), lambda: stranger.put(new_path("jpg"), b"x"), stranger.probe):
        with pytest.raises(StorageUnavailable):
            ask()


def test_a_bucket_there_is_not_and_a_service_that_is_away_are_said_in_time(bucket: Bucket) -> None:
    for lost in (
        replace(bucket, name="missing"),
        replace(bucket, endpoint=f"http://127.0.0.1:{free_ports(1)[0]}"),
    ):
        with pytest.raises(StorageUnavailable):
            S3Storage(lost, "media").probe()
    with pytest.raises(StorageUnavailable) as refusal:
        S3Storage(lost, "media").put(new_path("jpg"), b"pixels")
    assert refusal.value.status == 503


def test_a_full_service_is_told_from_one_that_is_away() -> None:
    assert isinstance(_explained({"507", "InsufficientStorage"}), StorageFull)
    assert not isinstance(_explained({"500", "InternalError"}), StorageFull)


def test_the_keys_of_the_bucket_are_in_no_log_and_no_message(
    bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stranger = replace(bucket, secret_key="canary-secret")
    with pytest.raises(StorageUnavailable) as refusal:
        S3Storage(stranger, "media").put(new_path("jpg"), b"x")

    assert "the bucket refused" in caplog.text
    for text in (caplog.text, repr(stranger), str(refusal.value)):
        assert "canary-secret" not in text
        assert "festoon-key" not in text


def test_many_files_are_removed_by_few_requests(kept: S3Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.media.storage.s3._AT_ONCE", 3)
    made = [new_path("jpg") for _ in range(7)]
    for path in made:
        kept.put(path, b"pixels")

    kept.delete(*made)

    assert not set(made) & set(kept.paths())


def test_the_list_of_files_goes_on_over_its_pages(
    kept: S3Storage, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {new_path("jpg") for _ in range(5)}
    for path in made:
        kept.put(path, b"pixels")
    _client_of(bucket).put_object(Bucket=bucket.name, Key="elsewhere/media/notes.txt", Body=b"not ours")
    client = _client_of(bucket)
    whole = client.list_objects_v2

    monkeypatch.setattr(client, "list_objects_v2", lambda **asked: whole(**asked, MaxKeys=2))

    assert made <= set(kept.paths())
    kept.delete(*made)


@pytest.mark.proves("S0.46", "S1.96", "S4.137")
def test_a_setting_decides_where_files_are_kept(in_bucket: Flask, bucket: Bucket) -> None:
    path = new_path("jpg")
    storage().put(path, b"pixels")

    there = _client_of(bucket).list_objects_v2(Bucket=bucket.name, Prefix="festoon/")["Contents"]

    assert f"festoon/media/{path}" in [item["Key"] for item in there]


@pytest.mark.proves("S4.101")
def test_a_picture_in_a_bucket_is_served_whole_in_part_and_to_be_kept_for_ever(
    in_bucket: Flask, client: FlaskClient
) -> None:
    path = new_path("jpg")
    storage().put(path, b"0123456789" * 100)

    with client.get(f"/media/{path}") as whole:
        assert (whole.status_code, whole.data) == (200, b"0123456789" * 100)
        assert whole.headers["Cache-Control"] == FOR_EVER
    with client.get(f"/media/{path}", headers={"Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data) == (206, b"0123456789")
    with client.get(f"/media/{path}", headers={"If-None-Match": whole.headers["ETag"]}) as known:
        assert known.status_code == 304


def test_what_waits_for_its_scan_lies_apart_and_is_never_served(
    in_bucket: Flask, client: FlaskClient
) -> None:
    path = f"waiting/{new_path('upload')}"
    quarantine().put(path, b"who knows")

    assert path not in set(storage().paths())
    assert client.get(f"/media/{path}").status_code == 404


def test_a_command_copies_every_file_to_the_other_storage_and_may_be_run_again(
    app: Flask, bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "UPLOAD_FOLDER", str(tmp_path))
    command = ["media", "copy", "--to", "s3"]
    assert "No bucket is named" in app.test_cli_runner().invoke(args=command).output
    monkeypatch.setitem(app.config, "BUCKET", replace(bucket, prefix="copied"))
    path, waiting = new_path("jpg"), f"waiting/{new_path('upload')}"
    storage().put(path, b"pixels")
    quarantine().put(waiting, b"who knows")

    for _ in range(2):
        told = app.test_cli_runner().invoke(args=command)
        assert (told.exit_code, told.output.splitlines()[-1].split(".")[0]) == (0, "2 files are in s3")

    with storage().open(path) as there:
        assert there.read() == b"pixels", "the copy removed what it copied"
    monkeypatch.setitem(app.config, "STORAGE", "s3")
    for kept, name, content in ((storage(), path, b"pixels"), (quarantine(), waiting, b"who knows")):
        with kept.open(name) as file:
            assert file.read() == content


def test_the_doctor_and_the_health_page_look_at_the_bucket(
    in_bucket: Flask, bucket: Bucket, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> tuple[str, dict[str, Any], int]:
        said = in_bucket.test_cli_runner().invoke(args=["doctor"]).output
        return (
            next(line for line in said.splitlines() if " storage: " in line),
            client.get("/health/detailed").get_json(),
            client.get("/health/ready").status_code,
        )

    monkeypatch.setitem(in_bucket.config, "SETTINGS", Settings(storage="s3", s3_bucket="pictures"))
    line, health, ready = told()
    assert line == "ok    storage: Pictures can be kept."
    assert (health["checks"]["storage"]["state"], ready) == ("up", 200)

    monkeypatch.setitem(in_bucket.config, "BUCKET", replace(bucket, name="missing"))
    line, health, ready = told()
    assert (
        line == "MEND  storage: Pictures cannot be kept (StorageUnavailable). Mend the bucket's S3_ settings."
    )
    assert (health["status"], health["checks"]["storage"]["state"]) == ("degraded", "down")
    assert ready == 200, (
        "a bucket is away for all: to take every process out of service would end bookings too"
    )
