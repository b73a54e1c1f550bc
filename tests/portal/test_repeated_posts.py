"""Every button pressed twice: done once, and the second press is answered as the first, without a red word."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel.accounts.proposals import Proposal
from kernel.cases import actions
from kernel.cases.models import Application, BreachReason, Event, Stage
from kernel.core.moment import now
from kernel.form import flow
from portal.repeated_posts import SECONDS, TOKEN
from portal.supervision.models import AdoptedBudget
from reviews.actions import leave_review
from reviews.models import FollowUp, Review
from tests import driving, factories, officers, seconds
from tests.applicant import lease
from tests.codes import BANKING, REGISTRATION, SEALS
from tests.factories import MORNING
from tests.officers import namespace

pytestmark = pytest.mark.django_db
APPOINTMENT = MORNING.replace(day=19, hour=14, minute=30)  # as the filings of the tests have it
RETURN = {
    "send": "1",
    "round": "1",
    "cite-R-03": "1",
    "pins-R-03": ["address.detail"],
    "how-R-03-address.detail": "Add the room.",
}


def twice(client, address: str, values: dict | None = None, shown: str = "notice is-success"):
    """Press a button of one page twice, and open where it leads: what was done is said once, and nothing is wrong."""
    sent = {**(values or {}), TOKEN: "of-this-page"}
    first = client.post(address, sent)
    assert first.status_code == 302, first.context["errors"] if first.context else first.content
    for file in sent.values():
        if hasattr(file, "seek"):
            file.seek(0)
    second = client.post(address, sent)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    page = client.get(second["Location"], follow=True).content.decode()
    assert "error-summary" not in page and "notice is-error" not in page
    assert page.count(shown) == 1


def recorded(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


@pytest.mark.parametrize("department", flow.usual())
def test_each_desk(zone, department, travel):
    people = driving.staff(zone)
    for _case in range(2):
        driving.at_desk(people, department, zone=zone)
    if department == BANKING:
        travel(APPOINTMENT)
    client, place = officers.browser(people[department]), f"{namespace(department)}:"
    twice(client, reverse(f"{place}next"), shown='id="co"')
    assert (
        Stage.objects.filter(
            holder=people[department], department=department, state=flow.OPEN
        ).count()
        == 1
    )
    number = Stage.objects.get(
        holder=people[department], department=department
    ).application.filing_number
    twice(client, reverse(f"{place}escalate", args=[number]), {"send": "1", "question": "Which?"})
    assert recorded(Event.Kind.ESCALATED) == 1
    if department == SEALS:
        officers.engraved(client, number)
    answer = client.get(reverse(f"{place}case", args=[number]))
    values = {
        **officers.filled(answer),
        **officers.met(answer),
        **officers.ENTERED.get(department, {}),
    }
    if "met_at" in values:
        values["met_at"] = values["met_at"][:16]
    before = recorded(Event.Kind.CLOSED)
    twice(client, reverse(f"{place}close", args=[number]), values)
    assert recorded(Event.Kind.CLOSED) == before + 1


def test_the_return_and_the_steps_of_the_engraver(zone):
    people = driving.staff(zone)
    held = driving.taken(people, REGISTRATION, zone=zone)
    twice(
        officers.browser(people[REGISTRATION]),
        reverse("window:return", args=[held.filing_number]),
        RETURN,
    )
    assert recorded(Event.Kind.RETURNED) == 1
    number = driving.taken(people, SEALS, zone=zone).filing_number
    client = officers.browser(people[SEALS])
    shown = client.get(reverse("seals:case", args=[number]))
    twice(client, reverse("seals:identity", args=[number]), officers.identity(shown))
    page = shown.context
    seal = page["seals"][0]
    sent = {f"code-{seal.seal.kind}": seal.code}
    twice(client, reverse("seals:record", args=[number, seal.seal.kind]), sent, 'id="co"')


def test_a_second_press_from_another_page_of_the_same_officer_is_calm_and_anybody_elses_is_told(
    zone,
):
    """As two requests at once arrive: the second isn't known as such and finds the decision made."""
    people = driving.staff(zone)
    number = driving.taken(people, REGISTRATION, zone=zone).filing_number
    client, close = (
        officers.browser(people[REGISTRATION]),
        reverse("window:close", args=[number]),
    )
    values = officers.met(client.get(reverse("window:case", args=[number])))
    for token in "ab":
        assert client.post(close, {**values, TOKEN: token}).status_code == 302
    assert (
        officers.browser(factories.officer(REGISTRATION, zone)).post(close, values).status_code
        == 409
    )
    number = driving.taken(people, REGISTRATION, zone=zone).filing_number
    for token in "ab":
        sent = client.post(reverse("window:return", args=[number]), {**RETURN, TOKEN: token})
        assert sent.status_code == 302
    assert (
        client.post(reverse("window:close", args=[number]), values).status_code == 409
    )  # another decision


def test_the_supervisors_acts(zone, travel):
    travel(MORNING)
    supervisor, people = factories.supervisor(zone), driving.staff(zone)
    colleague = factories.officer(REGISTRATION, zone)
    held = driving.taken(people, REGISTRATION, zone=zone)
    client, stage = officers.browser(supervisor), factories.stage(held, REGISTRATION)
    asked = actions.escalate(actor=people[REGISTRATION], stage_id=stage.pk, question="Which?")
    acts = {
        "urge": ({}, Event.Kind.URGED, [stage.pk]),
        "extend": (
            {"clock": "total", "minutes": 30, "ground": "A new form."},
            Event.Kind.EXTENDED,
            [],
        ),
        "prioritise": ({"ground": zone.setting("priority_grounds")[0]}, Event.Kind.PRIORITISED, []),
        "reassign": (
            {"to": f"{stage.pk}:{colleague.pk}", "reason": "Ill."},
            Event.Kind.REASSIGNED,
            [],
        ),
    }
    for name, (values, kind, more) in acts.items():
        twice(client, reverse(f"supervision:{name}", args=[held.number, *more]), values)
        assert recorded(kind) == 1, name
    twice(client, reverse("supervision:answer", args=[asked.pk]), {"answer": "The second."})
    day = (now() + timedelta(days=1)).date().isoformat()
    budget = {"clock": "total", "minutes": 100, "effective_from": day, "ground": "Enough."}
    twice(client, reverse("supervision:budgets"), budget)
    assert AdoptedBudget.objects.count() == 1
    travel(MORNING + timedelta(hours=4))
    late = {
        "clock": "licence_and_seals",
        "category": BreachReason.Category.values[0],
        "text": "The system was down.",
    }
    twice(client, reverse("supervision:reason", args=[held.number]), late)
    second = officers.browser(seconds.with_a_second(zone))
    twice(client, reverse("supervision:decline", args=[held.number]), {"legal_basis": "Article 24"})
    twice(second, reverse("proposals:agree", args=[Proposal.objects.get().uid]))
    assert (recorded(Event.Kind.EXPLAINED), recorded(Event.Kind.DECLINED)) == (1, 1)
    done = driving.completed(zone=zone)
    leave_review(application_id=done.pk, level=1, comment="Slow.", actor=done.applicant)
    row = FollowUp.objects.get()
    twice(
        client,
        reverse("supervision:follow-up", args=[row.pk]),
        {"outcome": "Called."},
    )
    for name in ("reissue", "revoke"):
        twice(client, reverse(f"licence-{name}", args=[done.number]), {"ground": "Lost."})
        seconds.agree_to_all()
    assert recorded(Event.Kind.REISSUED) == 1


def test_the_applicants_own(zone):
    people, draft = driving.staff(zone), factories.signed(factories.draft(zone=zone))
    client = officers.browser(draft.applicant)
    twice(
        client,
        reverse("filing:sharing", args=[draft.ref]),
        {"phone": "13900000001", "kind": "work"},
    )
    twice(client, reverse("filing:submit", args=[draft.ref]), shown='class="confirm')
    draft.refresh_from_db()
    assert recorded(Event.Kind.SUBMITTED) == 1
    twice(client, reverse("filing:withdraw", args=[draft.filing_number]))
    returned = driving.given_back(people, REGISTRATION, zone=zone)
    client = officers.browser(returned.applicant)
    twice(
        client, reverse("filing:resubmit", args=[returned.number, REGISTRATION]), {"unchanged": "1"}
    )
    assert recorded(Event.Kind.RESUBMITTED) == 1
    following = driving.deferred(people[REGISTRATION], zone=zone)
    client, one = officers.browser(following.applicant), following.deferrals.get()
    file = SimpleUploadedFile("lease.pdf", lease().read(), "application/pdf")
    twice(client, reverse("filing:follow", args=[following.number, one.uid]), {"files": file})
    done = driving.completed(zone=zone)
    client = officers.browser(done.applicant)
    twice(client, reverse("reviews:leave", args=[done.number]), {"level": 5, "service": "whole"})
    assert Review.objects.count() == 1


def test_another_page_a_later_press_and_another_form_in_between_are_no_second_press(zone, travel):
    travel(MORNING)
    people = driving.staff(zone)
    for _case in range(5):
        factories.filed(zone=zone)
    client, take = officers.browser(people[REGISTRATION]), reverse("window:next")

    def got(token: str) -> str:
        return client.post(take, {TOKEN: token})["Location"]

    first = got("one")
    assert got("one") == first
    assert got("two") != first
    assert got("one") not in (first, got("two"))
    seen = got("three")
    travel(MORNING + timedelta(seconds=SECONDS + 1))
    assert got("three") != seen
    assert Application.objects.filter(stages__holder=people[REGISTRATION]).count() == 5
