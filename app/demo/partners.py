"""Vera, who looks after the halls of the demo: a staff user who sees the rows of one company."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import passwords
from app.access.accounts import create_user, find_user
from app.access.roles import PARTNER
from app.demo.people import PASSWORD
from app.domains.venues.models import Company
from app.kernel.configured import configured

NAME, EMAIL, COMPANY = "vera", "vera@example.com", "lindenhof-halls"


def add_partner(session: Session) -> int:
    """Put Vera in unless somebody has her name; in production nobody knows her password. Gives how many were added."""
    company = session.scalar(select(Company).where(Company.slug == COMPANY))
    if company is None or find_user(NAME) is not None or find_user(EMAIL) is not None:
        return 0
    plain = passwords.generate() if configured("IS_PRODUCTION") else PASSWORD
    company.users.append(create_user(NAME, EMAIL, plain, [PARTNER], first_name="Vera", last_name="Lindner"))
    session.flush()
    return 1
