"""Verbs on members; they never commit."""

from app.domains.members.service.links import issue_token

__all__ = ["issue_token"]
