"""What a search found is marked where it stands, in every script."""

from __future__ import annotations

import pytest

from app.surfaces.search.highlights import excerpt, marked


@pytest.mark.parametrize(
    ("text", "q", "found"),
    [
        ("Diwali on the roof", "diwali", ["Diwali"]),
        ("Diwali on the roof", "diwli", ["Diwali"]),
        ("Diwali on the roof", "roo diw", ["Diw", "roo"]),
        ("Día de los Muertos", "dia muer", ["Día", "Muer"]),
        ("Candles", "candle", ["Candle"]),
        ("Halloween", "lloween", ["lloween"]),
        ("बगीचे की दावत", "दावत", ["दावत"]),
        ("حفلة الحديقة", "الحديقة", ["الحديقة"]),
        ("A night on the water", "n", ["n"]),
        ("Woods", "diwali", []),
        ("Woods", "", []),
        ("<b>Lamp</b>", "lamp", ["Lamp"]),
    ],
)
def test_what_was_sought_is_marked(text: str, q: str, found: list[str]) -> None:
    pieces = marked(text, q)
    assert "".join(piece for piece, _is_hit in pieces) == text
    assert [piece for piece, is_hit in pieces if is_hit] == found


def test_an_excerpt_is_cut_at_words_around_the_first_hit() -> None:
    text = "word " * 60 + "lantern " + "more " * 60
    cut = excerpt(text, "lantern")
    assert "lantern" in cut
    assert cut.startswith("…word") and cut.endswith("more…") and len(cut) < 220
    assert excerpt(text, "nothing") == ""
