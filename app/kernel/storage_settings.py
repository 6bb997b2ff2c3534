"""The rules of the settings that say where pictures are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.settings import Settings


def check_storage(settings: Settings) -> Iterator[str]:
    """List what must be mended before pictures can be kept."""
    if settings.storage not in ("local", "s3"):
        yield "FESTOON_STORAGE must be local or s3."
    if settings.storage == "s3" and not settings.s3_bucket:
        yield "S3_BUCKET is missing; name the bucket."
    if bool(settings.s3_access_key) != bool(settings.s3_secret_key):
        yield "S3_ACCESS_KEY and S3_SECRET_KEY belong together; set both or neither."
