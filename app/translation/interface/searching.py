"""Brings the messages in line with the code: new ones are missing, gone ones obsolete, similar texts are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.kernel.settings import ROOT
from app.translation.interface import storing
from app.translation.interface.catalogues import Sentence
from app.translation.interface.gathering import (
    appbuilder_sentences,
    gather,
    gathered_sentences,
    has_sources,
)
from app.translation.interface.live import words
from app.translation.interface.merging import Merge, Message, Written
from app.translation.interface.models import APPBUILDER, OURS
from app.translation.models import SHOWN_STATES

TOOL = "similar sentence"
_ALIKE = 65
"""The percent from which two sentences are alike enough that one's text is a help with the other."""
_FOLLOWED = ("msgid_plural", "comment", "flags", "where_used")


class NoSources(Conflict):
    """The code does not lie here."""

    code = "no_sources"


@dataclass(slots=True)
class Gathered:
    """What searching the code came to; `offered` counts texts that were taken over from a similar message."""

    found: int = 0
    added: int = 0
    gone: int = 0
    back: int = 0
    offered: int = 0

    def facts(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return asdict(self)


def gather_messages(session: Session, root: Path = ROOT) -> Gathered:
    """Search the code for messages. Belongs into a unit of work. Raises NoSources."""
    if not has_sources(root):
        raise NoSources(_l("The program's source code is not on this machine."))
    found = list(gathered_sentences(gather(root)))
    ours = {(sentence.context, sentence.msgid) for sentence in found}
    found += [s for s in appbuilder_sentences() if (s.context, s.msgid) not in ours]
    storing.lock(session)
    messages = storing.load_messages(session)
    known = dict(messages)
    gathered = Gathered(found=len(found))
    new = [_follow(messages, sentence, gathered) for sentence in found]
    living = {sentence.mark for sentence in found}
    for message in messages.values():
        if message.mark not in living and not message.facts["is_obsolete"]:
            storing.follow(message, {"is_obsolete": True, "where_used": ""})
            gathered.gone += 1
    merge = _similar(known, [message for message in new if message is not None])
    gathered.offered = len(merge.written)
    storing.save_messages(session, messages.values())
    storing.save_texts(session, merge)
    storing.note_run(session, "gather", gathered.facts())
    words.changed(session)
    return gathered


def note_places(session: Session, root: Path = ROOT) -> None:
    """Note where the known messages are used, which the files do not tell; it makes none, and ends none."""
    if not has_sources(root):
        return
    messages = storing.load_messages(session)
    for sentence in gathered_sentences(gather(root)):
        if sentence.mark in messages:
            facts = {"comment": sentence.comment, "where_used": sentence.where_used}
            storing.follow(messages[sentence.mark], facts)
    storing.save_messages(session, messages.values())


def _follow(messages: dict[str, Message], sentence: Sentence, gathered: Gathered) -> Message | None:
    """Take over what the code says of a message; gives it where it is new."""
    if sentence.mark not in messages:
        gathered.added += 1
        return storing.know(messages, sentence)
    message = messages[sentence.mark]
    gathered.back += bool(message.facts["is_obsolete"])
    facts = {name: getattr(sentence, name) for name in _FOLLOWED}
    storing.follow(message, {**facts, "is_obsolete": False})
    return None


def _similar(known: Mapping[str, Message], new: list[Message]) -> Merge:
    """Offer each new message the texts of the most similar one that there is, to be reviewed."""
    merge = Merge()
    for domain in (OURS, APPBUILDER):
        candidates: dict[str, Message] = {
            m.facts["msgid"].lower().strip(): m
            for m in known.values()
            if m.facts["domain"] == domain and m.texts
        }
        for message in new:
            if message.facts["domain"] != domain:
                continue
            sought = message.facts["msgid"].lower().strip()
            found = process.extractOne(sought, list(candidates), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            if found is not None:
                _offer(merge, message, candidates[found[0]])
    return merge


def _offer(merge: Merge, message: Message, similar: Message) -> None:
    if bool(message.facts["msgid_plural"]) != bool(similar.facts["msgid_plural"]):
        return
    for (locale, name), row in similar.texts.items():
        if row.state in SHOWN_STATES:
            merge.written.append(Written(message, locale, name, row.text, "needs_review", tool=TOOL))
