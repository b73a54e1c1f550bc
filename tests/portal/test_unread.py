"""Who could act on what stands unread at the end of a day: a day is played with returns, questions, a licence that is
late, an appointment that moves with it, and a parcel that is lost; then each inbox is read, message by message.

`SIMULATED_CASES=60 … -s` plays a long day and prints the table of docs/notices.md.
"""

import os
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from banking import CODE as BANKING
from kernel.accounts.models import Role, roles_label
from kernel.cases import breaches, rights, threads
from kernel.cases.models import Application, Escalation, Event, Stage
from kernel.core import demonstration
from kernel.core.moment import now, travel_to
from kernel.form import flow
from kernel.sla.models import Clock
from kernel.standards import publishing
from portal.demo import people
from portal.demo.pace import AtOnce
from portal.demo.plan import Planned, PlannedReturn, draw_day
from portal.demo.play import Play
from portal.notices import reading_digests, settling, tasks
from portal.notices.models import Notice
from portal.notices.review_texts import REVIEW_TEXTS
from portal.notices.texts import SETBACK, TEXTS
from reviews import parts
from reviews.models import FollowUp, Repair
from seals import CODE as SEALS
from seals.carriers import Sandbox
from seals.models import Parcel, PickUp
from tests.codes import REGISTRATION
from tests.officers import browser

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
CASES = int(os.environ.get("SIMULATED_CASES", "10"))
MOST = 5 + CASES // 3  # unread of one person: most of a day's cases leave nothing
LICENCE = 75  # working minutes over one licence: half an hour too many


OF_APPLICANTS = set(  # kinds that no staff are told
    """
    awaiting collect_reminder completed declined draft_lapsed draft_offered draft_reminder handed_over
    licensed material_accepted material_again material_overdue material_reminder meeting_cancelled
    meeting_missed meeting_moved meeting_soon message objected objection_dismissed objection_taken_back
    objection_upheld prioritised reissued returned revoked sealed share_accepted share_ended share_left
    share_offered share_refused still_waiting submitted repair_asked repair_closed repair_message review_asked
    """.split()
)


@pytest.fixture(autouse=True)
def _own_clock(settings, tmp_path, monkeypatch):
    settings.DEMO_CLOCK, settings.MEDIA_ROOT = tmp_path / "clock.json", str(tmp_path)
    monkeypatch.setattr("portal.demo.pace.READ_EVERY", 0)
    monkeypatch.setattr(Sandbox, "HOURS", 1)
    demonstration.forget()
    yield
    demonstration.end()


def planned() -> list[Planned]:
    """The drawn day, with what the day must have: three of its cases have their trouble for certain."""
    plan = [replace(case, withdraws=None) for case in draw_day("unread", DAY, CASES)]
    late, returned, lost = plan[:3]
    plan[0] = replace(
        late,
        service=late.service | {REGISTRATION: LICENCE},
        returns=(),
        company=booked(
            late.company, {BANKING: {"booking": 1, "misses": False, "leaves_out": False}}
        ),
    )
    bad = PlannedReturn(REGISTRATION, "R-03", "materials.address_proof", "address_proof")
    plan[1] = replace(returned, returns=(bad,))
    plan[2] = replace(
        lost,
        returns=(),
        escalates="",
        company=booked(lost.company, {SEALS: {"delivery": "courier"}}),
    )
    return plan


def booked(company, changes: dict):
    typed = {name: dict(values) for name, values in company.typed.items()}
    for name, values in changes.items():
        typed[name] |= values
    return replace(company, typed=typed)


def play(monkeypatch) -> Play:
    publishing.load_published()
    zone = people.load()[0]
    day = Play(zone, DAY, "unread", planned(), AtOnce())
    lost = day.plan[2].key

    track = Sandbox.track

    def lose(self, carrier, number, sent_at):
        seen, case, attempt = track(self, carrier, number, sent_at), int(number[2:10]), number[10]
        is_lost = attempt == "1" and day.cases[case].key == lost
        arrived = seen.state == Parcel.State.DELIVERED
        return replace(seen, state=Parcel.State.LOST) if is_lost and arrived else seen

    monkeypatch.setattr(Sandbox, "track", lose)
    day.run(lambda: tasks.digests() if day.at.minute % 30 == 0 else None)
    with travel_to(day.ends):
        tasks.digests()
    return day


# What a reader can do about an unread message, by its kind; empty where that is nothing. Asked of the rows one by one,
# as a person would who opens the case, not by the conditions that settle.


def in_hand(notice: Notice) -> str:
    mine = [stage for stage in stages(notice) if stage.holder_id == notice.recipient_id]
    return "work on it" if any(stage.state == flow.OPEN for stage in mine) else ""


def in_line(notice: Notice) -> str:
    free = [s for s in stages(notice) if s.state == flow.OPEN and s.holder_id is None]
    return "take it" if any(rights.may_work(notice.recipient, stage) for stage in free) else ""


def answers(notice: Notice) -> str:
    asked = notice.application.thread.filter(from_desk=False, asks=True, answered_at=None)
    waits = {message.department for message in asked}
    mine = [stage for stage in stages(notice) if stage.department in waits]
    may = [s for s in mine if rights.may_work(notice.recipient, s)]
    free = [stage for stage in may if not threads.held_fault(stage, notice.recipient)]
    return "answer the applicant" if free else ""


def advises(notice: Notice) -> str:
    waiting = Escalation.objects.filter(
        stage__application=notice.application, answered_at=None, let_go_at=None
    )
    at = now()
    may = [a for a in waiting if rights.may_answer(notice.recipient, notice.application, a, at)]
    return "answer the window" if may else ""


def explains(notice: Notice) -> str:
    owed = {clock.name for clock in breaches.unexplained(notice.application, now())}
    may = rights.may_explain(notice.recipient, notice.application)
    return "give the reason" if may and notice.params["clock"] in owed else ""


def contacts(notice: Notice) -> str:
    open_ones = FollowUp.objects.filter(
        review__application=notice.application, contacted_at=None
    ).exists()
    may = rights.may_supervise(notice.recipient, notice.application)
    return "call the writer of the review" if may and open_ones else ""


def repairs(notice: Notice) -> str:
    repair = Repair.objects.get(follow_up__review=notice.params["review"])
    return "repair it" if notice.recipient_id in parts.handlers(repair) else ""


def closes(notice: Notice) -> str:
    repair = Repair.objects.get(follow_up__review=notice.params["review"])
    may = notice.recipient.holds(Role.SUPERVISOR)
    return "check and close it" if may and repair.state == Repair.State.CHECKING else ""


def urges(notice: Notice) -> str:
    listed = reading_digests.rows(notice.recipient, notice)
    return "look after what is late" if any(not row["settled"] for row in listed) else ""


def sets(notice: Notice) -> str:
    stage = notice.application.stages.get(department=SEALS)
    parcels = Parcel.objects.filter(order=notice.application.pk)
    pending = [parcel for parcel in parcels if parcel.ended_at is None] or PickUp.objects.filter(
        order=notice.application.pk, handed_at=None
    )
    return "ask after the set" if pending and rights.may_work(notice.recipient, stage) else ""


def sends_again(notice: Notice) -> str:
    last = Parcel.objects.filter(order=notice.application.pk).order_by("attempt").last()
    return "send it again" if last.state in (Parcel.State.LOST, Parcel.State.BACK) else ""


def stages(notice: Notice) -> list[Stage]:
    return list(notice.application.stages.all())


ACTS = {
    "warned": in_hand,
    "breached": in_hand,
    "extended": in_hand,
    "reckoned": in_hand,
    "assigned": in_hand,
    "answered": in_hand,
    "urged": lambda notice: in_hand(notice) or in_line(notice),
    "given_back": in_line,
    "question": answers,
    "message_reminder": answers,
    "message_overdue": answers,
    "escalated": advises,
    "answer_reminder": advises,
    "answer_overdue": advises,
    "raised": explains,
    "bad_review": contacts,
    "contact_reminder": contacts,
    "contact_overdue": contacts,
    "repair_task": repairs,
    "repair_unsolved": repairs,
    "repair_check": closes,
    "collect_overdue": sets,
    "dispatch_overdue": sets,
    "parcel_overdue": sets,
    "setback": sends_again,
    "digest": urges,
}


def of_staff() -> list[Notice]:
    rows = Notice.objects.filter(recipient__zone__isnull=False).order_by("recipient", "pk")
    return list(rows.select_related("recipient", "application__zone"))


def test_what_stands_unread_at_the_end_of_a_day_its_reader_can_act_on(monkeypatch):
    day = play(monkeypatch)
    with travel_to(day.ends):
        rows = of_staff()
        unread = [row for row in rows if row.read_at is None and row.settled_at is None]
        acts = {row.pk: ACTS[row.kind](row) for row in unread}
        show(rows, acts)
        assert [f"{row.recipient}: {row.kind}" for row in unread if not acts[row.pk]] == []
        opens(unread)
    happened(day)
    of_a_case = Counter(
        (row.recipient_id, row.application_id, matter(row.kind))
        for row in unread
        if row.application_id
    )
    assert not [key for key, count in of_a_case.items() if count > 1]
    by_reader = Counter(row.recipient for row in unread)
    assert all(count <= MOST for count in by_reader.values()), by_reader


def matter(kind: str) -> str:
    return next(name for name, kinds in settling.MATTERS.items() if kind in kinds)


def opens(unread: list[Notice]) -> None:
    """Each leads to a page of its case that its reader may see."""
    for row in unread:
        answer = browser(row.recipient).get(reverse("messages:open", args=[row.pk]), follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert row.application is None or row.application.number in page, row.kind
        Notice.objects.filter(pk=row.pk).update(read_at=None)


def happened(day: Play) -> None:
    """The day had what it was to have, and the applicants were told of it once each."""
    late, returned, lost = (
        next(pk for pk, planned in day.cases.items() if planned.key == wanted.key)
        for wanted in day.plan[:3]
    )
    told = Counter(Notice.objects.filter(recipient__zone=None).values_list("application", "kind"))
    assert told[late, "meeting_moved"] >= 1 and told[returned, "returned"] == 1
    assert told[lost, "lost"] == 1 and told[lost, "sent"] == 2
    assert Clock.objects.filter(name=flow.stage_clocks()[REGISTRATION], breached_at__isnull=False)
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {Event.Kind.MESSAGE, Event.Kind.HANDED_ON, Event.Kind.BREACHED} <= kinds
    assert Application.objects.filter(state=flow.COMPLETED).exists()


def show(rows: list[Notice], acts: dict[int, str]) -> None:
    """The table: of each role and kind how many were written, how many stand, and what their readers can do."""
    written = Counter((roles_label(row.recipient.roles), row.kind) for row in rows)
    stand: dict[tuple, list[str]] = defaultdict(list)
    for row in rows:
        if row.pk in acts:
            stand[roles_label(row.recipient.roles), row.kind].append(acts[row.pk] or "NOTHING")
    print(f"\n| Role | Message | Written | Unread at the end | Its reader can |\n|{'---|' * 5}")
    for key, count in sorted(written.items()):
        can = ", ".join(sorted(set(stand[key]))) or "-"
        print(f"| {key[0]} | `{key[1]}` | {count} | {len(stand[key])} | {can} |")
    readers = Counter(row.recipient.username for row in rows if row.pk in acts)
    print("unread by reader:", dict(readers), "of", len(rows))


def test_every_kind_that_staff_are_told_of_a_case_says_until_when_it_stands():
    """A kind that is added is either the applicant's alone, or has a matter and a condition."""
    of_staff = {kind for kinds in settling.MATTERS.values() for kind in kinds}
    assert set(TEXTS) | set(REVIEW_TEXTS) | {SETBACK} == of_staff | OF_APPLICANTS
    assert set(ACTS) - {"digest"} <= of_staff
