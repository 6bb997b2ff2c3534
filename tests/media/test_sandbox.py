"""The process that decodes strange bytes: what it may not do, and that however it ends nobody else is harmed."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.kernel.errors import Invalid
from app.media import sandbox
from app.media.intake import take_in
from app.media.sandbox import MEMORY, DrawingFailed, DrawingUnavailable, NotTaken, Order, draw
from tests.media.files import picture

QUICK = Order(picture=True, seconds=1)
PATIENT = Order(picture=True, seconds=8)  # for what ends by itself, on a busy machine too
INSIDE = """
import json, os, socket, subprocess, sys
from app.media.studio.door import give_up_rights
give_up_rights(json.loads(sys.stdin.buffer.readline())["limits"])
try:
    told = "it went well: " + str({expression})
except BaseException as error:
    told = type(error).__name__
sys.stdout.write(told)
"""


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the process run other code than ours, as if a picture had taken it over."""

    def run(code: str) -> None:
        monkeypatch.setattr(sandbox, "_START", f"import sys; sys.path += sys.argv[1:]\n{code}")

    return run


@pytest.mark.parametrize(
    "expression",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/festoon-was-here', 'w')",
        "os.listdir('/')",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 80))",
        "os.fork()",
        "subprocess.run(['true'])",
        "os.pipe()",
        "len(bytearray(600 * 2**20))",
        "__import__('resource').setrlimit(__import__('resource').RLIMIT_NOFILE, (99, 99))",
        "os.seteuid(0) if os.geteuid() else 1 / 0",
    ],
)
def test_inside_no_file_socket_process_or_much_memory_can_be_had(
    expression: str, instead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(INSIDE.format(expression=expression))
    told: list[str] = []
    monkeypatch.setattr(sandbox, "_checked", lambda output, _order: told.append(output.decode()))

    draw(b"", PATIENT)

    assert told[0] in (
        "OSError",
        "PermissionError",
        "MemoryError",
        "BlockingIOError",
        "ValueError",
        "gaierror",
    )
    assert not Path("/tmp/festoon-was-here").exists()


def test_inside_there_is_no_environment_and_nothing_of_the_program(
    instead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    expression = "(dict(os.environ), [name for name in sys.modules if name in ('flask', 'sqlalchemy')])"
    instead(INSIDE.format(expression=expression))
    told: list[str] = []
    monkeypatch.setattr(sandbox, "_checked", lambda output, _order: told.append(output.decode()))

    draw(b"", PATIENT)

    assert told[0].removeprefix("it went well: ").replace("'LC_CTYPE': 'C.UTF-8'", "") == "({}, [])"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import time; time.sleep(60)", "slow"),
        ("while True: pass", "slow"),
        ("import os, time; os.close(1); os.close(2); time.sleep(60)", "slow"),
        ("import sys\nwhile True: sys.stdout.write('x' * 2**20)", "slow"),
        ("print('{')", "crashed"),
        ("print('[]')", "crashed"),
        ("print('{\"kind\": 1}')", "crashed"),
        ("import sys; sys.stdout.buffer.write(bytes(range(256)) * 99)", "crashed"),
    ],
)
def test_however_it_ends_it_is_a_refusal(code: str, why: str, instead: Callable[[str], None]) -> None:
    instead(code)
    began = time.perf_counter()

    with pytest.raises(DrawingFailed) as failure:
        draw(picture(), QUICK if why == "slow" else PATIENT)

    assert failure.value.why == why
    assert time.perf_counter() - began < 6
    with pytest.raises(Invalid):
        take_in_quickly()


def take_in_quickly() -> None:
    """Take a picture in, as a visitor does, within a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.media.intake.AT_ONCE", QUICK)
        take_in(picture())


def test_what_it_left_running_is_ended_with_it(instead: Callable[[str], None], tmp_path: Path) -> None:
    note = tmp_path / "pid"
    instead(
        f"import os, time\nif os.fork() == 0: open({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    )

    with pytest.raises(DrawingFailed):
        draw(picture(), Order(picture=True, seconds=3))

    pid = int(note.read_text())
    for _wait in range(50):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a process was left behind")


@pytest.mark.parametrize(
    "files",
    [
        '[["picture", "jpeg", 9, 9, 4]]',
        '[["evil", "jpeg", 9, 9, 4]]',
        '[["picture", "svg", 9, 9, 4]]',
        '[["picture", "jpeg", 9, 9, -1]]',
        '[["picture", "jpeg", 99999, 9, 4]]',
        '[["picture", "jpeg", 9, 9, 400]]',
        '[["thumb", "jpeg", 9, 9, 4]]',
        '[["../../x", "jpeg", 9, 9, 4]]',
        "[]",
    ],
)
def test_an_answer_that_says_what_was_not_asked_is_not_believed(
    files: str, instead: Callable[[str], None]
) -> None:
    instead(
        f'print(\'{{"kind": "JPEG", "has_alpha": false, "peak": 1, "files": {files}}}\\n<b>!\', end=\'\')'
    )

    with pytest.raises(DrawingFailed):
        draw(picture(), PATIENT)


def test_a_fault_of_ours_is_not_blamed_on_the_picture(app: Flask, instead: Callable[[str], None]) -> None:
    instead("import nothing_of_this_name")

    with pytest.raises(DrawingUnavailable) as refusal:
        draw(picture(), PATIENT)

    assert refusal.value.status == 503


def test_no_more_than_two_draw_at_once_and_the_others_wait(
    instead: Callable[[str], None], tmp_path: Path
) -> None:
    instead(
        "import os, time\n"
        f"place = {str(tmp_path)!r} + '/' + str(os.getpid())\n"
        "open(place, 'w').close()\n"
        f"print(len(os.listdir({str(tmp_path)!r})), file=open({str(tmp_path / '..' / 'seen')!r}, 'a'))\n"
        "time.sleep(0.2); os.unlink(place)\n"
    )

    def one() -> None:
        with pytest.raises(DrawingFailed):
            draw(picture(), Order(picture=True))

    threads = [threading.Thread(target=one) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    seen = [int(line) for line in (tmp_path / ".." / "seen").read_text().split()]
    assert len(seen) == 6
    assert max(seen) <= 2


def test_forty_megapixels_take_less_than_half_a_gigabyte() -> None:
    large = io.BytesIO()
    Image.new("RGB", (8_000, 5_000), (90, 20, 40)).save(large, "PNG", compress_level=1)
    progressive = io.BytesIO()
    Image.new("RGB", (7_990, 5_000), (90, 20, 40)).save(
        progressive, "JPEG", progressive=True, subsampling=0, quality=50
    )

    for content in (large.getvalue(), progressive.getvalue()):
        drawing = draw(content, Order(picture=True, forms=("webp", "jpeg"), crops=True))
        assert max(drawing.files[0].width, drawing.files[0].height) == 3_200
        assert 0 < drawing.peak * 1024 < MEMORY


def test_a_new_process_for_each_picture_is_quick() -> None:
    content = picture()
    draw(content, Order(picture=True))
    spent = []
    for _turn in range(5):
        began = time.perf_counter()
        draw(content, Order(picture=True))
        spent.append(time.perf_counter() - began)

    assert min(spent) < 0.5, "0.15 s on an idle machine"


def test_no_descriptor_is_left_open() -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not list open files")
    draw(picture(), PATIENT)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _turn in range(3):
        draw(picture(), PATIENT)
    with pytest.raises(NotTaken):
        draw(b"no picture", PATIENT)

    assert len(list(Path("/proc/self/fd").iterdir())) <= before
