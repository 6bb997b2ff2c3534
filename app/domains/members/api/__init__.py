"""The public side of members: signing in and out, and what a member keeps about themselves."""

from app.domains.members.api import account, entry

APIS = (entry.api, account.api)

__all__ = ["APIS"]
