"""A draft shared and handed over: who may see and do what before and after, through the pages and the actions."""

import pytest
from django.http import Http404
from django.urls import reverse

from kernel.cases import actions
from kernel.cases.access import access_application
from kernel.cases.models import Application, Event, Share
from kernel.cases.trail import faults
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.form import flow
from seals import handing_over
from tests import driving, factories
from tests.applicant import page, text
from tests.codes import REGISTRATION, SEALS
from tests.officers import browser

pytestmark = pytest.mark.django_db

PHONE = "13900000001"


@pytest.fixture
def case():
    return factories.draft("1151", applicant=factories.UserFactory(phone="13900000009"))


@pytest.fixture
def friend():
    return factories.UserFactory(phone=PHONE)


def offered(case, kind=Share.Kind.WORK, phone=PHONE) -> Share:
    return actions.offer_share(actor=case.applicant, application_id=case.pk, phone=phone, kind=kind)


def joined(case, friend) -> Share:
    share = offered(case)
    actions.accept_share(actor=friend, uid=str(share.uid))
    return share


def sees(user, case) -> bool:
    try:
        return access_application(user, case.ref).pk == case.pk
    except Http404:
        return False


def writes(user, case) -> bool:
    try:
        actions.save_section(
            actor=user, application_id=case.pk, section="capital", values={"amount": "1"}
        )
    except NotAllowed:
        return False
    return True


def test_who_works_on_a_draft_sees_and_fills_it_in_from_the_acceptance_to_the_end(case, friend):
    share = offered(case)
    assert not sees(friend, case) and not writes(friend, case), "an offer gives nothing yet"
    actions.accept_share(actor=friend, uid=str(share.uid))
    assert sees(friend, case) and writes(friend, case) and sees(case.applicant, case)
    assert not sees(factories.UserFactory(), case)
    actions.end_share(actor=case.applicant, uid=str(share.uid))
    actions.end_share(actor=case.applicant, uid=str(share.uid))  # a second click does nothing
    assert not sees(friend, case) and not writes(friend, case)
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == [Event.Kind.OFFERED, Event.Kind.JOINED, Event.Kind.LEFT]
    case.refresh_from_db()
    assert faults(case) == []


def test_only_the_applicant_submits_withdraws_and_offers(case, friend):
    joined(case, friend)
    for act in (factories.submit, actions.withdraw):
        with pytest.raises(NotAllowed):
            act(actor=friend, application_id=case.pk)
    with pytest.raises(NotAllowed):
        actions.offer_share(
            actor=friend, application_id=case.pk, phone="13900000002", kind=Share.Kind.WORK
        )
    assert factories.submit(actor=case.applicant, application_id=case.pk).state == flow.LICENSING
    assert sees(friend, case) and not writes_filed(friend, case)


def writes_filed(user, case) -> bool:
    try:
        return writes(user, case)
    except Refused:
        return False


def test_who_works_on_it_may_leave(case, friend):
    share = joined(case, friend)
    with pytest.raises(NotAllowed):
        actions.end_share(actor=factories.UserFactory(), uid=str(share.uid))
    actions.end_share(actor=friend, uid=str(share.uid))
    assert not sees(friend, case)


def test_a_draft_handed_over_is_the_others_alone(case, friend):
    before, helper = case.applicant, factories.UserFactory(phone="13900000003")
    share = offered(case, phone="13900000003")
    actions.accept_share(actor=helper, uid=str(share.uid))
    hand_over = offered(case, Share.Kind.HAND_OVER)
    assert sees(before, case) and sees(helper, case) and not sees(friend, case)
    actions.accept_share(actor=friend, uid=str(hand_over.uid))
    assert sees(friend, case) and not sees(before, case) and not sees(helper, case)
    assert not writes(before, case) and not writes(helper, case)
    with pytest.raises((Stale, NotAllowed)):  # once
        actions.accept_share(actor=friend, uid=str(hand_over.uid))
    case.refresh_from_db()
    assert case.applicant == friend and faults(case) == []
    assert case.events.filter(kind=Event.Kind.HANDED_OVER, data__before=before.pk).count() == 1
    factories.founded_by(case, friend)
    assert factories.submit(actor=friend, application_id=case.pk).state == flow.LICENSING


def test_a_draft_is_handed_over_to_who_works_on_it_already(case, friend):
    joined(case, friend)
    hand_over = offered(case, Share.Kind.HAND_OVER)
    with pytest.raises(Refused):  # one of a kind at a time
        offered(case, Share.Kind.HAND_OVER)
    actions.accept_share(actor=friend, uid=str(hand_over.uid))
    case.refresh_from_db()
    assert (
        case.applicant == friend
        and not case.shares.filter(state__in=Share.LIVE).exists()
        and faults(case) == []
    )
    assert "share_ended" not in friend.notices.values_list("kind", flat=True), (
        "the case is more theirs than before"
    )


def test_an_offer_is_answered_by_its_number_alone_and_only_while_it_is_a_draft(case, friend):
    share = offered(case)
    stranger, nobody = factories.UserFactory(phone="13900000002"), factories.UserFactory()
    for user in (stranger, nobody, factories.supervisor()):
        for act in (actions.accept_share, actions.refuse_share):
            with pytest.raises(NotAllowed):
                act(actor=user, uid=str(share.uid))
    factories.submit(actor=case.applicant, application_id=case.pk)
    with pytest.raises(Stale):
        actions.accept_share(actor=friend, uid=str(share.uid))
    with pytest.raises(Stale):
        offered(case, phone="13900000002")


@pytest.mark.parametrize(
    "change", [{"phone": "12345"}, {"phone": "13900000009"}, {"kind": "everything"}]
)
def test_what_can_not_be_offered_is_refused_with_a_sentence(case, change):
    with pytest.raises(Refused) as told:
        offered(case, **change)
    assert str(told.value.sentence) and not Share.objects.exists()


def test_the_same_person_is_asked_once_and_a_refusal_makes_room(case, friend):
    share = offered(case)
    with pytest.raises(Refused):
        offered(case)
    actions.refuse_share(actor=friend, uid=str(share.uid))
    assert offered(case).uid != share.uid and not sees(friend, case)


def test_the_pages_offer_accept_show_and_end(case, friend):
    owner, other = browser(case.applicant), browser(friend)
    address = reverse("filing:sharing", args=[case.ref])
    assert other.get(address).status_code == 404
    wrong = owner.post(address, {"phone": "1", "kind": "work"})
    assert wrong.status_code == 422 and 'value="1"' in text(wrong)
    assert owner.post(address, {"phone": "139 0000 0001", "kind": "work"}).status_code == 302
    share = Share.objects.get()
    assert PHONE not in text(owner.get(address)) and "139****0001" in text(owner.get(address))
    assert case.ref in text(other.get(reverse("my")))  # the name is nobody's word but the owner's
    accept = reverse("share-answer", args=[share.uid, "accept"])
    assert browser(factories.UserFactory()).post(accept).status_code == 404
    assert other.post(accept).url == reverse("filing:tasks", args=[case.ref])
    assert other.get(page(case.ref, "capital")).status_code == 200
    assert case.ref in text(other.get(reverse("my")))
    factories.signed(case)
    check = text(other.get(reverse("filing:check", args=[case.ref])))
    assert (
        "only the applicant can" in check and reverse("filing:submit", args=[case.ref]) not in check
    )
    assert other.post(reverse("filing:submit", args=[case.ref])).status_code in (403, 404, 409)
    assert owner.post(reverse("share-answer", args=[share.uid, "end"])).url == address
    assert other.get(page(case.ref, "capital")).status_code == 404
    assert Application.objects.get(pk=case.pk).state == flow.DRAFT


def test_what_was_offered_of_a_filed_case_lapses_with_it(case):
    case = factories.draft("1130", applicant=case.applicant, zone=case.zone)
    founder = case.people.filter(is_shareholder=True).last().data
    person = factories.UserFactory(phone=founder["phone"], id_number=founder["id_number"])
    case = factories.submit(actor=case.applicant, application_id=case.pk)
    offered(case, phone=person.phone)
    web = browser(person)
    assert len(web.get(reverse("my")).context["offered"]) == 1
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    assert not web.get(reverse("my")).context["offered"], "accepting it could only be refused"


def test_who_leaves_is_told_so(case, friend):
    web = browser(friend)
    web.post(reverse("share-answer", args=[joined(case, friend).uid, "end"]))
    assert "You no longer work on this filing." in text(web.get(reverse("my")))


@pytest.mark.parametrize(
    ("delivery", "door", "given"),
    [
        ("courier", "arrived", {}),
        ("window", "collector", {"name": "周远", "id_number": "370303199201015525"}),
    ],
)
def test_only_the_applicant_says_that_the_seals_have_come_and_who_collects_them(
    zone, staff, delivery, door, given
):
    owner, helper = factories.UserFactory(phone="13900000009"), factories.UserFactory(phone=PHONE)
    draft = factories.draft("1151", applicant=owner, zone=zone)
    joined(draft, helper)
    acting = {"actor": owner, "application_id": draft.pk}
    seals = draft.answers["seals"] | {"delivery": delivery}
    actions.save_section(**acting, section="seals", values=seals)
    case = factories.submit(**acting)
    for department in (REGISTRATION, SEALS):
        case = driving.work(department, staff[department], case)
    parcel = [1] if delivery == "courier" else []
    if parcel:
        handing = {"actor": staff[SEALS], "application_id": case.pk}
        handing_over.send(**handing, carrier="sf", tracking_number="SF1234567811")
    button = reverse(f"seals:{door}", args=[case.number, *parcel])
    page_of_case = reverse("filing:tasks", args=[case.number])
    ours, theirs = browser(owner), browser(helper)
    assert button in text(ours.get(page_of_case))
    assert button not in text(theirs.get(page_of_case))
    steps = case.events.filter(kind=Event.Kind.STEP)
    before = steps.count()
    assert theirs.post(button, given).status_code == 403 and steps.count() == before
    assert ours.post(button, given).status_code == 302 and steps.count() == before + 1


def test_uploads_of_a_shared_draft_are_shown_to_who_works_on_it(case, friend):
    material = case.materials.first()
    address = reverse("files:material", args=[case.ref, material.uid])
    assert browser(friend).get(address).status_code == 404
    share = joined(case, friend)
    answer = browser(friend).get(address)
    assert answer.status_code == 200 and b"".join(answer.streaming_content)
    actions.end_share(actor=case.applicant, uid=str(share.uid))
    assert browser(friend).get(address).status_code == 404


def test_a_stranger_reads_no_unjudged_name(case, friend):
    case.name = "您的账户异常，请访问 evil.example 核实"
    case.save()
    offered(case)
    client = browser(friend)
    for address in ("/messages/", reverse("my")):
        shown = text(client.get(address))
        assert case.ref in shown and "evil.example" not in shown


def test_offers_at_once_have_a_limit(case):
    for last in range(5):
        offered(case, phone=f"1390000010{last}")
    with pytest.raises(Refused, match="5"):
        offered(case, phone="13900000199")
