"""The screens of the exchange: chosen, downloaded, looked at, imported."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import jobs, queues
from app.surfaces.transfer import texts
from app.translation.models import Translation, TranslationSuggestion
from tests.factories import PackageFactory, ThemeFactory, translate
from tests.translation.carrying import state_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def package(session: Session) -> Any:
    made = PackageFactory(name="Garden party", description="Under the trees")
    translate(made, "de", name="Gartenfest")
    ThemeFactory(name="Jungle", description="")
    session.commit()
    return made


def uploaded(browser: FlaskClient, *files: tuple[str, str | bytes], **form: str) -> str:
    sent = [
        (io.BytesIO(content.encode() if isinstance(content, str) else content), name)
        for name, content in files
    ]
    answer = browser.post("/translate/import", data={"file": sent, **form})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    return found[1] if found else ""


def counts_of(page: str) -> dict[str, int]:
    return {label: int(number) for label, number in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)}


def exported(browser: FlaskClient, **asked: Any) -> str:
    answer = browser.get("/translate/export/file", query_string=asked)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def filled(content: str) -> str:
    return content.replace(
        'msgid "Under the trees"\nmsgstr ""', 'msgid "Under the trees"\nmsgstr "Im Grünen"'
    )


# Rule 17
def test_a_file_goes_out_and_comes_back_by_the_screens(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    editor = sign_in("Editor")
    content = exported(editor, locale="de", of="package")
    assert content.count("msgctxt") == 2
    assert f"/packages/{package.id}/edit" in content
    before = state_of(session)
    page = uploaded(editor, ("de.po", filled(content)))
    assert (counts_of(page)["New"], counts_of(page)["Unchanged"]) == (1, 1)
    assert "Im Grünen" in page
    assert state_of(session) == before
    done = editor.post("/translate/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert counts_of(done)["New"] == 1
    row = session.scalars(select(Translation).where(Translation.field == "description")).one()
    assert (row.text, row.state) == ("Im Grünen", "approved")
    again = editor.post("/translate/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert "not there any more" in again


def test_what_changes_nothing_is_not_offered_for_import(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    editor = sign_in("Editor")
    page = uploaded(editor, ("de.po", exported(editor, locale="de")))
    assert token_of(page) == ""
    assert "nothing to import" in page


# Rule 4
def test_a_translators_file_is_suggested_where_a_text_is_shown(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    translator = sign_in("Translator")
    content = exported(translator, locale="de", of="package").replace("Gartenfest", "Gartenfeier")
    page = uploaded(translator, ("de.po", content))
    assert counts_of(page)["Suggested"] == 1
    translator.post("/translate/import", data={"token": token_of(page)})
    assert session.scalars(select(TranslationSuggestion.text)).all() == ["Gartenfeier"]
    assert session.scalars(select(Translation.text)).all() == ["Gartenfest"]


def test_several_languages_are_one_archive_that_comes_back_whole(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    editor = sign_in("Editor")
    answer = editor.get("/translate/export/file?locale=de&locale=ar&format=xliff-1.2&of=package")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        arabic = archive.read(names[1]).decode()
    assert [name.split("-")[1] for name in names] == ["de", "ar"]
    assert 'target-language="ar"' in arabic
    page = uploaded(editor, ("texts.zip", answer.data))
    assert page.count('class="x-outcome"') == 2
    missing = "<source>Garden party</source>"
    arabic = arabic.replace(missing, f'{missing}<target state="translated">حفلة</target>', 1)
    german = exported(editor, locale="de", of="package")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("ar.xlf", arabic)
    broken = ("broken.po", "nothing"), ("broken.zip", b"PK\x03\x04")
    page = uploaded(editor, ("de.po", filled(german)), ("more.zip", inner.getvalue()), *broken)
    assert page.count('role="alert"') == 2, "files that are none keep no other back"
    done = editor.post("/translate/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert [name in done for name in ("de.po", "ar.xlf")] == [True, True]
    said = {(row.locale, row.text) for row in session.scalars(select(Translation))}
    assert said == {("de", "Gartenfest"), ("de", "Im Grünen"), ("ar", "حفلة")}


def test_a_list_hands_on_what_it_shows(session: Session, package: Any, sign_in: SignIn) -> None:
    PackageFactory(name="Beach party", description="On the sand")
    session.commit()
    editor = sign_in("Editor")
    listed = editor.get("/packages/?missing=de&filter[name]=Garden party").get_data(as_text=True)
    link = next(url for url in re.findall(r'href="(/translate/export\?[^"]+)"', listed))
    page = editor.get(link.replace("&amp;", "&")).get_data(as_text=True)
    assert "1 record of “Packages”" in page
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    content = exported(editor, locale="de", **{name: values[0] for name, values in asked.items()})
    assert "Garden party" in content
    assert "Beach party" not in content
    assert exported(editor, locale="de", of="package", list="q=nothing like it").count("msgctxt") == 0


def test_records_that_are_ticked_are_handed_on(session: Session, package: Any, sign_in: SignIn) -> None:
    other = PackageFactory(name="Beach party", description="On the sand")
    PackageFactory(name="Hill party")
    session.commit()
    translator = sign_in("Translator")
    assert 'formaction="/translate/export"' in translator.get("/packages/").get_data(as_text=True)
    chosen = {"of": "package", "ids": [str(package.id), str(other.id)]}
    page = translator.post("/translate/export", data=chosen).get_data(as_text=True)
    assert "2 records of “Packages”" in page
    assert page.count('name="ids"') == 2
    answer = translator.post("/translate/export/file", data={**chosen, "locale": "de", "state": "missing"})
    said = re.findall(r'^msgid "(.+)"', answer.get_data(as_text=True), re.MULTILINE)
    assert said == ["Under the trees", "Beach party", "On the sand"]


@pytest.mark.parametrize(
    "asked",
    ["locale=xx", "state=nothing", "format=exe", "of=booking", "of=nothing", "of=package&list=colour=red"],
)
def test_what_cannot_be_asked_for_is_refused(session: Session, sign_in: SignIn, asked: str) -> None:
    assert sign_in("Editor").get(f"/translate/export/file?{asked}").status_code == 400


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><xliff/>', "declares types or entities"),
        ("hello", "no PO, XLIFF or CSV"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("", "empty"),
    ],
)
def test_what_is_no_file_is_told_so(
    session: Session, sign_in: SignIn, content: str | bytes, says: str
) -> None:
    page = uploaded(sign_in("Editor"), ("a file", content or b" "))
    assert says in page
    assert token_of(page) == ""


def test_a_file_in_another_language_than_the_page_is_of_is_refused(
    session: Session, package: Any, sign_in: SignIn
) -> None:
    editor = sign_in("Editor")
    assert 'name="locale" value="es"' in editor.get("/translate/import?locale=es").get_data(as_text=True)
    page = uploaded(editor, ("de.po", filled(exported(editor, locale="de"))), locale="es")
    assert "not in “es”" in page
    assert editor.post("/translate/import", data={"locale": "xx"}).status_code == 400


def test_another_users_file_is_not_imported(session: Session, package: Any, sign_in: SignIn) -> None:
    editor, other = sign_in("Editor"), sign_in("Editor", "other")
    page = uploaded(editor, ("de.po", filled(exported(editor, locale="de"))))
    done = other.post("/translate/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert "not there any more" in done
    assert session.scalars(select(Translation.text)).all() == ["Gartenfest"]


def test_a_large_file_is_a_job_with_the_rights_of_who_asked(
    session: Session, package: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = sign_in("Translator")
    page = uploaded(translator, ("de.po", filled(exported(translator, locale="de", of="package"))))
    asked: list[dict[str, Any]] = []

    class Sent:
        id = "01990000-0000-7000-8000-00000000000a"

    def put(_self: Any, **arguments: Any) -> Any:
        asked.append(arguments)
        return Sent()

    monkeypatch.setattr(texts, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(jobs.JobKind, "later", put)
    answer = translator.post("/translate/import", data={"token": token_of(page), "total": "2"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/translate/import/{Sent.id}")
    steps: list[tuple[int, int]] = []
    monkeypatch.setattr(texts, "report", lambda done, total: steps.append((done, total)))
    facts = texts.import_files(**asked[0])
    session.expire_all()
    row = session.scalars(select(Translation).where(Translation.field == "description")).one()
    assert (row.text, row.state) == ("Im Grünen", "needs_review"), "not a job's rights, which are all"
    assert steps == [(2, 2)]
    progress = queues.Progress(texts.JOB, "finished", 2, 2, facts)
    monkeypatch.setattr(queues, "reader", lambda: None)
    monkeypatch.setattr(
        queues, "asked_for", lambda _via, number, _user: progress if number == Sent.id else None
    )
    shown = translator.get(f"/translate/import/{Sent.id}").get_data(as_text=True)
    assert counts_of(shown)["New"] == 1
    monkeypatch.setattr(queues, "asked_for", lambda *_args: queues.Progress(texts.JOB, "started", 1, 2, None))
    part = translator.get(f"/translate/import/{Sent.id}", headers={"X-Part": "progress"})
    assert "1 of 2" in part.get_data(as_text=True)
    assert "<html" not in part.get_data(as_text=True)
    monkeypatch.setattr(queues, "asked_for", lambda *_args: queues.Progress(texts.JOB, "failed", 1, 2, None))
    assert "broke off" in translator.get(f"/translate/import/{Sent.id}").get_data(as_text=True)
    assert translator.get("/translate/import/nothing").status_code == 404


def test_a_large_file_is_imported_at_once_where_there_is_no_queue(
    session: Session, package: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis.exceptions import RedisError

    def away(_self: Any, **_arguments: Any) -> Any:
        raise RedisError

    editor = sign_in("Editor")
    page = uploaded(editor, ("de.po", filled(exported(editor, locale="de", of="package"))))
    monkeypatch.setattr(texts, "MOST_AT_ONCE", 10)
    monkeypatch.setattr(jobs.JobKind, "later", away)
    done = editor.post("/translate/import", data={"token": token_of(page)}).get_data(as_text=True)
    assert counts_of(done)["New"] == 1


def test_the_doors_stand_where_translators_are(session: Session, package: Any, sign_in: SignIn) -> None:
    translator = sign_in("Translator")
    page = translator.get("/translate/").get_data(as_text=True)
    assert 'href="/translate/export"' in page
    assert 'href="/translate/import"' in page
    assert sign_in("Viewer").get("/translate/export").status_code == 403
    assert "/translate/export" not in sign_in("Moderator").get("/packages/").get_data(as_text=True)
