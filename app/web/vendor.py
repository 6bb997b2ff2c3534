"""Fetch the browser files that others wrote from npm and draw our icon sprite: `python -m app.web.vendor`."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent / "static" / "vendor"

# Each package, pinned; then (the file in the package, where it goes under static/vendor).
PACKAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "@tabler/core@1.6.1": (
        ("dist/css/tabler.min.css", "tabler/tabler.min.css"),
        ("dist/css/tabler.rtl.min.css", "tabler/tabler.rtl.min.css"),
    ),
    "@tabler/icons@3.51.0": (("LICENSE", "tabler-icons/LICENSE"),),
    "htmx.org@4.0.1": (("dist/htmx.min.js", "htmx/htmx.min.js"), ("LICENSE", "htmx/LICENSE")),
    "tom-select@2.6.2": (
        ("dist/js/tom-select.popular.min.js", "tom-select/tom-select.popular.min.js"),
        ("LICENSE", "tom-select/LICENSE"),
    ),
    "sortablejs@1.15.7": (
        ("Sortable.min.js", "sortablejs/Sortable.min.js"),
        ("LICENSE", "sortablejs/LICENSE"),
    ),
    "chart.js@4.6.1": (
        ("dist/chart.umd.min.js", "chart.js/chart.min.js"),
        ("LICENSE.md", "chart.js/LICENSE"),
    ),
    "squire-rte@2.4.8": (
        ("dist/squire.mjs", "squire/squire.min.js"),
        ("LICENSE", "squire/LICENSE"),
    ),
    "@event-calendar/build@5.10.1": (  # @event-calendar/core with all of its views in one file, and nothing beside it
        ("dist/event-calendar.min.js", "event-calendar/event-calendar.min.js"),
        ("dist/event-calendar.min.css", "event-calendar/event-calendar.min.css"),
    ),
    "socket.io-client@4.8.4": (
        ("dist/socket.io.esm.min.js", "socket.io/socket.io.min.js"),
        ("LICENSE", "socket.io/LICENSE"),
    ),
    "swagger-ui-dist@5.35.0": (
        ("swagger-ui-bundle.js", "swagger-ui/swagger-ui.min.js"),
        ("swagger-ui.css", "swagger-ui/swagger-ui.min.css"),
        ("LICENSE", "swagger-ui/LICENSE"),
    ),
    "redoc@2.5.4": (  # the third release sends its readers to other sites
        ("bundles/redoc.standalone.js", "redoc/redoc.min.js"),
        ("LICENSE", "redoc/LICENSE"),
    ),
    "@fontsource-variable/inter@5.3.0": (
        ("files/inter-latin-wght-normal.woff2", "inter/inter-latin.woff2"),
        ("files/inter-latin-ext-wght-normal.woff2", "inter/inter-latin-ext.woff2"),
        ("LICENSE", "inter/LICENSE"),
    ),
}

# Pictures that a reader's browser would ask of others, and what stands in their place: a dot.
ELSEWHERE = {"https://cdn.redoc.ly/redoc/logo-mini.svg": "data:image/gif;base64,R0lGODlhAQABAAAAACw="}

ICONS = """
    adjustments-horizontal alert-circle alert-triangle arrow-back-up arrow-down arrow-forward-up arrow-left
    arrow-right arrow-up arrows-move arrows-sort at award ban bell bold bolt book bookmark braces briefcase
    broadcast building building-community calendar calendar-check calendar-event calendar-off calendar-plus camera
    cash category chart-bar check checklist checks chevron-down chevron-left chevron-right chevron-up circle-check
    circle-x clear-formatting clock columns-1 columns-2 confetti copy copy-plus database device-desktop
    device-floppy device-laptop device-mobile device-speaker door dots download edit external-link eye eye-off
    file-export file-import file-pencil filter flag folder gift grip-vertical h-2 h-3 heart history home inbox
    info-circle italic key language layout-dashboard layout-grid layout-kanban layout-sidebar layout-sidebar-right
    lifebuoy link list list-numbers lock lock-open login logout mail map-pin menu-2 message message-star messages
    moon note package palette pencil phone photo photo-plus photo-up pin player-pause plug-connected-x plus printer
    quote receipt-refund refresh robot search send settings shield shield-lock sparkles star strikethrough sun
    table table-plus tag ticket trash trending-down trending-up unlink upload user user-check user-circle user-off
    user-plus users users-group volume volume-off wand world x
"""


def fetch() -> None:
    """Replace every vendored file by the pinned release's, and the sprite with it."""
    with tempfile.TemporaryDirectory() as folder:
        for package, files in PACKAGES.items():
            root = _unpack(package, Path(folder) / re.sub(r"\W", "-", package))
            for source, target in files:
                (TARGET / target).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / source, TARGET / target)
            if package.startswith("@tabler/icons@"):
                (TARGET.parent / "icons.svg").write_text(_sprite(root / "icons"), encoding="utf-8")
    for file in TARGET.rglob("*.min.*"):  # the maps they point at are not served
        text = re.sub(r"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\s*\Z", "", file.read_text(encoding="utf-8"))
        for address, ours in ELSEWHERE.items():
            text = text.replace(address, ours)
        file.write_text(text, encoding="utf-8")


def _unpack(package: str, folder: Path) -> Path:
    folder.mkdir()
    command = ["npm", "pack", "--silent", package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # a pinned name of ours
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _sprite(icons: Path) -> str:
    files = [(name, icons / "outline" / f"{name}.svg") for name in ICONS.split()]
    files.append(("star-filled", icons / "filled" / "star.svg"))
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{_drawing(file)}</symbol>' for name, file in files]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _drawing(file: Path) -> str:
    inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    if inside is None:
        raise ValueError(f"{file.name} holds no drawing")
    drawing = re.sub(r"\s*\n\s*", "", inside[1])
    return drawing.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")


if __name__ == "__main__":
    fetch()
