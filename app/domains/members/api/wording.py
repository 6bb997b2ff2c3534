"""How a member, their tokens and their devices are told in JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import request
from flask_babel import get_locale

from app.access.realms import refresh_lifetime
from app.domains.members.models import Member
from app.domains.members.service import Surroundings, Tokens, permissions_of
from app.kernel import clock
from app.kernel.db import db
from app.kernel.devices import device_name
from app.media.models import Asset, AssetState
from app.media.urls import picture_url


def member_facts(member: Member) -> dict[str, Any]:
    """Tell a member what is kept of them."""
    names = ("id", "email", "pending_email", "username", "name", "phone", "locale", "time_zone", "status",
             "is_verified", "is_premium", "created_at", "seen_at")  # fmt: skip
    photo = db.session.get(Asset, member.asset_id) if member.asset_id else None
    return {name: getattr(member, name) for name in names} | {
        "photo": photo_facts(photo),
        "permissions": permissions_of(member),
    }


def photo_facts(asset: Asset | None) -> dict[str, Any] | None:
    """Tell of a picture as the public reads do; None while it waits for its scan."""
    if asset is None or asset.state != AssetState.READY:
        return None
    base = picture_url("")
    return {
        "id": asset.id,
        "url": base + asset.path,
        "alt": asset.alt,
        "width": asset.width,
        "height": asset.height,
        "blurhash": asset.blurhash,
        "focal": {"x": asset.focal_x, "y": asset.focal_y},
        "srcset": json.loads(asset.srcset.replace("{base}", base)),
        "thumb": base + asset.thumb if asset.thumb else None,
    }


def token_facts(tokens: Tokens) -> dict[str, Any]:
    """Tell of a pair of tokens."""
    return asdict(tokens) | {"token_type": "Bearer"}


def device_facts(device: Any, current_id: Any) -> dict[str, Any]:
    """Tell of a device."""
    return {
        "id": device.id,
        "name": device.name,
        "ip": device.ip,
        "is_current": device.id == current_id,
        "created_at": device.created_at,
        "seen_at": device.seen_at,
    }


def surroundings(name: str = "") -> Surroundings:
    """Tell what the request says of the device it comes from."""
    agent = _printable(request.user_agent.string)[:300]
    return Surroundings(name or device_name(agent), agent, (request.remote_addr or "")[:45])


def reader_locale() -> str:
    """Give the language of whoever asks."""
    return str(get_locale()).replace("_", "-")


def oldest_seen() -> Any:
    """Give the instant before which a device that was not seen is over."""
    return clock.now() - refresh_lifetime()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
