"""What the codes in a column are called: names that are known only once every content type is."""

from __future__ import annotations

from typing import Any


class Names:
    """Names of a text column's codes; `beside` is the column that is read with it, where a code alone says too little.

    A value in a list leads to `door` below its record's address, where one is given.
    """

    def __init__(self, beside: str = "", door: str = "") -> None:
        self.beside = beside
        self.door = door
        self._labels: dict[tuple[str, str], Any] = {}

    def know(self, code: str, label: Any, beside: str = "") -> None:
        """Remember a name."""
        self._labels[beside, code] = label

    def of(self, code: str, beside: str = "") -> str:
        """Name a code for whoever reads; one that nobody declares stays as it is."""
        if (beside, code) in self._labels:
            return str(self._labels[beside, code])
        return self.choices().get(code, code)

    def choices(self) -> dict[str, str]:
        """Name every code; one that is called differently beside different values bears all its names."""
        found: dict[str, list[str]] = {}
        for (_beside, code), label in self._labels.items():
            found.setdefault(code, []).append(str(label))
        return {code: " / ".join(dict.fromkeys(names)) for code, names in found.items()}

    def by_key(self) -> dict[str, str]:
        """Name every code under what a statement can look it up by: the value beside it, a space, the code."""
        return {f"{beside} {code}".lstrip(): str(label) for (beside, code), label in self._labels.items()}
