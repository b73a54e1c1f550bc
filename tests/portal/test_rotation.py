"""A new field key: everything is encrypted again, nothing that somebody saves meanwhile is lost, and it is counted."""

import os
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import override_settings

from kernel.accounts.models import User
from kernel.cases.models import Document, Material
from portal.operations import rotation, stored
from seals.models import IdentityPicture
from tests import driving

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(settings, tmp_path, zone):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return driving.completed(zone=zone)


@pytest.fixture
def newer():
    """A new key before those of the tests."""
    with override_settings(FIELD_KEYS={"k9": os.urandom(32), **configured.FIELD_KEYS}):
        yield {"k9": configured.FIELD_KEYS["k9"]}


def told(*arguments) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def test_after_it_the_new_key_alone_opens_everything(case, newer):
    counted = told("--count")
    assert "under the key k2" in counted and "Everything" not in counted
    assert "Everything lies under the key k9" in told()
    with override_settings(FIELD_KEYS=newer):
        assert list(stored.value_faults()) == []
        for row in (*Material.objects.all(), *Document.objects.exclude(file="")):
            with row.file.open("rb") as file:
                assert file.read()


def test_a_second_time_there_is_nothing_to_do(case, newer):
    told()
    again = told()
    assert "Files: 0 encrypted again" in again and "encrypted again\nEverything" in again


def test_what_is_saved_meanwhile_stays(case, newer, monkeypatch):
    """The person saves another number between the reading and the writing."""
    field = User._meta.get_field("id_number")
    renewed = field.renewed

    def saved_meanwhile(stored, uid):
        person = User.objects.get(uid=uid)
        person.id_number = "110101199003070011"
        person.save()
        return renewed(stored, uid)

    monkeypatch.setattr(field, "renewed", saved_meanwhile)
    assert rotation.renew_values(User, field) == (0, [])
    assert User.objects.get(pk=case.applicant_id).id_number == "110101199003070011"


def test_a_file_that_is_erased_meanwhile_does_not_come_back(case, newer, monkeypatch):
    """It is read, erased with its row, and only then written under the new key."""
    upload = Material.objects.first()
    place, replace = Path(upload.file.path), Path.replace

    def erased_meanwhile(fresh, target):
        if target == place:
            Material.objects.filter(pk=upload.pk).delete()
            place.unlink()
        return replace(fresh, target)

    monkeypatch.setattr(Path, "replace", erased_meanwhile)
    assert "Everything lies under the key k9" in told()
    assert not Material.objects.filter(pk=upload.pk).exists() and not place.exists()


def test_what_no_key_opens_is_named_and_the_rest_is_done(case, newer):
    lost = Material.objects.first()
    place = Path(lost.file.path)
    place.write_bytes(place.read_bytes()[:60])
    User.objects.filter(pk=case.applicant_id).update(phone="v1:k0:AAAA")
    out = StringIO()
    with pytest.raises(CommandError, match="2 values or files could not be opened"):
        call_command("rotate_keys", stdout=out)
    assert f"accounts.User {case.applicant_id}: phone can't be opened" in out.getvalue()
    assert f"{lost.file.name}: The file was changed" in out.getvalue()
    assert rotation.needed() == {"k2": 1, "k0": 1}


def test_files_of_before_are_encrypted_too(case):
    upload = Material.objects.first()
    with upload.file.open("rb") as file:
        plain = file.read()
    Path(upload.file.path).write_bytes(plain)
    assert rotation.needed() == {"": 1}
    assert "Files: 1 encrypted again" in told()
    assert plain not in Path(upload.file.path).read_bytes()
    with upload.file.open("rb") as file:
        assert file.read() == plain


def test_a_picture_that_its_row_sealed_is_kept_as_every_file(case, newer):
    picture = IdentityPicture.objects.first()
    content = picture.read()
    nonce = bytes(12)
    key = configured.FIELD_KEYS["k2"]
    old = b"v1:k2\n" + nonce + AESGCM(key).encrypt(nonce, content, str(picture.uid).encode())
    picture.file.save("", ContentFile(old))
    assert picture.read() == content
    told()
    picture.refresh_from_db()
    with override_settings(FIELD_KEYS=newer):
        assert picture.read() == content
