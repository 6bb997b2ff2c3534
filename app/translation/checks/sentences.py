"""What the checks say, each sentence once."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Sentence:
    """A sentence whose values are filled in where it is used."""

    def __init__(self, make: Any) -> None:
        self._make = make

    def with_(self, **values: Any) -> LazyString:
        """Give the sentence with its values, worded when somebody reads it."""
        return self._make(**values)


LOST = Sentence(lambda what: _l("Missing: %(what)s", what=what))
EXTRA = Sentence(lambda what: _l("Not in the source: %(what)s", what=what))
INSTEAD = Sentence(lambda right, wrong: _l("Write %(right)s, not %(wrong)s", right=right, wrong=wrong))
ORDER = Sentence(lambda what: _l("Keep the order: %(what)s", what=what))
SEVERAL_NUMBERS = Sentence(
    lambda what: _l("This form stands for several numbers. Missing: %(what)s", what=what)
)
OPEN = Sentence(lambda what: _l("Never closed: %(what)s", what=what))
UNOPENED = Sentence(lambda what: _l("Never opened: %(what)s", what=what))
CROSSED = Sentence(lambda what: _l("Closed in the wrong order: %(what)s", what=what))
NOT_HERE = Sentence(lambda what: _l("Not possible here: %(what)s", what=what))
REPLACED = Sentence(lambda old, new: _l("%(new)s stands for %(old)s. Is that meant?", old=old, new=new))
TOO_LONG = Sentence(lambda limit: _l("Use at most %(limit)s characters.", limit=limit))
FAR_LONGER = Sentence(
    lambda usual: _l("Much longer than the source: expected about %(usual)s characters.", usual=usual)
)
ENDS_WITH = Sentence(lambda mark: _l("The source ends with %(mark)s", mark=mark))
ENDS_WITHOUT = Sentence(lambda mark: _l("The source does not end with %(mark)s", mark=mark))
BEGINS_WITH = Sentence(lambda mark: _l("Begin the question or exclamation with %(mark)s", mark=mark))
TWICE = Sentence(lambda word: _l("Twice in a row: %(word)s", word=word))
SAYS = Sentence(lambda right, wrong: _l("The source says %(right)s, not %(wrong)s", right=right, wrong=wrong))
TERM = Sentence(
    lambda term, wanted: _l("The glossary says: %(term)s is %(wanted)s", term=term, wanted=wanted)
)
KEEP = Sentence(lambda term: _l("Do not translate: %(term)s", term=term))
FORBIDDEN = Sentence(lambda word: _l("Do not use: %(word)s", word=word))
FORMS_MISSING = Sentence(lambda forms: _l("Forms without a text: %(forms)s", forms=forms))
PARAGRAPHS = Sentence(
    lambda there, here: _l("Paragraphs: %(there)s in the source, %(here)s here", there=there, here=here)
)

SPACES = _l("Begin and end with the same spaces as the source.")
BREAKS = _l("Begin and end with the same line breaks as the source.")
DOUBLE_SPACE = _l("Two spaces in a row.")
UNCHANGED = _l("The same as the source.")
FORMS_ALIKE = _l("All forms say the same.")
