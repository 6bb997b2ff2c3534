"""The roles of the product by their exact names, and what each may do. What is not named is denied.

`flask sync` writes this table into the database; a role of a customer's own making is left alone there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.resources import On, Resource

ADMIN = "Admin"
EDITOR = "Editor"
TRANSLATOR = "Translator"
BOOKING_OPERATOR = "Booking operator"
MODERATOR = "Moderator"
VIEWER = "Viewer"
PARTNER = "Partner"

_READ = "list show"
_WRITE = "list show add edit delete history"
_TEXTS = "translate approve_texts"

# Bookings hold clients' names, addresses and telephone numbers: only who handles bookings sees them.
# Users and roles are the Admin's alone, who may do everything and is therefore not in the table.
# A partner has of all this the rows of their companies alone: see `app/wiring.py`.
GRANTS: Mapping[str, Mapping[str, str]] = {
    EDITOR: {
        "package": f"{_WRITE} {_TEXTS} import export",
        "theme": f"{_WRITE} {_TEXTS} import export",
        "festival": f"{_WRITE} {_TEXTS} import export",
        "venue": f"{_WRITE} {_TEXTS} import export",
        "room": f"{_WRITE} {_TEXTS} import export",
        "company": f"{_WRITE} {_TEXTS} import export",
        "badge": f"{_WRITE} {_TEXTS} import export",
        "equipment": f"{_WRITE} {_TEXTS} import export",
        "equipment_type": f"{_WRITE} {_TEXTS} import export",
        "cancellation_policy": f"{_WRITE} {_TEXTS} import export",
        "city": f"{_WRITE} {_TEXTS} import export",
        "country": f"{_WRITE} {_TEXTS} import export",
        "closure": f"{_WRITE} {_TEXTS} import export",
        "asset": f"{_WRITE} {_TEXTS}",
        "picture_folder": _WRITE,
        "translation": f"{_READ} edit history",
        "glossary_term": f"{_WRITE} {_TEXTS} import export",
        "canned_answer": f"{_WRITE} {_TEXTS}",
        "review": _READ,
        "report": "list",
        "language": _READ,
        "interface_message": f"{_READ} history {_TEXTS} keep_files",
        "prefill": "list run",
    },
    TRANSLATOR: {
        "package": f"{_READ} translate",
        "theme": f"{_READ} translate",
        "festival": f"{_READ} translate",
        "venue": f"{_READ} translate",
        "room": f"{_READ} translate",
        "company": f"{_READ} translate",
        "badge": f"{_READ} translate",
        "equipment": f"{_READ} translate",
        "equipment_type": f"{_READ} translate",
        "cancellation_policy": f"{_READ} translate",
        "city": f"{_READ} translate",
        "country": f"{_READ} translate",
        "closure": f"{_READ} translate",
        "asset": f"{_READ} translate",
        "picture_folder": _READ,
        "review": f"{_READ} translate",
        "canned_answer": f"{_READ} translate",
        "translation": f"{_READ} edit history",
        "glossary_term": f"{_READ} translate",
        "mail": "preview",
        "language": _READ,
        "interface_message": f"{_READ} history translate",
        "prefill": "list",
    },
    BOOKING_OPERATOR: {
        "booking": f"{_WRITE} import export confirm reject complete mark_no_show cancel call_off revive renew_link "
        "move extend overrule",
        "booking_series": f"{_READ} add export history confirm cancel move",
        "payment": f"{_READ} export history receive waive",
        "refund": f"{_READ} export history mark_paid withdraw grant",
        "calendar_feed": f"{_WRITE} renew",
        "waiting": f"{_WRITE} export offer decline leave close renew_link",
        "package": _READ,
        "venue": f"{_READ} edit history",
        "room": f"{_READ} edit history",
        "closure": f"{_WRITE} import export",
        "company": _READ,
        "badge": _READ,
        "equipment": _READ,
        "equipment_type": _READ,
        "cancellation_policy": _READ,
        "city": _READ,
        "country": _READ,
        "conversation": f"{_READ} history answer link close reopen",
        "canned_answer": f"{_WRITE} {_TEXTS} import export",
        "member": f"{_READ} resend_verification",
        "simulation": "list",
        "report": "list",
    },
    MODERATOR: {
        "review": f"{_READ} edit history approve reject {_TEXTS}",
        "conversation": f"{_READ} close",
        "member": f"{_READ} history suspend activate sign_out resend_verification",
        "package": _READ,
        "theme": _READ,
        "festival": _READ,
        "asset": _READ,
        "picture_folder": _READ,
        "report": "list",
    },
    VIEWER: {
        "package": _READ,
        "theme": _READ,
        "festival": _READ,
        "venue": _READ,
        "room": _READ,
        "company": _READ,
        "badge": _READ,
        "equipment": _READ,
        "equipment_type": _READ,
        "cancellation_policy": _READ,
        "city": _READ,
        "country": _READ,
        "closure": _READ,
        "asset": _READ,
        "picture_folder": _READ,
        "review": _READ,
        "translation": _READ,
        "glossary_term": _READ,
        "language": _READ,
        "interface_message": _READ,
    },
    PARTNER: {
        "company": f"{_READ} edit history",
        "venue": f"{_WRITE} import export",
        "room": f"{_WRITE} import export",
        "closure": f"{_WRITE} import export",
        "booking": f"{_READ} export history confirm reject cancel move extend",
        "booking_series": f"{_READ} export history confirm cancel move",
        "waiting": f"{_READ} export history offer",
        "report": "list",
        "asset": f"{_READ} add",
        "badge": _READ,
        "equipment": _READ,
        "equipment_type": _READ,
        "cancellation_policy": _READ,
        "city": _READ,
        "country": _READ,
    },
}
ROLES = (ADMIN, *GRANTS)

SCREENS: Mapping[str, str] = {
    "booking": "move extend overrule",
    "booking_series": "move",
    "payment": "receive waive",
    "refund": "withdraw grant",
    "conversation": "answer link",
    "mail": "list preview send",
    "job": "list run",
    "report": "list",
    "interface_message": f"{_TEXTS} keep_files",
    "prefill": "list run",
    "simulation": "list",
}
"""The screens written by hand, under the names of their permissions, and what may be done there."""

KEPT = frozenset({"ab_user", "ab_role", "interface_message", "booking_series"})
"""What is never deleted.

A user's name stays in the history, the roles are those of this table, sentences the code's; a series is what its
bookings belong to.
"""


class UnknownGrant(Exception):
    """The table names a resource or a verb that no declaration has."""


def verbs_of(resource: Resource) -> tuple[str, ...]:
    """List what can be done with a resource at all, by its declaration."""
    verbs = ["list", "show", "add", "edit", "history"]
    if resource.name not in KEPT:
        verbs.append("delete")
    if resource.translated:
        verbs += ["translate", "approve_texts"]
    if resource.fields_on(On.TRANSFER):
        verbs += ["import", "export"]
    return (*verbs, *(action.name for action in resource.actions))


def pairs_of(resources: Iterable[Resource]) -> set[tuple[str, str]]:
    """List every (permission, name) pair that the declarations and the screens written by hand know."""
    pairs = {(f"can_{verb}", resource.name) for resource in resources for verb in verbs_of(resource)}
    return pairs | {(f"can_{verb}", name) for name, verbs in SCREENS.items() for verb in verbs.split()}


def grants(
    resources: Iterable[Resource], table: Mapping[str, Mapping[str, str]] = GRANTS
) -> dict[str, set[tuple[str, str]]]:
    """Spell the table out as pairs by role, checked against the declarations. Raises UnknownGrant."""
    known = pairs_of(resources)
    spelled: dict[str, set[tuple[str, str]]] = {ADMIN: set(known)}
    for role, by_resource in table.items():
        pairs = {(f"can_{verb}", name) for name, verbs in by_resource.items() for verb in verbs.split()}
        if missing := sorted(pairs - known):
            words = ", ".join(f"{permission} on {name}" for permission, name in missing)
            raise UnknownGrant(f"The role {role} is granted what no resource declares: {words}")
        spelled[role] = pairs
    return spelled
