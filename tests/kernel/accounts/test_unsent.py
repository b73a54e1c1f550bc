"""What was typed when a session had ended is kept on the server, for its person alone, and handed back on its page."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from kernel.accounts import unsent
from kernel.accounts.actions import close_account
from kernel.accounts.models import Unsent
from kernel.cases import actions
from kernel.cases.models import Escalation
from kernel.core import retention
from tests import factories
from tests.codes import REGISTRATION

pytestmark = pytest.mark.django_db
QUESTION = "Is a lease of eleven months enough?"


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["language"] = "en"


def end_session(client) -> None:
    del client.cookies[settings.SESSION_COOKIE_NAME]


def handed_back(answer) -> list[dict]:
    """What the page's script puts back into its forms."""
    return json.loads(re.search(r'id="unsent"[^>]*>(.*?)</script>', answer.content.decode())[1])


@pytest.fixture
def asking(client):
    """An officer on the page of a question, whose session has ended; `send()` sends what was typed."""
    case = factories.filed()
    officer = factories.officer(REGISTRATION, case.zone)
    actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    page = reverse("window:escalate", args=[case.number])
    client.force_login(officer)
    assert client.get(page).status_code == 200
    end_session(client)

    def send():
        return client.post(
            page,
            {"question": QUESTION, "send": "1"},
            headers={"referer": f"http://testserver{page}"},
        )

    send.case, send.officer, send.page = case, officer, page
    return send


def test_a_question_that_met_the_end_is_put_back_after_the_log_in(client, asking):
    answer = asking()
    assert answer.status_code == 302 and answer.url.endswith("kept=1")
    assert "Nothing typed is lost" in client.get(answer.url).content.decode()
    client.force_login(asking.officer)
    page = client.get(asking.page)
    assert QUESTION in page.content.decode() and not Escalation.objects.exists()
    elsewhere = client.get(reverse("window:queue")).content.decode()
    assert asking.page in elsewhere and QUESTION not in elsewhere
    answer = client.post(
        asking.page,
        {"question": QUESTION, "send": "1"},
        headers={"referer": f"http://testserver{asking.page}"},
    )
    assert answer.status_code == 302 and Escalation.objects.get().question == QUESTION
    assert not Unsent.objects.exists()
    assert "has been kept" not in client.get(reverse("window:queue")).content.decode()


def test_nobody_else_is_shown_it_and_the_database_holds_no_word_of_it(client, asking):
    asking()
    with connection.cursor() as cursor:
        cursor.execute("SELECT typed FROM accounts_unsent")
        ((stored,),) = cursor.fetchall()
    assert "lease" not in stored and stored.startswith("v1:")
    client.force_login(factories.officer(REGISTRATION, asking.case.zone))
    for page in (asking.page, reverse("window:queue")):
        content = client.get(page).content.decode()
        assert QUESTION not in content and "has been kept" not in content


def test_a_mark_that_is_not_ours_keeps_nothing(client, asking):
    client.cookies[settings.PERSON_COOKIE_NAME] = f"{asking.officer.pk}:forged"
    answer = asking()
    assert answer.status_code == 302 and "kept" not in answer.url and not Unsent.objects.exists()


def test_it_can_be_discarded_and_is_gone_after_seven_days(client, asking, travel):
    asking()
    client.force_login(asking.officer)
    answer = client.post(reverse("drop-unsent"), {"page": asking.page})
    assert answer.url == asking.page and not Unsent.objects.exists()
    assert QUESTION not in client.get(asking.page).content.decode()
    end_session(client)
    asking()
    kept = Unsent.objects.get()
    days = retention.days("unsent")
    page = client.get(reverse("login"), {"kept": 1}).content.decode()
    assert f"kept for {days} days" in page
    travel(kept.at + timedelta(days=days, minutes=1))
    retention.sweep()
    assert not Unsent.objects.exists()
    client.force_login(asking.officer)
    assert QUESTION not in client.get(asking.page).content.decode()


def test_an_installation_keeps_it_longer_and_pages_say_so(client, asking, travel, settings):
    settings.RETENTION_DAYS = {"unsent": 30}
    asking()
    assert "kept for 30 days" in client.get(reverse("login"), {"kept": 1}).content.decode()
    travel(Unsent.objects.get().at + timedelta(days=29))
    retention.sweep()
    client.force_login(asking.officer)
    assert QUESTION in client.get(asking.page).content.decode()


def test_what_is_saved_while_typing_is_kept_too(client):
    draft = factories.draft("1130")
    page = reverse("filing:page", args=[draft.ref, "address"])
    client.force_login(draft.applicant)
    client.get(page)
    end_session(client)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    typed = {"detail": "鲁泰大道1号105室", "seen": ""}
    saving = reverse("filing:autosave", args=[draft.ref, "address"])
    assert client.post(saving, typed, headers=headers).status_code == 409
    kept = Unsent.objects.get()
    assert (kept.page, kept.sent_to, kept.account) == (page, page, draft.applicant)
    assert kept.typed["detail"] == [typed["detail"]]
    client.force_login(draft.applicant)
    (handed,) = handed_back(client.get(page))
    assert handed["to"] == page and handed["typed"]["detail"] == [typed["detail"]]


def test_a_page_whose_session_is_over_has_its_form_kept_and_nothing_done(client, asking):
    """What a script sends with the header is never taken for the press of a button, even if there is a session."""
    client.force_login(asking.officer)
    answer = client.post(
        asking.page,
        {"question": QUESTION, "send": "1", "typed_by": unsent.mark(asking.officer)},
        headers={"X-Only-Keep": "1", "referer": f"http://testserver{asking.page}"},
    )
    assert answer.status_code == 204 and not Escalation.objects.exists()
    assert Unsent.objects.get().typed == {"question": [QUESTION], "send": ["1"]}


@pytest.fixture
def answering(client):
    """A supervisor who answers a question; `send(words, from)` sends it from that page, `send.page` is the list's."""
    case = factories.filed()
    officer = factories.officer(REGISTRATION, case.zone)
    actions.take(actor=officer, stage_id=factories.stage(case, REGISTRATION).pk)
    question = actions.escalate(
        actor=officer, stage_id=factories.stage(case, REGISTRATION).pk, question=QUESTION
    )
    supervisor = factories.supervisor(case.zone)
    client.force_login(supervisor)
    client.get(reverse("supervision:escalations"))
    address = reverse("supervision:answer", args=[question.pk])

    def send(words: str, page: str):
        return client.post(
            address, {"answer": words}, headers={"referer": f"http://testserver{page}"}
        )

    send.supervisor, send.address = supervisor, address
    send.page = reverse("supervision:escalations")
    return send


def test_a_form_shown_with_its_errors_is_put_back_on_the_page_that_it_is_of(client, answering):
    assert answering("", answering.page).status_code == 422
    end_session(client)
    answer = answering("Eleven months are enough.", answering.address)
    assert answer.url.endswith("kept=1")
    client.force_login(answering.supervisor)
    assert client.get(answering.address).url == answering.page
    (handed,) = handed_back(client.get(answering.page))
    assert handed["to"] == answering.address
    assert handed["typed"]["answer"] == ["Eleven months are enough."]


def test_a_form_sent_after_it_was_shown_with_its_errors_waits_no_more(client, answering):
    end_session(client)
    answering("Eleven months are enough.", answering.page)
    client.force_login(answering.supervisor)
    assert answering("", answering.page).status_code == 422
    assert Unsent.objects.exists(), "refused, so it still waits"
    assert answering("Eleven months are enough.", answering.address).status_code == 302
    assert not Unsent.objects.exists()
    assert "has been kept" not in client.get(reverse("supervision:live")).content.decode()


def test_a_one_time_code_is_never_kept(client):
    person = factories.UserFactory()
    client.force_login(person)
    page = reverse("sign-code", args=["6f1c1f9e-8a53-4b7e-9d5b-0d3f6a1f0c11"])
    headers = {"X-Only-Keep": "1", "referer": f"http://testserver{page}"}
    typed = {"code": "123456", "typed_by": unsent.mark(person)}
    assert client.post(page, typed, headers=headers).status_code == 409
    assert not Unsent.objects.exists()


def test_passwords_are_never_kept(client):
    person = factories.UserFactory()
    client.force_login(person)
    client.get("/my/")
    end_session(client)
    client.post(reverse("own-password"), {"old": "a secret", "new": "another"})
    assert not Unsent.objects.exists()


def test_an_account_keeps_so_many_pages_and_loses_all_when_it_is_closed():
    person = factories.UserFactory()
    for number in range(unsent.MOST_PAGES + 3):
        assert unsent.keep(person.pk, f"/page/{number}/", f"/page/{number}/", {"text": ["x"]})
    kept = unsent.pages(person)
    assert len(kept) == unsent.MOST_PAGES and "/page/0/" not in kept
    close_account(account=person)
    assert not Unsent.objects.exists()
    assert not unsent.keep(person.pk, "/page/", "/page/", {"text": ["x"]})
