"""What staff see of the glossary."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.resources import Field, Kind, On, Option, Resource
from app.translation.glossary.models import GlossaryTerm, Rule

_ALL = On.LIST | On.FORM | On.FILTER | On.API | On.TRANSFER
_TOLD = On.LIST | On.FORM | On.API | On.TRANSFER

RULES = (
    Option(Rule.TRANSLATE.value, _l("Always translate so"), "info"),
    Option(Rule.KEEP.value, _l("Do not translate"), "secondary"),
    Option(Rule.FORBID.value, _l("Do not use"), "danger"),
)

terms = Resource(
    GlossaryTerm,
    _l("Glossary"),
    _l("term"),
    menu=_l("Catalog"),
    icon="book",
    path="glossary",
    order="term",
    title="term",
    board="-",
    calendar="-",
    translated_when=lambda model: model.rule == Rule.TRANSLATE.value,
    fields=(
        Field("term", _TOLD | On.SEARCH | On.TRANSLATE, _l("Term")),
        Field("rule", _ALL, _l("Rule"), options=RULES),
        Field(
            "is_case_sensitive",
            On.FORM | On.FILTER | On.API | On.TRANSFER,
            _l("Only in this case"),
            help=_l("Small and capital letters count: May is not may."),
        ),
        Field(
            "language",
            _ALL,
            _l("Language"),
            kind=Kind.LOCALE,
            help=_l("For a word that is not to be used: in which language."),
        ),
        Field(
            "instead",
            On.FORM | On.API | On.TRANSFER,
            _l("Say instead"),
            help=_l("For a word that is not to be used."),
        ),
        Field(
            "note", _TOLD | On.SEARCH, _l("Note"), kind=Kind.TEXT, help=_l("What translators should know.")
        ),
    ),
)

RESOURCES = (terms,)
