"""What is kept is kept for its days and no longer, and the privacy notice prints the days that count."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.translation import gettext_lazy

from kernel.accounts.models import AccountSession, LogInRecord
from kernel.accounts.tries import Tries
from kernel.cases.actions import (
    add_message_file,
    keep_message_draft,
    withdraw,
    write_to_desk,
)
from kernel.cases.models import Application, Event, Material, Person, ThreadDraft
from kernel.cases.trail import faults
from kernel.core import retention
from kernel.form.uploads import check
from portal.operations.tasks import take_out_what_is_past
from tests import driving, factories
from tests.applicant import lease
from tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(travel, settings, tmp_path) -> Application:
    settings.MEDIA_ROOT = str(tmp_path)
    travel(MORNING)
    draft = factories.draft()
    withdraw(actor=draft.applicant, application_id=draft.pk)
    return draft


def test_messages_are_erased_after_their_days_and_who_wrote_when_stays(travel, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    travel(MORNING)
    case = driving.completed()
    key = uuid4()
    given = {"actor": case.applicant, "application_id": case.pk, "body": "A question", "key": key}
    kept = keep_message_draft(**given)
    file = add_message_file(actor=case.applicant, draft=kept, checked=check(lease()))
    message = write_to_desk(**given, department="tax")
    keep_message_draft(**{**given, "key": uuid4()})
    travel((MORNING + timedelta(days=31)).replace(hour=2))
    take_out_what_is_past()
    assert not ThreadDraft.objects.exists()
    travel((MORNING + timedelta(days=1090)).replace(hour=2))
    take_out_what_is_past()
    message.refresh_from_db()
    assert message.body == "A question" and message.files.get() == file
    travel((MORNING + timedelta(days=1100)).replace(hour=2))
    take_out_what_is_past()
    message.refresh_from_db()
    assert message.body == "" and message.erased_at and not message.files.exists()
    case.refresh_from_db()
    assert faults(case) == []


def left(draft: Application) -> tuple[bool, int, int]:
    draft.refresh_from_db()
    mine = {"application": draft}
    return (
        bool(draft.answers),
        Person.objects.filter(**mine).count(),
        Material.objects.filter(**mine).count(),
    )


def test_a_draft_that_was_given_up_is_erased_after_its_days_and_not_before(
    given_up, travel, django_capture_on_commit_callbacks
):
    places = [Path(upload.file.path) for upload in given_up.materials.all()]
    assert all(left(given_up)) and places
    travel(MORNING + timedelta(days=29))
    assert sum(retention.sweep().values()) == 0 and all(left(given_up))
    travel(MORNING + timedelta(days=31))
    assert take_out_what_is_past() == 0, "by day nobody is held up for it"
    travel((MORNING + timedelta(days=31)).replace(hour=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert take_out_what_is_past() == 1
    assert left(given_up) == (False, 0, 0) and not any(place.exists() for place in places)
    assert Event.objects.filter(application=given_up).last().kind == Event.Kind.ERASED
    assert faults(given_up) == []
    assert take_out_what_is_past() == 0


def test_what_was_filed_stays(travel):
    travel(MORNING)
    filed = factories.filed()
    withdraw(actor=filed.applicant, application_id=filed.pk)
    travel(MORNING + timedelta(days=400))
    assert retention.sweep()["drafts"] == 0 and all(left(filed))


def test_its_applicant_still_finds_the_case_and_no_error(given_up, travel, client):
    travel(MORNING + timedelta(days=31))
    retention.sweep()
    client.force_login(given_up.applicant)
    assert client.get(reverse("my"), follow=True).status_code == 200
    page = client.get(reverse("filing:tasks", args=[given_up.number]), follow=True)
    assert page.status_code == 200


def test_sessions_and_counts_of_tries_go_a_day_after_their_end(travel):
    AccountSession.objects.create(session_key="k", session_data="", expire_date=MORNING)
    Tries.objects.create(key="log-in:account:window", count=3, until=int(MORNING.timestamp()))
    travel(MORNING + timedelta(hours=23))
    retention.sweep()
    assert AccountSession.objects.exists() and Tries.objects.exists()
    travel(MORNING + timedelta(hours=25))
    retention.sweep()
    assert not AccountSession.objects.exists() and not Tries.objects.exists()


def test_one_sweep_takes_more_than_one_statement_does(travel, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        Tries.objects.create(key=str(number), count=1, until=int(MORNING.timestamp()))
    travel(MORNING + timedelta(days=2))
    assert retention.sweep()["tries"] == 5 and not Tries.objects.exists()


def test_log_ins_stay_as_long_as_the_law_asks(travel):
    LogInRecord.objects.create(at=MORNING, address="10.0.0.1", was_right=False)
    travel(MORNING + timedelta(days=184))
    retention.sweep()
    assert LogInRecord.objects.exists()
    travel(MORNING + timedelta(days=191))
    retention.sweep()
    assert not LogInRecord.objects.exists()


def test_an_installation_says_other_days_and_nobody_reads_wrong_ones(
    given_up, travel, settings, client
):
    settings.RETENTION_DAYS = {"drafts": 0, "codes": 5}
    travel(MORNING + timedelta(days=500))
    assert "drafts" not in retention.sweep() and all(left(given_up))
    page = unescape(
        client.get(reverse("privacy"), headers={"accept-language": "en"}).content.decode()
    )
    assert "without an end" in page and "5 days" in page
    for kind in retention.kinds():
        assert str(kind.title) in page


def test_days_of_a_kind_that_nobody_keeps_stop_the_start(settings):
    settings.RETENTION_DAYS = {"logins": 5}
    with pytest.raises(ImproperlyConfigured, match="logins"):
        retention.refuse_unknown()


def test_a_kind_that_fails_keeps_the_others_from_nothing(given_up, travel, monkeypatch, caplog):
    def fail(_before):
        raise RuntimeError("its own")

    broken = retention.Kind("broken", gettext_lazy("Cases"), 1, fail, len)
    monkeypatch.setattr(retention, "_kinds", {"broken": broken, **retention._kinds})
    travel(MORNING + timedelta(days=31))
    assert retention.sweep()["drafts"] == 1
    assert "could not be taken out" in caplog.text
