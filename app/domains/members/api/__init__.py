"""The public side of members: signing in and out, and what a member keeps about themselves."""

from app.domains.members.api.account import account
from app.domains.members.api.entry import entry

APIS = (entry, account)

__all__ = ["APIS"]
