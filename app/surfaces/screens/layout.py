"""Where the inputs of a form stand: tabs, and sections in them, as the fields declare."""

from __future__ import annotations

from collections.abc import Sequence

from app.resources import Child, Field
from app.surfaces.screens.form_pages import ChildTable, FieldInput, FormSection, FormTab


def lay_out(
    fields: Sequence[tuple[Field, FieldInput]], children: Sequence[tuple[Child, ChildTable]]
) -> tuple[FormTab, ...]:
    """Put inputs and children under the tabs and sections they name, in the order of their first mention.

    What names no tab stands in the first one.
    """
    declared = [*(item.tab for item, _shown in fields), *(child.tab for child, _shown in children)]
    names = list(dict.fromkeys(str(tab) for tab in declared if tab)) or [""]
    return tuple(
        FormTab(
            f"tab-{number}",
            name,
            _sections(
                number,
                [pair for pair in fields if (str(pair[0].tab) or names[0]) == name],
                [shown for child, shown in children if (str(child.tab) or names[0]) == name],
            ),
        )
        for number, name in enumerate(names, start=1)
    )


def _sections(
    tab: int, fields: Sequence[tuple[Field, FieldInput]], children: Sequence[ChildTable]
) -> tuple[FormSection, ...]:
    by_title: dict[str, list[FieldInput]] = {}
    for item, shown in fields:
        by_title.setdefault(str(item.section), []).append(shown)
    sections = [
        FormSection(f"part-{tab}-{number}", title, tuple(shown))
        for number, (title, shown) in enumerate(by_title.items(), start=1)
    ]
    sections += [FormSection(f"part-{tab}-{table.name}", table.label, (), (table,)) for table in children]
    return tuple(sections)
