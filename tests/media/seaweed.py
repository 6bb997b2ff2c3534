"""A real SeaweedFS for the tests of the bucket, started once and stopped afterwards."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.media.storage.s3 import Bucket, _client_of

_PATIENCE = 60
_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
)


@contextmanager
def seaweed(folder: Path) -> Iterator[Bucket]:
    """Run SeaweedFS on free ports and give a bucket in it."""
    access = {"accessKey": "festoon-key", "secretKey": "festoon-secret"}
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identities = {"identities": [{"name": "app", "credentials": [access], "actions": actions}]}
    (folder / "s3.json").write_text(json.dumps(identities))
    (folder / "kept").mkdir()
    port, grpc, *ports = free_ports(2 + len(_PORTS))
    flags = [f"-{name}={number}" for name, number in zip(_PORTS, ports, strict=True)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                shutil.which("weed") or str(Path(sys.executable).parent / "weed"),
                "server",
                f"-dir={folder / 'kept'}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-s3",
                f"-s3.port={port}",
                f"-s3.port.grpc={grpc}",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                f"-s3.config={folder / 's3.json'}",
                f"-filer.localSocket={folder / 'filer.sock'}",
                "-master.telemetry=false",
                "-master.volumeSizeLimitMB=64",
                "-volume.max=20",
                *flags,
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        bucket = Bucket(
            "pictures", f"http://127.0.0.1:{port}", "us-east-1", *access.values(), prefix="festoon"
        )
        _make(bucket, process, folder / "log")
        yield bucket
    finally:
        process.kill()  # asked politely it takes longer than the tests, to save what nobody wants
        process.wait(10)


def _make(bucket: Bucket, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server takes a file, and make the bucket."""
    end = time.monotonic() + _PATIENCE
    client = _client_of(replace(bucket, patience=2))
    while True:
        try:
            if not any(known["Name"] == bucket.name for known in client.list_buckets()["Buckets"]):
                client.create_bucket(Bucket=bucket.name)
            client.put_object(Bucket=bucket.name, Key="ready", Body=b"ready")
        except Exception:  # noqa: BLE001  # whatever ails it, it is asked again
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text(errors="replace")[-3000:]) from None
            time.sleep(0.3)
        else:
            return


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on; all are held until the last is found, so that none comes twice."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
