"""A button pressed six times at once, on a slow line: one of everything; and of two savers the older never wins."""

from functools import partial

import pytest

from kernel.accounts.models import OneTimeCode
from kernel.accounts.one_time_codes import Purpose
from kernel.applicants.draft import Draft
from kernel.cases import actions, reading, trail
from kernel.cases.actions.editing import seen_mark
from kernel.cases.models import Application, Event, Share, SigningRequest
from kernel.core.errors import Refused, Stale
from kernel.form import flow, id_copies, uploads
from kernel.sla.models import Clock
from tests import driving, factories
from tests.applicant import lease, photo
from tests.codes import REGISTRATION
from tests.faults.together import at_once


def test_six_presses_on_begin_make_one_draft(zone):
    applicant = factories.UserFactory()
    begin = partial(actions.begin_draft, actor=applicant, zone=zone, company_type="1130")
    drafts = at_once(*[begin] * 6)
    assert {draft.pk for draft in drafts} == {Application.objects.get(applicant=applicant).pk}
    assert Clock.objects.filter(name=flow.DRAFT).count() == 1


def test_six_presses_on_an_offer_make_one_offer(zone):
    draft = factories.draft(zone=zone)
    offer = partial(
        actions.offer_share,
        actor=draft.applicant,
        application_id=draft.pk,
        phone="13800000077",
        kind=Share.Kind.WORK,
    )
    answers = at_once(*[offer] * 6)
    share = Share.objects.get()
    assert [answer for answer in answers if isinstance(answer, Share)] == [share]
    assert sum(isinstance(answer, Refused) for answer in answers) == 5, answers
    assert draft.events.filter(kind=Event.Kind.OFFERED).count() == 1


def test_one_file_sent_six_times_is_kept_once(zone):
    draft = factories.draft(zone=zone)
    checked = uploads.check(lease())
    keep = partial(
        actions.add_material,
        actor=draft.applicant,
        application_id=draft.pk,
        kind="address_proof",
        checked=checked,
    )
    before = draft.materials.count()
    kept = at_once(*[keep] * 6)
    assert len({material.pk for material in kept}) == 1
    assert draft.materials.count() == before + 1


def test_two_pictures_sent_at_once_for_one_side_of_a_card_leave_one(zone):
    draft = factories.draft(zone=zone)
    place = id_copies.places(Draft(draft).filing)[0]
    given = {"actor": draft.applicant, "application_id": draft.pk, "place": place.name}
    files = [uploads.check(photo(of, f"{of}.jpg")) for of in ("one", "two", "three")]
    before = draft.materials.count()
    kept = at_once(*[partial(actions.add_id_copy, **given, checked=file) for file in files])
    there = draft.materials.get(person=place.person.uid, side=place.side, kind=place.kind)
    assert there in kept and draft.materials.count() == before


def test_a_file_opened_six_times_at_once_is_one_look(zone):
    staff = driving.staff(zone)
    case = driving.taken(staff, REGISTRATION, zone=zone)
    material = case.materials.filter(kind=id_copies.OF_FOUNDERS).first()
    look = partial(reading.upload, staff[REGISTRATION], case, material)
    assert at_once(*[look] * 6) == [None] * 6
    assert case.events.filter(kind=Event.Kind.READ).count() == 1
    assert trail.faults(Application.objects.get(pk=case.pk)) == []


def test_signatures_asked_for_six_times_reach_each_signer_once(zone):
    draft = factories.draft(zone=zone)
    draft.answers = {**draft.answers, "signatures": {}}
    draft.save(update_fields=["answers"])
    ask = partial(actions.ask_signatures, actor=draft.applicant, application_id=draft.pk)
    answers = at_once(*[ask] * 6)
    signers = SigningRequest.objects.filter(application=draft).count()
    assert signers and sorted(answers) == [0] * 5 + [signers]
    assert OneTimeCode.objects.filter(purpose=Purpose.SIGN).count() == signers


def test_the_older_of_two_saves_of_a_person_never_wins(zone):
    """Also of a page that was opened for somebody new, and whose first answer was lost: its mark is empty."""
    draft = factories.draft(zone=zone)
    person = draft.people.first()
    newer = {**person.data, "phone": "13800000002"}
    save = partial(
        actions.save_person, actor=draft.applicant, application_id=draft.pk, uid=str(person.uid)
    )
    save(data=newer, seen=seen_mark(person.data))
    for seen in ("", seen_mark(person.data)):
        with pytest.raises(Stale):
            save(data={**person.data, "phone": "13800000001"}, seen=seen)
    person.refresh_from_db()
    assert person.data == newer
