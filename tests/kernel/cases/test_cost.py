"""What one person and one filing may cost: drafts, answers, uploads; each refusal has a sentence and keeps what was."""

import pytest
from django.utils import translation

from kernel.cases import actions
from kernel.cases.actions import drafts, materials
from kernel.cases.models import Application, Material
from kernel.core.errors import Refused
from kernel.form.uploads import CheckedFile
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def begin(person, zone):
    """Another draft; an empty one would be handed back."""
    draft = actions.begin_draft(actor=person, zone=zone, company_type="1130")
    Application.objects.filter(pk=draft.pk).update(version=1)
    return draft


def test_of_drafts(zone):
    person, other = factories.UserFactory(), factories.UserFactory()
    for _draft in range(drafts.MOST_DRAFTS):
        begin(person, zone)
    with pytest.raises(Refused, match="20 drafts already"):
        begin(person, zone)
    begin(other, zone)
    actions.withdraw(
        actor=person, application_id=Application.objects.filter(applicant=person)[0].pk
    )
    begin(person, zone)


def test_of_answers(zone):
    draft = factories.draft(zone=zone)
    given = {"actor": draft.applicant, "application_id": draft.pk, "section": "address"}
    before = Application.objects.get(pk=draft.pk).answers
    with pytest.raises(Refused, match="More was typed"):
        actions.save_section(**given, values={"address": "字" * drafts.MOST_TYPED})
    assert Application.objects.get(pk=draft.pk).answers == before


def test_of_uploads(zone, monkeypatch):
    """Of all that somebody has under way together; what another has counts for them."""
    monkeypatch.setattr(materials, "MOST_UPLOADED", 3 * 1024 * 1024)
    person = factories.UserFactory()
    first, second = (factories.draft(zone=zone, applicant=person) for _draft in range(2))

    Material.objects.all().delete()

    def upload(draft, letter: bytes) -> Material:
        file = CheckedFile("a.pdf", letter * 1024 * 1024, "application/pdf", 1)
        given = {"actor": draft.applicant, "application_id": draft.pk}
        return actions.add_material(**given, kind="address_proof", checked=file)

    kept = [
        upload(draft, letter) for draft, letter in ((first, b"a"), (first, b"b"), (second, b"c"))
    ]
    with pytest.raises(Refused, match="3 MB together"):
        upload(second, b"d")
    upload(factories.draft(zone=zone), b"e")
    actions.remove_material(actor=person, application_id=first.pk, uid=kept[0].uid)
    upload(second, b"d")
