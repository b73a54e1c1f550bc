"""The chief representative's window through its pages, and the whole way of a case through every desk's."""

import pytest

from kernel.cases import actions
from kernel.cases.models import Application, Correction, Event, Stage
from kernel.form import flow
from tests import factories, officers
from tests.codes import REGISTRATION, TAX

pytestmark = pytest.mark.django_db
WINDOW = REGISTRATION


@pytest.fixture
def client(staff):
    return officers.browser(staff[WINDOW])


def test_a_case_goes_from_submitted_to_completed_through_the_pages(staff, zone):
    application = factories.filed(zone=zone)
    for department in flow.usual():
        number = officers.closed(officers.browser(staff[department]), department)
        assert number == application.filing_number
    application.refresh_from_db()
    assert application.state == flow.COMPLETED
    assert application.uscc and application.review_code
    issued = set(application.documents.values_list("kind", flat=True))
    assert {
        "licence",
        "seal_receipt",
        "tax_confirmation",
        "social_security_receipt",
        "bank_account_notice",
    } <= issued


@pytest.mark.parametrize("company_type", ["1130", "1151", "1152"])
def test_the_case_page_shows_standards_people_and_documents(client, zone, company_type):
    factories.filed(company_type, zone=zone)
    number = officers.taken(client, WINDOW)
    answer = client.get(officers.address(WINDOW, "case", number))
    text = answer.content.decode()
    assert answer.status_code == 200
    page = answer.context["page"]
    assert len(page.papers) == len(page.materials)
    assert all(member.name in text for member in page.members)
    assert 'data-key="A"' in text and 'data-key="R"' in text and 'data-key="E"' in text
    assert "reject" not in [act["label"].lower() for act in answer.context["keys"].acts]
    natural = [person for person in page.filing.people if not person.is_legal]
    assert natural and all(
        person.id_number not in text and person.phone not in text for person in natural
    )


def test_the_key_d_is_out_of_use_and_says_why(client, zone):
    factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    answer = client.get(officers.address(WINDOW, "case", number))
    keys = answer.context["keys"]
    assert next(act for act in keys.acts if act["key"] == "D")["disabled"]
    assert "may follow" in keys.note


def test_approving_needs_every_answer_and_keeps_the_given_ones(client, zone):
    factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    page = client.get(officers.address(WINDOW, "case", number))
    names = [question.name for question in page.context["questions"]]
    values = {"round": "1", names[0]: "met", names[1]: "not"}
    answer = client.post(officers.address(WINDOW, "close", number), values)
    assert answer.status_code == 422
    said = [error["text"] for error in answer.context["errors"]]
    assert len(said) == len(names) - 1 and any("not met" in text for text in said)
    kept = {question.name: question.value for question in answer.context["questions"]}
    assert kept[names[0]] == "met" and kept[names[1]] == "not"
    assert Stage.objects.get(department=WINDOW).state == flow.OPEN


def test_returning_pins_the_fields_and_the_correction_is_shown(client, zone):
    application = factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    opened = client.post(
        officers.address(WINDOW, "return", number), {"round": "1", "q-R-03": "not"}
    )
    grounds = {ground.standard.id: ground for ground in opened.context["grounds"].grounds}
    assert grounds["R-03"].cited and grounds["R-03"].pins[0].how_to_fix
    assert not any(pin.ticked for ground in grounds.values() for pin in ground.pins)
    values = {
        "send": "1",
        "round": "1",
        "cite-R-03": "1",
        "pins-R-03": ["address.detail"],
        "how-R-03-address.detail": "Add the room.",
    }
    answer = client.post(officers.address(WINDOW, "return", number), values)
    assert answer.status_code == 302
    correction = Correction.objects.get()
    assert correction.grounds == [
        {"standard": "R-03", "fields": ["address.detail"], "how_to_fix": "Add the room."}
    ]
    resubmitted(application, "address", detail="Yunqi Road 66, room 502")
    shown = client.get(officers.address(WINDOW, "case", number))
    changes = shown.context["page"].changes
    assert [str(change.label) for change in changes] == ["Street and number"]
    assert changes[0].new == "Yunqi Road 66, room 502" and changes[0].new in shown.content.decode()
    assert officers.send(client, WINDOW, number).status_code == 302


def resubmitted(application, section: str, department: str = WINDOW, **changes) -> None:
    """The applicant corrects a section and sends the case back."""
    stored = Application.objects.get(pk=application.pk)
    values = {**stored.answers[section], **changes}
    actions.save_section(
        actor=stored.applicant, application_id=stored.pk, section=section, values=values
    )
    factories.resubmit(actor=stored.applicant, application_id=stored.pk, department=department)


def test_a_return_without_pins_or_words_is_refused_and_nothing_is_lost(client, zone):
    factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    values = {
        "send": "1",
        "round": "1",
        "cite-R-03": "1",
        "how-R-03-address.detail": " ",
        "cite-R-01": "1",
        "how-R-01-scope.items": "Words kept",
    }
    answer = client.post(officers.address(WINDOW, "return", number), values)
    assert answer.status_code == 422
    assert {error["target"] for error in answer.context["errors"]} >= {"cite-R-03", "cite-R-01"}
    assert "Words kept" in answer.content.decode()
    assert not Correction.objects.exists()


def test_something_new_on_an_unchanged_field_is_refused_as_a_sentence(client, zone):
    application = factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    first = {
        "send": "1",
        "round": "1",
        "cite-R-03": "1",
        "pins-R-03": ["address.detail"],
        "how-R-03-address.detail": "Room number.",
    }
    client.post(officers.address(WINDOW, "return", number), first)
    resubmitted(application, "address", detail="Yunqi Road 66, room 502")
    second = {
        "send": "1",
        "round": "2",
        "cite-R-01": "1",
        "pins-R-01": ["scope.items"],
        "how-R-01-scope.items": "Other items.",
    }
    answer = client.post(officers.address(WINDOW, "return", number), second)
    assert answer.status_code == 422
    said = [str(error["text"]) for error in answer.context["errors"]]
    assert len(said) == 1 and said[0].startswith("R-01") and "has not changed since" in said[0]
    assert Correction.objects.count() == 1
    assert officers.address(WINDOW, "escalate", number) in answer.content.decode(), "its way out"


def test_a_second_click_is_answered_as_the_first(client, zone):
    factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    page = client.get(officers.address(WINDOW, "case", number))
    values = officers.met(page)
    assert client.post(officers.address(WINDOW, "close", number), values).status_code == 302
    again = client.post(officers.address(WINDOW, "close", number), values)
    assert (again.status_code, again["Location"]) == (302, officers.address(WINDOW, "queue"))
    assert Event.objects.filter(kind=Event.Kind.CLOSED).count() == 1


def test_the_second_of_two_officers_is_told_who_was_first(client, staff, zone):
    factories.filed(zone=zone)
    other = factories.officer(WINDOW, zone)
    second = officers.browser(other)
    number = officers.taken(client, WINDOW)
    shown = second.get(officers.address(WINDOW, "case", number))
    assert str(staff[WINDOW]) in shown.context["keys"].note
    values = {**officers.met(shown), "round": "1"}
    busy = second.post(officers.address(WINDOW, "close", number), values)
    assert busy.status_code == 409 and str(staff[WINDOW]) in busy.content.decode()
    officers.send(client, WINDOW, number)
    late = second.post(officers.address(WINDOW, "close", number), values)
    assert late.status_code == 409
    assert (
        "already decided by" in late.content.decode()
        and str(staff[WINDOW]) in late.content.decode()
    )


def test_a_page_of_an_earlier_round_is_stale(client, zone):
    application = factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    values = officers.met(client.get(officers.address(WINDOW, "case", number)))
    first = {
        "send": "1",
        "round": "1",
        "cite-R-03": "1",
        "pins-R-03": ["address.detail"],
        "how-R-03-address.detail": "Room number.",
    }
    client.post(officers.address(WINDOW, "return", number), first)
    resubmitted(application, "address", detail="Yunqi Road 66, room 502")
    answer = client.post(officers.address(WINDOW, "close", number), values)
    assert answer.status_code == 409
    assert Stage.objects.get(department=WINDOW).state == flow.OPEN


def test_asking_the_supervisor_is_shown_on_the_case(client, zone):
    factories.filed(zone=zone)
    number = officers.taken(client, WINDOW)
    empty = client.post(
        officers.address(WINDOW, "escalate", number), {"round": "1", "send": "1", "question": " "}
    )
    assert empty.status_code == 422
    asked = {"round": "1", "send": "1", "question": "Does R-01 cover this?"}
    assert client.post(officers.address(WINDOW, "escalate", number), asked).status_code == 302
    shown = client.get(officers.address(WINDOW, "case", number))
    assert "Does R-01 cover this?" in shown.content.decode()
    assert next(act for act in shown.context["keys"].acts if act["key"] == "E")["disabled"]


def test_an_empty_line_says_so(client):
    answer = client.post(officers.address(WINDOW, "next"), follow=True)
    assert "Nobody is waiting" in answer.content.decode()


def test_nobody_picks_from_the_line(client, zone):
    application = factories.filed(zone=zone)
    queue = client.get(officers.address(WINDOW, "queue"))
    assert application.name in queue.content.decode()
    assert officers.address(WINDOW, "case", application.filing_number) not in queue.content.decode()
    shown = client.get(officers.address(WINDOW, "case", application.filing_number))
    assert all(act["disabled"] for act in shown.context["keys"].acts)


def test_a_case_of_another_zone_does_not_exist(zone, staff):
    factories.filed(zone=zone)
    number = officers.taken(officers.browser(staff[WINDOW]), WINDOW)
    other = factories.officer(WINDOW, factories.ZoneFactory(code="other"))
    stranger = officers.browser(other)
    for name in ("case", "return", "escalate"):
        assert stranger.get(officers.address(WINDOW, name, number)).status_code == 404
    assert (
        stranger.post(officers.address(WINDOW, "close", number), {"round": "1"}).status_code == 404
    )


def test_other_roles_have_no_window(zone, staff):
    application = factories.filed(zone=zone)
    for user in (application.applicant, staff[TAX], factories.supervisor(zone)):
        client = officers.browser(user)
        assert client.get(officers.address(WINDOW, "queue")).status_code == 403
        assert (
            client.get(officers.address(WINDOW, "case", application.filing_number)).status_code
            == 404
        )


def test_a_visitor_is_sent_to_the_log_in(client):
    client.logout()
    answer = client.get(officers.address(WINDOW, "queue"))
    assert answer.status_code == 302 and "login" in answer["Location"]
    assert (
        client.get(officers.address(WINDOW, "line")).status_code == 204
    )  # no log-in page inside the queue


def test_the_queue_costs_the_same_however_long_it_is(client, zone, django_assert_max_num_queries):
    counts = []
    for _turn in range(2):
        for _case in range(3):
            factories.filed(zone=zone)
        officers.taken(client, WINDOW)
        with django_assert_max_num_queries(12) as queries:
            client.get(officers.address(WINDOW, "line"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_case_is_found_again(client, zone):
    application = factories.filed(zone=zone)
    answer = client.get(officers.address(WINDOW, "search"), {"q": application.filing_number})
    assert application.name in answer.content.decode()


def test_a_case_that_was_taken_back_is_found_at_no_desk(zone, staff):
    """Most desks it had never reached, and none may open it any more."""
    case = factories.filed(zone=zone)
    actions.withdraw(actor=case.applicant, application_id=case.pk)
    for department, officer in staff.items():
        answer = officers.browser(officer).get(
            officers.address(department, "search"), {"q": case.filing_number}
        )
        assert answer.status_code == 200 and answer.context["found"] == []
