"""The public contract: operations that say what they take and give, checked by it and documented from it."""

from app.surfaces.contract.operations import Answer, Auth, Operation, PublicApi, instant_text
from app.surfaces.contract.schemas import Strict

__all__ = ["Answer", "Auth", "Operation", "PublicApi", "Strict", "instant_text"]
