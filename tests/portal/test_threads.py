"""The thread of a case through its doors: both sides' pages, what is kept, who is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from kernel.accounts.models import Role
from kernel.cases import actions
from kernel.cases.models import Event, ThreadDraft, ThreadFile, ThreadMessage
from kernel.form import flow
from kernel.sla.tasks import sweep
from portal.notices.models import DigestItem, Notice
from portal.own_account.data_copy import facts
from portal.supervision import threads as search_of_threads
from tests import driving, factories
from tests.applicant import lease
from tests.codes import REGISTRATION, SEALS, TAX
from tests.factories import MORNING
from tests.filings import resident_id
from tests.officers import browser, namespace

pytestmark = pytest.mark.django_db
WORDS = "Is the lease of last year enough?"


@pytest.fixture(autouse=True)
def _in_english(settings, tmp_path):
    settings.LANGUAGE_CODE, settings.MEDIA_ROOT = "en", str(tmp_path)
    with translation.override("en"):
        yield


@pytest.fixture
def officers(travel):
    travel(MORNING)
    return driving.staff(factories.ZoneFactory())


@pytest.fixture
def case(officers):
    return driving.taken(officers, REGISTRATION, zone=officers[REGISTRATION].zone)


def page_of(case) -> str:
    return reverse("filing:thread", args=[case.number])


def desk_page(case, department=REGISTRATION, name="thread") -> str:
    return reverse(f"{namespace(department)}:{name}", args=[case.number])


def form(answer) -> dict:
    """What the page's form sends as it stands."""
    typed = answer.context["typed"]
    return {
        "key": str(typed.key),
        "seen": answer.context["seen"],
        "department": answer.context.get("chosen", ""),
        "body": typed.body,
    }


def send(client, address: str, **changes):
    return client.post(address, form(client.get(address)) | {"send": "1"} | changes)


def test_a_question_and_its_answer(case, officers):
    applicant, officer = browser(case.applicant), browser(officers[REGISTRATION])
    answer = send(applicant, page_of(case), body=WORDS)
    assert answer.status_code == 302
    assert Notice.objects.filter(recipient=officers[REGISTRATION], kind="question").count() == 1
    shown = officer.get(desk_page(case))
    assert WORDS in shown.content.decode() and "due by" in shown.content.decode()
    assert send(officer, desk_page(case), body="Yes, it is.").status_code == 302
    assert Notice.objects.filter(recipient=case.applicant, kind="message").count() == 1
    body = applicant.get(page_of(case)).content.decode()
    assert "Yes, it is." in body and "Answered within 0 working minutes" in body and "Read" in body
    assert ThreadMessage.objects.get(from_desk=True).read_at


def test_both_see_in_the_bar_and_on_the_case_what_waits(case, officers):
    applicant, officer = browser(case.applicant), browser(officers[REGISTRATION])
    send(applicant, page_of(case), body=WORDS)
    shown = officer.get(reverse("window:case", args=[case.number])).content.decode()
    assert "waits for this desk" in shown and "Messages to answer" in shown
    assert '<span class="waiting num">1</span>' in shown
    send(officer, desk_page(case), body="Which floor?", waits="on")
    shown = applicant.get(reverse("filing:tasks", args=[case.number])).content.decode()
    assert "A question waits for your answer" in shown
    assert '<span class="count num">1</span>' in shown
    send(applicant, page_of(case), body="The third.")
    assert factories.stage(case, REGISTRATION).state == flow.OPEN
    shown = applicant.get(reverse("filing:tasks", args=[case.number])).content.decode()
    assert "waits for your answer" not in shown


def test_what_is_typed_is_kept_until_it_is_sent(case):
    applicant = browser(case.applicant)
    typed = form(applicant.get(page_of(case))) | {"body": "Half a sent"}
    keep = reverse("filing:thread-keep", args=[case.number])
    assert "Draft kept" in applicant.post(keep, typed).content.decode()
    again = applicant.get(page_of(case))
    assert form(again) == typed and "Half a sent" in again.content.decode()
    applicant.post(page_of(case), typed | {"send": "1"})
    applicant.post(keep, typed)
    assert not ThreadDraft.objects.exists(), "what is saved late brings nothing back"
    assert applicant.get(page_of(case)).context["typed"].body == ""


def test_what_is_refused_is_kept_and_said_beside_it(case):
    applicant = browser(case.applicant)
    answer = send(applicant, page_of(case), body="x" * 2001)
    assert answer.status_code == 422 and "2000 characters at most" in answer.content.decode()
    assert answer.context["errors"][0]["target"] == "id_body"
    assert applicant.get(page_of(case)).context["typed"].body == "x" * 2001
    assert not ThreadMessage.objects.exists()


def test_a_session_that_ended_is_said_by_what_saves_and_nothing_is_written(client, case, officers):
    for address in (
        reverse("filing:thread-keep", args=[case.number]),
        desk_page(case, name="thread-keep"),
    ):
        answer = client.post(address, {"body": WORDS}, headers={"HX-Request": "true"})
        assert answer.status_code == 409 and "data-signed-out" in answer.content.decode()
    assert not ThreadDraft.objects.exists()


def test_files_go_along_and_their_opening_is_an_event(case, officers):
    applicant, officer = browser(case.applicant), browser(officers[REGISTRATION])
    sheet = lease()
    applicant.post(
        page_of(case), form(applicant.get(page_of(case))) | {"files": [sheet], "attach": "1"}
    )
    kept = ThreadFile.objects.get()
    assert kept.draft and kept.message is None
    opened = reverse("files:thread-file", args=[case.number, kept.uid])
    assert officer.get(opened).status_code == 404, "what isn't sent is its author's alone"
    send(applicant, page_of(case))
    kept.refresh_from_db()
    assert kept.message.body == "" and kept.draft is None
    assert applicant.get(opened).getvalue().startswith(b"%PDF")
    assert not case.events.filter(kind=Event.Kind.READ).exists()
    answer = officer.get(opened)
    answer.getvalue()
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    read = case.events.get(kind=Event.Kind.READ)
    assert read.data == {"what": ["thread.file"], "files": [str(kept.uid)]}
    looked = applicant.get(reverse("filing:tasks", args=[case.number])).content.decode()
    assert "File of a message" in looked


def test_a_file_that_is_none_is_refused_and_the_words_stay(case):
    applicant = browser(case.applicant)
    bad = SimpleUploadedFile("notes.docx", b"PK\x03\x04[Content_Types].xml")
    answer = applicant.post(
        page_of(case),
        form(applicant.get(page_of(case))) | {"body": WORDS, "files": bad, "send": "1"},
    )
    assert answer.status_code == 422 and "Save as PDF" in answer.content.decode()
    assert not ThreadMessage.objects.exists()
    assert ThreadDraft.objects.get().body == WORDS


def test_a_file_is_taken_out_again(case, django_capture_on_commit_callbacks):
    applicant = browser(case.applicant)
    applicant.post(
        page_of(case), form(applicant.get(page_of(case))) | {"files": [lease()], "attach": "1"}
    )
    file = ThreadFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        applicant.post(
            page_of(case), form(applicant.get(page_of(case))) | {"remove": str(file.uid)}
        )
    assert not ThreadFile.objects.exists() and not file.file.storage.exists(file.file.name)


def test_a_usual_answer_is_put_below_what_is_typed_and_sent_by_nobody(case, officers):
    officer = browser(officers[REGISTRATION])
    typed = form(officer.get(desk_page(case))) | {"body": "Good morning.", "reply": "nothing-to-do"}
    officer.post(desk_page(case), typed)
    body = officer.get(desk_page(case)).context["typed"].body
    assert body.startswith("Good morning.\n\n") and "Registration goes on" in body
    assert not ThreadMessage.objects.exists()


def test_a_usual_answer_whose_blanks_are_empty_is_not_offered(case, officers):
    codes = [
        row.code for row in browser(officers[REGISTRATION]).get(desk_page(case)).context["replies"]
    ]
    assert "licence" not in codes and "corrected" in codes, "there is no licence yet"


def test_the_next_holder_reads_what_was_written_before(officers):
    zone = officers[TAX].zone
    case = driving.carried(officers, flow.departments()[:2], zone=zone)
    send(browser(case.applicant), page_of(case), body=WORDS, department=SEALS)
    driving.take(TAX, officers[TAX], case)
    shown = browser(officers[TAX]).get(desk_page(case, TAX)).content.decode()
    assert WORDS in shown and "Nothing waits for this desk" in shown
    handed = browser(officers[SEALS]).get(desk_page(case, SEALS))
    browser(officers[SEALS]).post(
        desk_page(case, SEALS, "thread-hand-on"), {"seen": handed.context["seen"], "to": TAX}
    )
    assert Notice.objects.filter(recipient=officers[TAX], kind="question").count() == 1
    shown = browser(officers[TAX]).get(desk_page(case, TAX)).content.decode()
    assert "Handed on from" in shown and "Hand on, once" not in shown
    refused = browser(officers[TAX]).post(
        desk_page(case, TAX, "thread-hand-on"), {"seen": handed.context["seen"], "to": REGISTRATION}
    )
    assert refused.status_code == 409 and "handed on once" in refused.content.decode()


def test_what_needs_no_answer_is_shown_so(case, officers):
    send(browser(case.applicant), page_of(case), body="Thank you!")
    officer = browser(officers[REGISTRATION])
    seen = officer.get(desk_page(case)).context["seen"]
    assert officer.post(desk_page(case, name="thread-settle"), {"seen": seen}).status_code == 302
    shown = browser(case.applicant).get(page_of(case)).content.decode()
    assert "needs no answer" in shown


def test_news_come_without_a_reload_and_are_read_only_once_they_are_shown(case, officers):
    applicant = browser(case.applicant)
    news = reverse("filing:thread-news", args=[case.number])
    assert applicant.get(news, {"seen": "0"}).status_code == 204
    send(browser(officers[REGISTRATION]), desk_page(case), body="Good morning.")
    assert "1 new message" in applicant.get(news, {"seen": "nonsense"}).content.decode()
    assert ThreadMessage.objects.get().read_at is None


@pytest.mark.parametrize("who", ["nobody", "stranger", "other zone", "tax", "administrator"])
def test_others_get_nothing(client, case, officers, who):
    send(browser(case.applicant), page_of(case), body=WORDS)
    if who != "nobody":
        person = {
            "stranger": lambda: factories.UserFactory(),
            "other zone": lambda: factories.officer(
                REGISTRATION, factories.ZoneFactory(code="other")
            ),
            "tax": lambda: officers[TAX],
            "administrator": lambda: factories.UserFactory(role=Role.ADMINISTRATOR, zone=case.zone),
        }[who]()
        client = browser(person)
    for address in (page_of(case), desk_page(case), desk_page(case, TAX)):
        for answer in (client.get(address), client.post(address, {"body": "x", "send": "1"})):
            assert answer.status_code in (302, 403, 404) and WORDS not in answer.content.decode()
    assert ThreadMessage.objects.count() == 1 and not ThreadDraft.objects.exists()


def test_an_agent_whose_power_has_ended_reads_and_is_refused(officers):
    zone = officers[REGISTRATION].zone
    case = driving.taken(officers, REGISTRATION, zone=zone)
    power = {"files_by": "agent", "agent": str(case.people.first().uid), "until": "2026-03-17"}
    case.answers = case.answers | {"agent": power}
    case.save(update_fields=["answers"])
    case.applicant.id_number = resident_id("19850505", 301)
    case.applicant.save()
    applicant = browser(case.applicant)
    shown = applicant.get(page_of(case)).content.decode()
    assert "power of attorney" in shown and 'name="send"' not in shown
    refused = applicant.post(
        page_of(case), {"body": WORDS, "department": REGISTRATION, "key": str(uuid4()), "send": "1"}
    )
    assert refused.status_code == 422 and "power of attorney" in refused.content.decode()
    assert not ThreadMessage.objects.exists()


def test_the_clock_warns_whoever_answers_and_the_supervisor_reads_it_later(case, officers, travel):
    boss = factories.supervisor(case.zone)
    send(browser(case.applicant), page_of(case), body=WORDS)
    travel(MORNING + timedelta(minutes=13))
    sweep()
    assert Notice.objects.filter(recipient=officers[REGISTRATION], kind="message_reminder").exists()
    travel(MORNING + timedelta(minutes=16))
    sweep()
    told = Notice.objects.filter(kind="message_overdue").values_list("recipient", flat=True)
    assert list(told) == [officers[REGISTRATION].pk]
    assert DigestItem.objects.get().recipient == boss, "who can't answer reads it in the digest"
    breached = case.events.get(kind=Event.Kind.BREACHED)
    assert breached.data["clock"].startswith("message:")


def test_the_copy_of_ones_data_has_the_messages(case, officers):
    send(browser(case.applicant), page_of(case), body=WORDS)
    actions.keep_message_draft(
        actor=case.applicant, application_id=case.pk, body="Not yet", key=uuid4()
    )
    told = facts(case.applicant)
    assert told["cases"][0]["messages"][0]["text"] == WORDS
    assert told["messages_not_sent"][0]["text"] == "Not yet"


def test_the_supervisor_finds_and_reads_and_the_trail_says_so(case, officers, travel):
    boss = browser(factories.supervisor(case.zone))
    send(browser(case.applicant), page_of(case), body=WORDS)
    search = reverse("supervision:messages")
    for asked, found in (
        ({}, True),
        ({"q": "LEASE of last"}, True),
        ({"q": "nobody wrote this"}, False),
        ({"state": "waiting", "case": case.number[-6:]}, True),
        ({"state": "overdue"}, False),
        ({"state": "handed"}, False),
        ({"desk": TAX}, False),
        ({"to": "2026-03-17"}, False),
    ):
        shown = boss.get(search, asked).content.decode()
        assert (case.number in shown) == found, asked
        assert WORDS not in shown, "the list says who wrote when, and no more"
    assert not case.events.filter(kind=Event.Kind.READ).exists()
    address = reverse("supervision:thread", args=[case.number])
    assert WORDS in boss.get(address).content.decode()
    read = case.events.get(kind=Event.Kind.READ)
    assert read.data["what"] == ["thread.messages"]
    assert ThreadMessage.objects.get().read_at is None, "the desk hasn't read it"
    travel(MORNING + timedelta(minutes=20))
    assert case.number in boss.get(search, {"state": "overdue"}).content.decode()
    assert "Messages overdue" in boss.get(reverse("supervision:live")).content.decode()
    listed = boss.get(reverse("supervision:list", args=["messages_overdue"])).content.decode()
    assert case.number in listed and WORDS not in listed


def test_words_are_looked_for_in_so_many_messages_and_the_page_says_so(case, officers, monkeypatch):
    monkeypatch.setattr(search_of_threads, "MOST", 2)
    for body in (WORDS, "second", "third"):
        send(browser(case.applicant), page_of(case), body=body)
    boss = browser(factories.supervisor(case.zone))
    shown = boss.get(reverse("supervision:messages"), {"q": "lease"}).content.decode()
    assert "The newest 2 of these days" in shown and "0 messages" in shown


@pytest.mark.parametrize("who", ["administrator", "operator", "other supervisor", "officer"])
def test_nobody_else_searches_or_reads(case, officers, who):
    send(browser(case.applicant), page_of(case), body=WORDS)
    other = factories.ZoneFactory(code="other")
    person = {
        "administrator": lambda: factories.UserFactory(role=Role.ADMINISTRATOR, zone=case.zone),
        "operator": lambda: factories.UserFactory(role=Role.OPERATOR),
        "other supervisor": lambda: factories.supervisor(other),
        "officer": lambda: officers[REGISTRATION],
    }[who]()
    client = browser(person)
    assert client.get(reverse("supervision:thread", args=[case.number])).status_code in (403, 404)
    answer = client.get(reverse("supervision:messages"))
    assert answer.status_code == 403 or case.number not in answer.content.decode()
