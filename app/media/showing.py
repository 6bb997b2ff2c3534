"""A picture as JSON: where it is in each width and form, for whoever may see it."""

from __future__ import annotations

import json
from typing import Any

from app.media.models import Asset, AssetState
from app.media.urls import picture_url


def shown(asset: Asset) -> dict[str, Any] | None:
    """Write a picture as the public JSON does; None while it may not be shown."""
    if asset.state != AssetState.READY:
        return None
    return {
        "id": str(asset.id),
        "url": picture_url(asset.path),
        "alt": asset.alt,
        "width": asset.width,
        "height": asset.height,
        "blurhash": asset.blurhash,
        "focal": {"x": asset.focal[0], "y": asset.focal[1]},
        "srcset": json.loads(asset.srcset.replace("{base}", picture_url(""))),
        "thumb": picture_url(asset.thumb) if asset.thumb else None,
    }
