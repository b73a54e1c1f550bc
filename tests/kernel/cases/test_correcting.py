"""While a case is returned the pinned pages are open, and its company type stays: by action and page."""

import pytest
from django.urls import reverse

from kernel.cases import actions
from kernel.cases.models import Application, Event
from kernel.core.errors import Refused
from kernel.form import flow
from tests import driving, factories, officers
from tests.codes import REGISTRATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.ZoneFactory()


def returned(zone, fields, standard="S-13"):
    """A case that registration returned with these fields pinned."""
    case = factories.filed(zone=zone)
    officer = factories.officer(REGISTRATION, zone)
    stage = actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    actions.return_stage(
        actor=officer, stage_id=stage.pk, round=1, grounds=driving.grounds(standard, fields)
    )
    return Application.objects.select_related("zone").get(pk=case.pk)


def save(case, section, **changes):
    values = {**case.answers.get(section, {}), **changes}
    return actions.save_section(
        actor=case.applicant, application_id=case.pk, section=section, values=values
    )


def test_only_the_pinned_page_is_open(zone):
    case = returned(zone, ["address.detail"])
    save(case, "address", detail="Yunqi Road 66, room 502")
    client = officers.browser(case.applicant)
    for section in ("name", "capital", "scope", "shareholders", "officers", "materials"):
        with pytest.raises(Refused):
            save(case, section)
        answer = client.get(reverse("filing:page", args=[case.number, section]))
        assert answer.status_code == 302 and answer.url == reverse(
            "filing:tasks", args=[case.number]
        )
    assert client.get(reverse("filing:page", args=[case.number, "address"])).status_code == 200


def test_a_page_that_a_correction_made_wrong_opens_too_and_shuts_again(zone):
    """Else the case could never be sent back."""
    case = returned(zone, ["capital.amount"])
    with pytest.raises(Refused):
        save(case, "shareholders")
    amount = case.answers["capital"]["amount"]
    save(case, "capital", amount=str(int(amount) * 2))
    case.refresh_from_db()
    founder = case.people.filter(is_shareholder=True).first()
    data = {**founder.data, "contribution": str(int(founder.data["contribution"]) + int(amount))}
    given = {"actor": case.applicant, "application_id": case.pk}
    actions.save_person(**given, uid=str(founder.uid), data=data)
    with pytest.raises(Refused):
        actions.save_person(**given, uid=str(founder.uid), data=data | {"phone": "13900000009"})
    actions.resubmit(**given, department=REGISTRATION)


def test_who_is_named_on_a_pinned_page_can_be_corrected(zone):
    case = returned(zone, ["officers.legal_representative"])
    head = driving.head(case)
    person = case.people.get(uid=head)
    given = {"actor": case.applicant, "application_id": case.pk}
    actions.save_person(**given, uid=head, data=person.data | {"phone": "13900000009"})
    page = officers.browser(case.applicant).get(reverse("filing:person", args=[case.number, head]))
    assert page.status_code == 200
    others = case.people.filter(is_shareholder=True).exclude(
        uid__in=[uid for uid in case.answers["officers"].values() if uid]
    )
    for other in others:
        with pytest.raises(Refused):
            actions.save_person(**given, uid=str(other.uid), data=other.data | {"phone": ""})
    if person.is_shareholder:
        with pytest.raises(Refused):
            actions.remove_person(**given, uid=head)


def test_the_company_type_stays_as_it_was_filed(zone):
    case = returned(zone, ["name.trade_name"], standard="S-01")
    with pytest.raises(Refused) as refused:
        save(case, "name", company_type="9500")
    assert "stays as it was filed" in str(refused.value)
    client, page = (
        officers.browser(case.applicant),
        reverse("filing:page", args=[case.number, "name"]),
    )
    shown = client.get(page).content.decode()
    assert 'value="9500"' not in shown and f'value="{case.company_type}"' in shown
    answer = client.post(page, {**case.answers["name"], "company_type": "9500"})
    assert answer.status_code == 409
    taken = client.post(
        reverse("filing:page", args=[case.number, "shareholders"]), {"take_type": "1"}
    )
    assert taken.status_code == 302
    case.refresh_from_db()
    assert case.company_type == "1130" and case.answers["name"]["company_type"] == "1130"
    kept = {**case.answers["name"]}
    del kept["company_type"]
    given = {"actor": case.applicant, "application_id": case.pk}
    actions.save_section(**given, section="name", values=kept)
    case.refresh_from_db()
    assert case.answers["name"]["company_type"] == "1130"


def test_who_sends_it_back_unchanged_is_asked_once_and_the_officer_reads_it(zone):
    case = returned(zone, ["address.detail"])
    client = officers.browser(case.applicant)
    address = reverse("filing:resubmit", args=[case.number, REGISTRATION])
    warned = client.post(address)
    assert warned.status_code == 409 and 'name="unchanged"' in warned.content.decode()
    assert case.stages.get(department=REGISTRATION).state == flow.RETURNED
    assert client.post(address, {"unchanged": "1"}).status_code == 302
    assert case.events.get(kind=Event.Kind.RESUBMITTED).data["changed"] == []
    officer = officers.browser(case.stages.get(department=REGISTRATION).holder)
    shown = officer.get(officers.address(REGISTRATION, "case", case.number)).content.decode()
    assert "changed nothing that this desk uses" in shown


def test_two_remarks_on_one_field_are_both_read(zone):
    case = factories.filed(zone=zone)
    officer = factories.officer(REGISTRATION, zone)
    stage = actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    grounds = [
        *driving.grounds("S-13", ["address.detail"], "Add the room."),
        *driving.grounds("R-03", ["address.detail"], "Upload the lease of it."),
    ]
    actions.return_stage(actor=officer, stage_id=stage.pk, round=1, grounds=grounds)
    page = officers.browser(case.applicant).get(
        reverse("filing:page", args=[case.number, "address"])
    )
    assert "Add the room. Upload the lease of it." in page.content.decode()
