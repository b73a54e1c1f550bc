"""A disk that is full, read-only or used up: a sentence, nothing half kept, and whoever watches is told."""

import errno
import os
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse

from kernel.cases import issuing
from kernel.cases.models import Document, Material
from kernel.form.uploads import CheckedFile
from portal import error_pages, health
from tests import factories

pytestmark = pytest.mark.django_db
NO_ROOM = [errno.ENOSPC, errno.EROFS, errno.EDQUOT]


class Short(ContentFile):
    """A file whose second half finds no room."""

    code = errno.ENOSPC

    def chunks(self, chunk_size=None):
        yield self.read(10)
        raise OSError(self.code, os.strerror(self.code))


@pytest.fixture(params=NO_ROOM, ids=errno.errorcode.get)
def full(request, monkeypatch) -> None:
    monkeypatch.setattr(Short, "code", request.param)


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return Path(settings.MEDIA_ROOT)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def pdf() -> bytes:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target)
    return target.getvalue()


def test_an_upload_is_refused_with_a_sentence_and_leaves_nothing(client, full, media, monkeypatch):
    case = factories.draft()
    before = files(media)
    client.force_login(case.applicant)
    page = reverse("filing:page", args=[case.number, "materials"])
    client.cookies["language"] = "en"
    with monkeypatch.context() as patch:
        patch.setattr(CheckedFile, "as_file", lambda checked: Short(checked.content))
        answer = client.post(page, {"address_proof": SimpleUploadedFile("lease.pdf", pdf())})
    assert answer.status_code == 422
    assert "so this one was not kept" in answer.content.decode()
    assert files(media) == before and Material.objects.count() == len(before)
    assert (
        client.post(page, {"address_proof": SimpleUploadedFile("lease.pdf", pdf())}).status_code
        == 200
    )
    assert len(files(media)) == Material.objects.count() == len(before) + 1, (
        "once there is room it is kept"
    )


def test_another_fault_of_the_disk_is_not_taken_for_that(client, media, monkeypatch):
    monkeypatch.setattr(Short, "code", errno.EIO)
    case = factories.draft()
    before = files(media)
    client.force_login(case.applicant)
    monkeypatch.setattr(CheckedFile, "as_file", lambda checked: Short(checked.content))
    page = reverse("filing:page", args=[case.number, "materials"])
    with pytest.raises(OSError):
        client.post(page, {"address_proof": SimpleUploadedFile("lease.pdf", pdf())})
    assert files(media) == before, "what was half written is gone all the same"


def test_a_paper_waits_and_leaves_nothing_half_made(zone, full, media, monkeypatch):
    case = factories.filed(zone=zone)
    before = files(media)
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "ContentFile", Short)
        assert issuing.make_next()
    assert files(media) == before
    assert case.documents.filter(state=Document.State.READY).count() == 0


def test_a_file_that_is_there_stays_when_another_can_not_be_written(media):
    name = default_storage.save("one", ContentFile(b"whole"))
    with pytest.raises(OSError):
        default_storage.save("one", Short(b"half of it comes"))
    assert [path.name for path in files(media)] == [name]
    with default_storage.open(name) as kept:
        assert kept.read() == b"whole"


@pytest.mark.parametrize("code", NO_ROOM)
def test_whatever_else_finds_no_room_is_answered_503(client, monkeypatch, code):
    def fail(*_args, **_kwargs):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("portal.pages.views.render", fail)
    client.raise_request_exception = False
    client.cookies["language"] = "en"
    answer = client.get("/privacy/")
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "No files can be kept at the moment" in answer.content.decode()


def test_readiness_tells_of_it(client, monkeypatch):
    assert client.get("/readyz").json()["storage"] == "ok"

    def fail(**_kwargs):
        raise OSError(errno.ENOSPC, "no")

    monkeypatch.setattr(health, "TemporaryFile", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 200, "pages work on without"
    assert answer.json()["storage"] == "full" and answer.json()["status"] != "ok"


@pytest.mark.parametrize(
    "error, away",
    [
        (OperationalError("no connection"), True),
        (InterfaceError("closed"), True),
        (ValueError(), False),
        (None, False),
    ],
)
def test_what_says_that_the_database_is_away(error, away):
    assert error_pages.database_is_away(error) is away


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL has a class of its own for it"
)
def test_a_statement_that_sqlite_does_not_understand_is_our_mistake():
    with pytest.raises(OperationalError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nothing")
    assert not error_pages.database_is_away(caught.value)
