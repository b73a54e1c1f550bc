"""A licence after its issue: it is issued anew, or revoked, and everybody whom it concerns is told."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from kernel.applicants import case_map
from kernel.cases import trail
from kernel.cases.models import Event
from kernel.core.errors import Incomplete, NotAllowed, Stale
from kernel.form import flow
from kernel.sla.models import Clock, Span
from portal.notices.texts import text
from portal.supervision.tally import count
from tests import driving, factories, seconds
from tests.codes import BANKING, REGISTRATION, TAX
from tests.factories import MORNING
from tests.registration.test_licences import IN_FORCE, made
from tests.seconds import reissue_licence, revoke_licence

GROUND = "lost in a flood"


@pytest.fixture
def licensed(zone, staff):
    return driving.work(REGISTRATION, staff[REGISTRATION], factories.filed(zone=zone))


def test_a_reissue_replaces_both_formats(licensed, staff, client):
    old = made(licensed)
    reissue_licence(actor=staff[REGISTRATION], application_id=licensed.pk, ground=GROUND)
    new = made(licensed)
    assert new.verify_code != old.verify_code and new.facts["uscc"] == old.facts["uscc"]
    states = licensed.documents.filter(kind__startswith="licence").values_list("state", flat=True)
    assert sorted(states) == ["pending", "ready", "replaced", "replaced"]
    page = client.get(reverse("verified", args=[old.verify_code]))
    assert page.context["result"] == "replaced" and GROUND in page.content.decode()
    assert client.get(reverse("verified", args=[new.verify_code])).context["result"] == "valid"


def test_a_revocation_is_visible_and_final(licensed, staff, client, zone):
    paper, boss = made(licensed), factories.supervisor(zone)
    revoke_licence(actor=boss, application_id=licensed.pk, ground=GROUND)
    page = client.get(reverse("verified", args=[paper.verify_code]))
    assert page.context["result"] == "revoked" and GROUND in page.content.decode()
    answer = client.post(reverse("verify"), {"text": paper.qr_text})
    assert answer.context["result"] == "revoked", "the key signed it, and the register knows better"
    for action in (revoke_licence, reissue_licence):
        with pytest.raises(Stale):
            action(actor=boss, application_id=licensed.pk, ground=GROUND)
    licensed.refresh_from_db()
    event = licensed.events.get(kind=Event.Kind.REVOKED)
    assert event.actor == boss and event.data["ground"] == GROUND and trail.faults(licensed) == []


def test_departments_at_work_stop_when_it_is_revoked(staff, client, zone):
    case = driving.carried(staff, flow.usual()[:3], zone=zone)
    revoke_licence(actor=factories.supervisor(zone), application_id=case.pk, ground=GROUND)
    case.refresh_from_db()
    stages = dict(case.stages.values_list("department", "state"))
    done, ended = flow.usual()[:3], flow.usual()[3:]
    assert case.state == flow.REVOKED
    assert stages == {**dict.fromkeys(done, flow.DONE), **dict.fromkeys(ended, flow.ENDED)}
    assert not Clock.objects.filter(owner=case.uid).exclude(state=Clock.State.STOPPED).exists()
    assert not Span.objects.filter(clock__owner=case.uid, ended_at=None).exists()
    with pytest.raises(Stale):
        driving.work(BANKING, staff[BANKING], case)
    client.force_login(case.applicant)
    page = client.get(
        reverse("filing:tasks", args=[case.number]), headers={"accept-language": "en"}
    )
    assert GROUND in page.content.decode() and "revoked" in page.context["standing"]
    first, *others = page.context["map"].branches
    assert first.state == case_map.DONE and first.yields
    assert len(others) == len(ended)
    for branch in others:
        assert (branch.state, branch.how) == (case_map.STILL, "Ended with the case")
        assert branch.words.word == "Licence revoked"
        assert not branch.yields and not branch.meeting and not branch.since, "nothing is promised"


def test_a_company_that_was_open_is_not_called_so_any_more(staff, client, zone):
    case = driving.carried(staff, flow.usual(), zone=zone)
    tallies = count(zone, [MORNING.date()])
    revoke_licence(actor=factories.supervisor(zone), application_id=case.pk, ground=GROUND)
    case.refresh_from_db()
    assert case.state == flow.REVOKED and case.completed_at
    assert count(zone, [MORNING.date()]) == tallies, "what was done that day was done"
    pair = {"number": case.filing_number, "code": case.check_code}
    asked = client.post(
        reverse("progress"), pair, headers={"accept-language": "en"}
    ).content.decode()
    assert GROUND in asked and "revoked" in asked and "Completed" not in asked
    client.force_login(case.applicant)
    address = reverse("filing:tasks", args=[case.number])
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert GROUND in page and "Your company is open" not in page
    assert page.index("All done") < page.index(GROUND), "it came after the end"
    assert reverse("reviews:leave", args=[case.number]) in page, "the service was given"
    told = case.notices.get(recipient=case.applicant, kind="revoked")
    assert case.name in text(told).body


def test_a_replaced_paper_is_not_shown_as_being_made(licensed, staff, client):
    made(licensed), made(licensed, "licence_original")
    reissue_licence(actor=staff[REGISTRATION], application_id=licensed.pk, ground=GROUND)
    client.force_login(licensed.applicant)
    page = client.get(reverse("filing:tasks", args=[licensed.number]))
    assert {one.state for one in page.context["documents"]} <= set(IN_FORCE)
    assert GROUND in page.content.decode()


def test_who_may_and_what_it_takes(licensed, staff, zone):
    elsewhere = factories.supervisor(factories.ZoneFactory(code="elsewhere"))
    for user in (licensed.applicant, staff[TAX], elsewhere):
        with pytest.raises(NotAllowed):
            revoke_licence(actor=user, application_id=licensed.pk, ground=GROUND)
    with pytest.raises(Incomplete):
        revoke_licence(actor=factories.supervisor(zone), application_id=licensed.pk, ground=" ")
    draft = factories.draft(zone=zone)
    with pytest.raises(Stale):
        revoke_licence(actor=factories.supervisor(zone), application_id=draft.pk, ground=GROUND)


def test_two_in_force_are_refused_by_the_database(licensed):
    twin = licensed.documents.get(kind="licence")
    twin.pk, twin.uid, twin.verify_code, twin._state.adding = None, "0" * 32, "0" * 32, True
    with pytest.raises(IntegrityError):
        twin.save(force_insert=True)


def test_the_page_does_both_and_tells(licensed, staff, client, zone):
    client.force_login(staff[REGISTRATION])
    url = reverse("licence", args=[licensed.number])
    assert client.get(url).status_code == 200
    assert client.post(url + "reissue/", {"ground": ""}).status_code == 422
    for name in ("reissue/", "revoke/"):
        seconds.with_a_second(zone)
        assert client.post(url + name, {"ground": GROUND}).url == url
        assert client.post(url + name, {"ground": GROUND}).status_code == 422, "it waits already"
        seconds.agree_to_all()
    page = client.get(url).content.decode()
    assert page.count(GROUND) >= 2 and "reissue/" not in page
    assert client.post(url + "revoke/", {"ground": GROUND}).status_code == 422


@pytest.mark.parametrize("who", ["applicant", "tax"])
def test_nobody_else_finds_the_page(licensed, staff, client, who):
    client.force_login(licensed.applicant if who == "applicant" else staff[TAX])
    assert client.get(reverse("licence", args=[licensed.number])).status_code == 404
