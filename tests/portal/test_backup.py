"""The drill: what was backed up comes back, and a backup that doesn't hold is not taken for one that does."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import override_settings

from kernel.accounts.models import User
from kernel.cases.models import Application, Event, Material
from tests import driving

pytestmark = pytest.mark.django_db(transaction=True)


def said(command: str, *arguments) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def case(media, zone):
    """A completed case, and a draft whose upload has the bytes that were recorded."""
    case = driving.completed(zone=zone)
    for material in Material.objects.all():
        material.file.save("", ContentFile(b"%PDF"), save=False)
        material.sha256 = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027"
        material.save()
    return case


@pytest.fixture
def folder(case, tmp_path):
    """A finished backup."""
    said("backup", tmp_path / "backup")
    return tmp_path / "backup"


def test_the_drill_restores_checks_and_touches_nothing(folder, case):
    before = Event.objects.count()
    told = said("restore", folder, "--verify")
    for step in ("verify_trail", "recount", "verify_stored"):
        assert f"{step}: holds (" in told
    assert "nothing of the portal was touched (" in told
    assert f"1 cases, {before} events: every chain is whole." in told
    assert Event.objects.count() == before


def test_what_was_lost_comes_back(folder, case, media):
    upload = Material.objects.first()
    Path(upload.file.path).unlink()
    User.objects.filter(pk=case.applicant_id).update(real_name="")
    told = said("restore", folder, "--replace")
    assert "Now: manage.py migrate" in told
    assert User.objects.get(pk=case.applicant_id).real_name == case.applicant.real_name
    assert Application.objects.get().name == case.name
    with default_storage.open(upload.file.name) as kept:
        assert kept.read() == b"%PDF"
    said("verify")


def test_a_database_that_holds_something_is_not_overwritten_unasked(folder):
    with pytest.raises(CommandError, match="not empty.*--replace"):
        said("restore", folder)


def test_secrets_stay_out_and_that_is_said(folder, settings, tmp_path):
    told = said("backup", tmp_path / "another")
    assert (
        "NOT in it: SECRET_KEY, FIELD_KEYS, BLIND_INDEX_KEY, TRAIL_KEYS and the folder SIGNING_KEYS"
        in told
    )
    written = (folder / "manifest.json").read_text()
    assert not any(
        part in written for part in (settings.SECRET_KEY, settings.BLIND_INDEX_KEY.decode())
    )
    assert folder.stat().st_mode & 0o077 == 0


def test_a_backup_without_its_keys_is_refused_with_their_names(folder, settings):
    held = settings.FIELD_KEYS
    with override_settings(FIELD_KEYS={name: b"x" * 32 for name in held}):
        with pytest.raises(CommandError, match="FIELD_KEYS k2, FIELD_KEYS k1"):
            said("restore", folder, "--verify")


@pytest.mark.parametrize("harm", ["changed", "missing", "more"])
def test_a_backup_that_was_touched_is_refused(folder, harm):
    upload = next(path for path in (folder / "media").rglob("*") if path.is_file())
    if harm == "changed":
        upload.write_bytes(b"%PDX")
    elif harm == "missing":
        upload.unlink()
    else:
        (folder / "more").touch()
    with pytest.raises(CommandError, match="not whole"):
        said("restore", folder, "--verify")


def test_an_unfinished_backup_is_none(folder):
    (folder / "manifest.json").unlink()
    with pytest.raises(CommandError, match="no finished backup"):
        said("restore", folder, "--verify")


def test_what_was_stored_otherwise_or_cannot_be_opened_is_named(case, settings):
    upload, lost = Material.objects.all()[:2]
    Path(upload.file.path).write_bytes(b"other")
    Path(lost.file.path).unlink()
    out = StringIO()
    with override_settings(FIELD_KEYS={name: b"x" * 32 for name in settings.FIELD_KEYS}):
        with pytest.raises(CommandError, match="Failed: verify_stored"):
            call_command("verify", stdout=out)
    told = out.getvalue()
    assert (
        f"{upload.uid}: the file was changed" in told and f"{lost.uid}: the file is missing" in told
    )
    assert f"cases.Application {case.pk}: answers can't be opened" in told


def test_a_folder_that_holds_something_takes_no_backup(tmp_path, zone):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "old").touch()
    with pytest.raises(CommandError, match="not empty"):
        said("backup", tmp_path / "backup")


def test_the_manifest_says_what_the_tables_were(folder):
    told = json.loads((folder / "manifest.json").read_text())
    assert told["migrations"]["cases"] and told["engine"] in ("sqlite", "postgresql")
    assert set(told["keys"]) == {
        "FIELD_KEYS k2",
        "FIELD_KEYS k1",
        "TRAIL_KEYS t2",
        "TRAIL_KEYS t1",
        "BLIND_INDEX_KEY",
    }
