"""Materials that follow later, from the undertaking to the acceptance, through the doors of everybody concerned."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from kernel.accounts.models import User
from kernel.cases import actions, deferrals, trail
from kernel.cases.models import Application, Deferral, Event, Share
from kernel.cases.replay import fold
from kernel.core.errors import NotAllowed
from kernel.core.moment import now
from kernel.core.privacy import blind_index
from kernel.form import flow
from kernel.form.filing import read
from kernel.sla.models import Clock, Level
from kernel.sla.tasks import sweep
from portal.notices.models import DigestItem, Notice
from tests import applicant as applicants
from tests import driving, factories, officers
from tests.codes import REGISTRATION, TAX
from tests.factories import MORNING, SHANGHAI
from tests.seconds import revoke_licence

pytestmark = pytest.mark.django_db
WINDOW = REGISTRATION
KIND = "address_proof"


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(factories.MORNING)


@pytest.fixture
def zone():
    return factories.ZoneFactory()


@pytest.fixture
def staff(zone):
    return driving.staff(zone)


@pytest.fixture
def window(staff):
    return officers.browser(staff[WINDOW])


def without_proof(zone, **fields):
    """A draft that lacks its proof of address, and its applicant's browser."""
    draft = factories.draft(zone=zone, **fields)
    draft.materials.filter(kind=KIND).delete()
    return draft, officers.browser(draft.applicant)


def promise(browser, draft, **body):
    return browser.post(reverse("filing:promise", args=[draft.ref, "R-02"]), body)


def filed(zone, **fields):
    draft, browser = without_proof(zone, **fields)
    assert promise(browser, draft, committed="1").status_code == 302
    factories.signed(draft)
    assert browser.post(reverse("filing:submit", args=[draft.ref])).status_code == 302
    return Application.objects.get(pk=draft.pk), browser


def deferred(zone, window):
    """A case that was approved without its proof of address."""
    case, browser = filed(zone)
    officers.taken(window, WINDOW)
    values = answers(window, case.filing_number)
    assert (
        window.post(officers.address(WINDOW, "defer", case.filing_number), values).status_code
        == 302
    )
    case.refresh_from_db()
    return case, browser, case.deferrals.get()


def answers(window, number) -> dict:
    """Every question but the one on the missing proof answered "met"."""
    values = officers.met(window.get(officers.address(WINDOW, "case", number)))
    del values["q-R-03"]
    return values


def supply(browser, case, one):
    url = reverse("filing:follow", args=[case.filing_number, one.uid])
    return browser.post(url, {"files": [applicants.lease()]})


def look(window, case, one, **body):
    return window.post(officers.address(WINDOW, "look", case.filing_number, one.uid), body)


def texts(answer) -> list[str]:
    return [str(error["text"]) for error in answer.context["errors"]]


def act(window, number, key="D") -> dict:
    keys = window.get(officers.address(WINDOW, "case", number)).context["keys"]
    return {**next(row for row in keys.acts if row["key"] == key), "note": keys.note}


def told(kind: str) -> set:
    return set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_from_the_undertaking_to_the_acceptance(zone, staff, window, travel):
    draft, browser = without_proof(zone)
    check = browser.get(reverse("filing:check", args=[draft.ref]))
    address = reverse("filing:promise", args=[draft.ref, "R-02"])
    assert (
        address in check.content.decode()
        and address in browser.get(applicants.page(draft.ref, "materials")).content.decode()
    )
    assert browser.post(reverse("filing:submit", args=[draft.ref])).status_code == 422

    page = browser.get(address).content.decode()
    assert "20 working days" in page and "365 days" in page
    assert texts(promise(browser, draft)) == [
        "Tick the undertaking first: without it the material can't follow later."
    ]
    promise(browser, draft, committed="1")
    promise(browser, draft, committed="1")
    assert Deferral.objects.count() == 1
    factories.signed(draft)
    check = browser.get(reverse("filing:check", args=[draft.ref]))
    assert not check.context["open"] and [one.standard.id for one in check.context["promised"]] == [
        "R-02"
    ]
    tasks = browser.get(reverse("filing:tasks", args=[draft.ref]))
    assert not tasks.context["open_count"], "the way to the check is open"
    browser.post(reverse("filing:submit", args=[draft.ref]))

    case = Application.objects.get(pk=draft.pk)
    number = officers.taken(window, WINDOW)
    assert act(window, number, "A")["disabled"] and not act(window, number)["disabled"]
    asked = window.get(officers.address(WINDOW, "case", number)).content.decode()
    assert 'id="q-R-03"' in asked and 'name="q-R-03"' not in asked, (
        "nobody can answer what isn't there"
    )
    over = officers.send(window, WINDOW, number)
    assert over.status_code == 422 and any("proof of address" in text for text in texts(over))
    unanswered = window.post(officers.address(WINDOW, "defer", number), {"round": "1"})
    assert unanswered.status_code == 422
    assert {text.split()[1].rstrip(":") for text in texts(unanswered)} == {"R-01", "R-05"}, (
        "R-03 waits for the proof"
    )
    assert (
        window.post(officers.address(WINDOW, "defer", number), answers(window, number)).status_code
        == 302
    )

    case.refresh_from_db()
    one = case.deferrals.get()
    assert case.state == flow.SEALING and one.state == "granted" and one.granted_by == staff[WINDOW]
    last = one.clock.due_at.astimezone(SHANGHAI)
    assert (last.hour, last.minute) == (17, 0) and last.date() == deferrals.last_day(zone, now())
    notice = case.documents.get(kind="approval_notice")
    assert notice.facts["deferred"] == [
        {"material": notice.facts["deferred"][0]["material"], "due_on": last.date().isoformat()}
    ]
    for department in flow.usual()[1:]:
        driving.work(department, staff[department], Application.objects.get(pk=case.pk))
    case.refresh_from_db()
    assert case.state == flow.COMPLETED

    travel(factories.MORNING + timedelta(days=5))
    shown = browser.get(reverse("filing:tasks", args=[case.filing_number])).content.decode()
    assert (
        reverse("filing:follow", args=[case.filing_number, one.uid]) in shown
        and "To follow: Proof" in shown
    )
    empty = browser.post(reverse("filing:follow", args=[case.filing_number, one.uid]))
    assert empty.status_code == 422 and texts(empty) == ["Choose at least one file."]
    assert supply(browser, case, one).status_code == 302
    assert told("material_supplied") == {staff[WINDOW].pk}
    one.refresh_from_db()
    assert one.state == "supplied" and one.clock.state == Clock.State.PAUSED
    assert supply(browser, case, one).status_code == 422, "once"

    waiting = window.get(officers.address(WINDOW, "following"))
    assert [row.deferral for row in waiting.context["following"]] == [one]
    assert look(window, case, one, again="1", remedy=" ").status_code == 422
    long = look(window, case, one, again="1", remedy="x" * 501)
    assert long.status_code == 422 and "at most 500 characters" in texts(long)[0]
    assert long.context["remedy"] == "x" * 501, "nothing typed is lost"
    look(window, case, one, again="1", remedy="The second page is missing.")
    one.refresh_from_db()
    assert one.state == "granted" and one.clock.state == Clock.State.RUNNING
    assert told("material_again") == {case.applicant_id}
    page = browser.get(reverse("filing:follow", args=[case.filing_number, one.uid]))
    assert "The second page is missing." in page.content.decode()
    supply(browser, case, one)
    open_question = look(window, case, one)
    assert open_question.status_code == 422 and texts(open_question) == [
        "R-03 is not confirmed yet."
    ]
    assert look(window, case, one, met=["R-03"]).status_code == 302
    one.refresh_from_db()
    assert (
        one.state == "accepted"
        and one.clock.state == Clock.State.STOPPED
        and not one.clock.breached_at
    )
    assert told("material_accepted") == {case.applicant_id}
    kinds = [event.kind for event in case.events.order_by("seq")]
    assert kinds[-4:] == ["supplied", "asked_again", "supplied", "accepted"] and "deferred" in kinds
    case.refresh_from_db()
    assert trail.faults(case) == [] and fold(case.events.order_by("seq"))[0] == case.state
    supervisor = officers.browser(factories.supervisor(zone))
    seen = supervisor.get(reverse("supervision:case", args=[case.filing_number])).content.decode()
    assert "Material accepted" in seen


def test_the_clock_reminds_and_a_broken_promise_is_listed_and_bars(zone, window, travel):
    case, browser, one = deferred(zone, window)
    half = one.clock.first_warning_at
    travel(half + timedelta(minutes=1))
    sweep()
    assert told("material_reminder") == {case.applicant_id}
    late = one.clock.due_at + timedelta(hours=20)
    travel(late)
    boss = factories.supervisor(zone)
    supervisor = officers.browser(boss)
    overdue = supervisor.get(reverse("supervision:list", args=["following_overdue"]))
    assert list(overdue.context["page"]) == [one], "right before any sweep has run"
    tiles = supervisor.get(reverse("supervision:live")).context["tiles"]
    assert [tile["value"] for tile in tiles if tile["label"] == "Materials overdue"] == [1]
    while sweep():
        pass
    assert told("material_overdue") == {case.applicant_id}
    later = DigestItem.objects.filter(clock=f"material:{KIND}").values_list("recipient", flat=True)
    assert boss.pk in later, "who can't supply it reads of it in the digest"
    assert (
        Event.objects.filter(
            application=case, kind="breached", data__clock=f"material:{KIND}"
        ).count()
        == 1
    )
    shown = browser.get(reverse("filing:tasks", args=[case.filing_number])).content.decode()
    assert "Overdue: Proof of address" in shown

    again, _same = without_proof(zone, applicant=case.applicant)
    refused = promise(browser, again, committed="1")
    assert refused.status_code == 422 and case.filing_number in texts(refused)[0]
    assert not again.deferrals.exists()
    barred = supervisor.get(reverse("supervision:list", args=["barred"]), {"format": "csv"})
    said = barred.getvalue().decode() if barred.streaming else barred.content.decode()
    assert case.filing_number in said and case.applicant.real_name not in said

    assert supply(browser, case, one).status_code == 302, "late, and still"
    assert promise(browser, again, committed="1").status_code == 422, "what was broken stays so"
    travel(late + timedelta(days=366))
    assert promise(browser, again, committed="1").status_code == 302
    assert list(supervisor.get(reverse("supervision:list", args=["barred"])).context["page"]) == []


def test_whose_licence_is_revoked_owes_nothing_any_more(zone, window, travel):
    """Nobody could take a broken promise of theirs off the supervisor's page; it still bars."""
    case, _browser, one = deferred(zone, window)
    travel(one.clock.due_at + timedelta(minutes=1))
    boss = factories.supervisor(zone)
    supervisor = officers.browser(boss)

    def listed(name):
        return list(supervisor.get(reverse("supervision:list", args=[name])).context["page"])

    assert listed("following") == listed("following_overdue") == listed("barred") == [one]
    revoke_licence(actor=boss, application_id=case.pk, ground="art. 40")
    assert listed("following") == listed("following_overdue") == [] and listed("barred") == [one]
    assert window.get(officers.address(WINDOW, "following")).context["following"] == []


def test_the_legal_representative_is_barred_too_and_the_window_sees_why(zone, window, travel):
    """The same person files through somebody else, before and after the promise was broken."""
    case, _browser, one = deferred(zone, window)
    other, _their = filed(zone)
    chief, theirs = (
        row.people.get(uid=row.answers["officers"]["legal_representative"]) for row in (case, other)
    )
    theirs.data = theirs.data | {"id_number": chief.data["id_number"]}
    theirs.save()
    factories.signed(other)
    assert chief.data["id_number"] == theirs.data["id_number"], "the same person in both"
    number = officers.taken(window, WINDOW)
    values = answers(window, number)
    travel(one.clock.due_at + timedelta(minutes=1))
    pressed = act(window, number)
    assert pressed["disabled"] and case.filing_number in pressed["note"]
    refused = window.post(officers.address(WINDOW, "defer", number), values)
    assert refused.status_code == 409 and case.filing_number in texts(refused)[0]
    other.refresh_from_db()
    assert other.state == flow.LICENSING


class TestWhoIsBarred:
    """Each way by which a broken promise stays with a person, when it is the only one that holds."""

    OTHER, THIRD = "370303198502022345", "370303199001011234"

    @pytest.fixture
    def broken(self, zone, window, travel):
        case, _browser, one = deferred(zone, window)
        travel(one.clock.due_at + timedelta(minutes=1))
        case.refresh_from_db()
        return case, one

    def filing(self, zone, number=""):
        """Of a company whose legal representative has this number."""
        draft = factories.draft(zone=zone)
        head = draft.people.get(uid=draft.answers["officers"]["legal_representative"])
        head.data = {**head.data, "id_number": number or self.OTHER}
        return read(draft, [head], (), MORNING.date())

    def barred(self, user, filing) -> list:
        return [bar.deferral for bar in deferrals.bars(user, filing, now())]

    def test_the_account_that_promised(self, broken, zone):
        case, one = broken
        User.objects.filter(pk=case.applicant_id).update(id_index="")
        account = User.objects.get(pk=case.applicant_id)
        assert self.barred(account, self.filing(zone)) == [one]

    def test_a_second_account_with_the_same_number(self, broken, zone):
        case, one = broken
        second = factories.UserFactory(id_number=case.applicant.id_number, name_proved_at=None)
        assert self.barred(second, self.filing(zone)) == [one]

    def test_who_filed_stays_barred_once_the_account_is_closed(self, broken, zone):
        """A new account of the same person: of the old one nothing but the bar is left."""
        case, one = broken
        number = case.applicant.id_number
        User.objects.filter(pk=case.applicant_id).update(id_index="", id_number="")
        anew = factories.UserFactory(id_number=number)
        assert self.barred(anew, self.filing(zone)) == [one]

    def test_the_legal_representative_through_somebody_elses_account(self, broken, zone):
        _case, one = broken
        self.represents(one)
        stranger = factories.UserFactory(id_number=self.OTHER)
        assert self.barred(stranger, self.filing(zone, self.THIRD)) == [one]

    def test_the_legal_representative_under_an_account_of_their_own(self, broken, zone):
        _case, one = broken
        self.represents(one)
        account = factories.UserFactory(id_number=self.THIRD)
        assert self.barred(account, self.filing(zone)) == [one]

    def test_who_filed_as_the_legal_representative_of_somebody_elses_filing(self, broken, zone):
        case, one = broken
        stranger = factories.UserFactory(id_number=self.OTHER)
        assert self.barred(stranger, self.filing(zone, case.applicant.id_number)) == [one]

    def represents(self, one):
        """Somebody else than who filed was the legal representative."""
        Deferral.objects.filter(pk=one.pk).update(promiser=blind_index(self.THIRD))

    @pytest.mark.parametrize("number", ["", OTHER])
    def test_a_stranger_is_not(self, broken, zone, number):
        """Nor is an account without a number, though there are others without one."""
        stranger = factories.UserFactory(id_number=number)
        Deferral.objects.filter(pk=broken[1].pk).update(asker="", promiser="")
        assert self.barred(stranger, self.filing(zone)) == []

    def test_it_ends_at_its_moment(self, broken, zone, travel):
        case, one = broken
        end = deferrals.bar_of(one).until
        travel(end - timedelta(microseconds=1))
        assert self.barred(case.applicant, self.filing(zone)) == [one]
        travel(end)
        assert self.barred(case.applicant, self.filing(zone)) == []


def test_supplied_late_with_no_sweep_at_work_the_breach_is_on_the_trail(zone, window, travel):
    case, browser, one = deferred(zone, window)
    travel(one.clock.due_at + timedelta(days=3))
    supply(browser, case, one)
    one.refresh_from_db()
    assert one.clock.breached_at and one.clock.alarm_level == Level.BREACH
    assert (
        Event.objects.filter(
            application=case, kind="breached", data__clock=f"material:{KIND}"
        ).count()
        == 1
    )
    sweep()
    assert (
        Event.objects.filter(
            application=case, kind="breached", data__clock=f"material:{KIND}"
        ).count()
        == 1
    )
    assert look(window, case, one, met=["R-03"]).status_code == 302


@pytest.mark.parametrize("standard", ["R-04", "S-01", "S-99"])
def test_only_what_may_follow_can_be_promised(zone, standard):
    draft = factories.draft(zone=zone)
    draft.materials.all().delete()
    browser = officers.browser(draft.applicant)
    assert (
        browser.post(
            reverse("filing:promise", args=[draft.ref, standard]), {"committed": "1"}
        ).status_code
        == 404
    )
    assert browser.post(reverse("filing:submit", args=[draft.ref])).status_code == 422
    assert not Deferral.objects.exists()


def test_what_is_there_needs_no_promise_and_a_promise_is_taken_back(zone):
    draft, browser = without_proof(zone)
    promise(browser, draft, committed="1")
    assert (
        promise(browser, draft, take_back="1").status_code == 302 and not Deferral.objects.exists()
    )
    assert browser.post(reverse("filing:submit", args=[draft.ref])).status_code == 422
    whole = factories.draft(zone=zone)
    answer = promise(officers.browser(whole.applicant), whole, committed="1")
    assert answer.status_code == 422 and "there already" in texts(answer)[0]


def test_the_window_lets_nothing_follow_that_was_not_asked_for(zone, window):
    case = factories.filed(zone=zone)
    number = officers.taken(window, WINDOW)
    assert act(window, number)["disabled"]
    values = officers.met(window.get(officers.address(WINDOW, "case", number)))
    refused = window.post(officers.address(WINDOW, "defer", number), values)
    assert refused.status_code == 409 and texts(refused) == [
        "Nothing of this case is promised for later."
    ]
    case.materials.filter(kind=KIND).delete()
    assert "undertakes" in act(window, number)["note"]
    case.materials.all().delete()
    assert window.post(officers.address(WINDOW, "defer", number), values).status_code == 409


def test_a_promise_may_be_given_after_a_return(zone, window):
    """The window returns what doesn't do; the applicant, who has nothing better yet, undertakes to bring it later."""
    case = factories.filed(zone=zone)
    number = officers.taken(window, WINDOW)
    returned = {
        "send": "1",
        "round": "1",
        "cite-R-02": "1",
        "pins-R-02": [f"materials.{KIND}"],
        f"how-R-02-materials.{KIND}": "Another.",
    }
    window.post(officers.address(WINDOW, "return", number), returned)
    case.materials.filter(kind=KIND).delete()
    browser = officers.browser(case.applicant)
    resubmit = reverse("filing:resubmit", args=[number, WINDOW])
    assert browser.post(resubmit).status_code == 422
    address = reverse("filing:promise", args=[number, "R-02"])
    assert address in browser.get(reverse("filing:tasks", args=[number])).content.decode()
    assert browser.post(address, {"committed": "1"}).status_code == 302
    assert browser.post(resubmit).status_code == 302
    assert (
        window.post(officers.address(WINDOW, "defer", number), answers(window, number)).status_code
        == 302
    )


def test_what_follows_is_its_applicants_and_its_windows_alone(zone, staff, window):
    case, browser, one = deferred(zone, window)
    stranger = officers.browser(factories.UserFactory())
    follow = reverse("filing:follow", args=[case.filing_number, one.uid])
    assert (
        stranger.get(follow).status_code == 404 and supply(stranger, case, one).status_code == 404
    )
    tax = officers.browser(staff[TAX])
    at_look = officers.address(WINDOW, "look", case.filing_number, one.uid)
    assert (
        tax.get(at_look).status_code == 404
        and tax.get(officers.address(WINDOW, "following")).status_code == 403
    )
    elsewhere = officers.browser(factories.officer(WINDOW, factories.ZoneFactory(code="other")))
    assert elsewhere.get(at_look).status_code == 404
    assert list(elsewhere.get(officers.address(WINDOW, "following")).context["following"]) == []


def test_the_days_are_the_zones_and_closed_days_do_not_count(zone, window):
    zone.settings |= {"deferral_working_days": 2}
    zone.save()
    friday = datetime(2026, 3, 20, 10, 0, tzinfo=SHANGHAI)
    assert deferrals.last_day(zone, friday) == localdate(friday) + timedelta(days=4)
    _case, _browser, one = deferred(zone, window)
    assert one.clock.due_at.astimezone(SHANGHAI) == datetime(2026, 3, 20, 17, 0, tzinfo=SHANGHAI)


def test_nobody_undertakes_for_somebody_else(zone):
    """A helper can't, and a draft that is handed over leaves its owner's undertaking behind."""
    friend = factories.UserFactory(phone="13900000001")
    draft, browser = without_proof(zone, applicant=factories.UserFactory(phone="13900000009"))
    case = {"actor": draft.applicant, "application_id": draft.pk, "phone": friend.phone}
    helping = actions.offer_share(**case, kind=Share.Kind.WORK)
    actions.accept_share(actor=friend, uid=str(helping.uid))
    with pytest.raises(NotAllowed):
        actions.ask_deferral(actor=friend, application_id=draft.pk, standard="R-02", committed=True)
    actions.end_share(actor=friend, uid=str(helping.uid))
    promise(browser, draft, committed="1")
    over = actions.offer_share(**case, kind=Share.Kind.HAND_OVER)
    actions.accept_share(actor=friend, uid=str(over.uid))
    assert not Deferral.objects.exists()
