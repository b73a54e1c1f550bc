"""The trail as its applicant reads it: what each event says, and where the case stands in one sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.cases import deferrals
from kernel.cases.models import Awaits, Event
from kernel.cases.queries import CaseView, StageView
from kernel.core.departments import beside, department, heading
from kernel.core.ui.states import describe
from kernel.core.words import Words
from kernel.form import flow
from kernel.form.fields import FIELD

ENDS = (Event.Kind.COMPLETED, Event.Kind.REVOKED)  # no branch goes on after these


@dataclass(frozen=True)
class Item:
    """What one event says; `kind` is "", "wait" (the applicant's turn) or "fork" (the branches begin)."""

    at: datetime
    what: Words
    how: str = ""
    kind: str = ""
    tag_text: str = ""
    tag_kind: str = ""
    tag_icon: str = ""


def standing(view: CaseView) -> str:
    """In one sentence, where the case is and with whom."""
    application = view.application
    if view.corrections and view.total and view.total.running:
        return _(
            "It is your turn: correct what is listed below, then send it back. The other desks go on meanwhile."
        )
    if view.corrections:
        return _(
            "It is your turn: correct what is listed below, then send it back. The clock stands still."
        )
    for item in view.stages.values():
        if item.awaits and item.stage.awaits_until is None:
            values = {"what": _awaited(item), "why": item.stage.awaits_reason}
            return (_("It is your turn: %(what)s. %(why)s") % values).strip()
    met = flow.meeting()
    if met in view.stages and view.stages[met].awaits:
        return _(
            "Licence and seals are done. The bank goes on at your appointment; the clock stands still until then."
        )
    sentences = {
        flow.LICENSING: _("The chief representative reviews your filing."),
        flow.SEALING: _("The licence is issued; the seals are being engraved."),
        flow.SETTLING: _("Licence and seals are done. %(desks)s work side by side.")
        % {"desks": _desks(view)},
        flow.COMPLETED: _("Your company is open."),
        flow.WITHDRAWN: _("You took this case back. Nobody works on it any more."),
        flow.DECLINED: _("This company was not registered. The reason is in the line below."),
        flow.REVOKED: _("The licence of this company is revoked. The ground is in the line below."),
    }
    return sentences.get(application.state, "")


def _desks(view: CaseView) -> str:
    """The departments of this case that work side by side; the usual ones before it is filed."""
    return heading(beside(view.stages or None))


def holder(view: CaseView, name: str) -> str:
    """Who holds a department's stage now, or who closed it and when."""
    stage = view.stages[name].stage
    if stage.state == flow.RETURNED:
        return _("With you for correction")
    if stage.state == flow.DONE:
        done = time_format(localtime(stage.closed_at), "H:i")
        return _("done %(time)s by %(who)s") % {"time": done, "who": _who(stage.holder)}
    if stage.state == flow.ENDED:
        return _("Ended with the case")
    if view.stages[name].awaits:
        return _awaited(view.stages[name])
    if stage.holder:
        return _("now with %(who)s") % {"who": _who(stage.holder)}
    return _("In line; the next free officer takes it")


def _awaited(item: StageView) -> str:
    """What an awaiting stage waits for."""
    ahead = item.stage.awaits_until is not None
    sentences: dict[str, str] = {
        Awaits.APPOINTMENT: _("It goes on at your appointment")
        if ahead
        else _("Choose another time for your appointment"),
        Awaits.CALL: _("The officer called by video and waits for you to join"),
        Awaits.SIGNATURE: _("A signature is missing"),
        Awaits.ANSWER: _("An officer asked you something and waits for your answer"),
    }
    return sentences[item.stage.awaits]


def _who(officer) -> str:
    if officer is None:
        return _("the system")
    if officer.window:
        return _("%(name)s, window %(number)s") % {
            "name": officer.real_name,
            "number": officer.window.number,
        }
    return officer.real_name


def now_with(view: CaseView) -> str:
    """Who holds the case before the branches; empty otherwise."""
    for name, item in view.stages.items():
        if name not in flow.beside() and item.stage.state in flow.AT_WORK:
            return holder(view, name)
    return ""


def _by(event: Event) -> str:
    if event.actor:
        return _("by %(who)s") % {"who": event.actor.real_name}
    return _("by the system") if event.kind == Event.Kind.CLOSED else ""


def tell(view: CaseView, event: Event) -> Item | None:
    """What an event says to the applicant; None where nothing."""
    teller = TELLERS.get(event.kind)
    return teller(view, event) if teller else None


def _submitted(view: CaseView, event: Event) -> Item:
    codes = {"number": view.application.filing_number, "code": view.application.check_code}
    return Item(
        event.at, _("Submitted"), _("Filing number %(number)s, check code %(code)s") % codes
    )


def _awaiting(view: CaseView, event: Event) -> Item | None:
    """An appointment that was chosen stands with its stage; what an officer waits for is said as it happened."""
    if not event.data.get("reason"):
        return None
    what = str(describe("stage", event.data["awaits"])[0])
    return Item(event.at, what, event.data["reason"], "wait", "", "paused", "pause")


def _returned(view: CaseView, event: Event) -> Item:
    count = len(event.data.get("grounds", ()))
    what = ngettext("Please correct %(count)s point", "Please correct %(count)s points", count) % {
        "count": count
    }
    cited = _(", ").join(ground["standard"] for ground in event.data.get("grounds", ()))
    how = _("Standards %(cited)s; %(by)s") % {"cited": cited, "by": _by(event)}
    return Item(event.at, what, how, "wait", _paused(view, event), "paused", "pause")


def _paused(view: CaseView, event: Event) -> str:
    """For how long the clock stood still, by the wall clock, once the case was sent back."""
    later = (
        other
        for other in view.events
        if other.seq > event.seq and other.department == event.department
    )
    answer = next((other for other in later if other.kind == Event.Kind.RESUBMITTED), None)
    if answer is None:
        return _("clock paused")
    minutes = -(-(answer.at - event.at) // timedelta(minutes=1))
    return ngettext("clock paused for %(n)s minute", "clock paused for %(n)s minutes", minutes) % {
        "n": minutes
    }


def _resubmitted(_view: CaseView, event: Event) -> Item:
    labels = [str(FIELD[key].label) for key in event.data.get("changed", ()) if key in FIELD]
    how = _("Changed: %(fields)s") % {"fields": _(", ").join(labels)} if labels else ""
    return Item(event.at, _("You corrected it"), how)


def _closed(view: CaseView, event: Event) -> Item:
    if event.department == flow.registrar():
        how = _("Unified social credit code %(code)s; %(by)s") % {
            "code": view.application.uscc,
            "by": _by(event),
        }
        return Item(event.at, department(event.department).done, how)
    clock = view.clocks.get(flow.stage_clocks()[event.department])
    used = {"used": clock.used, "limit": clock.limit} if clock else {}
    tag = _("%(used)s of %(limit)s minutes") % used if clock else ""
    how = _("%(by)s. %(desks)s begin at once") % {
        "by": _by(event),
        "desks": _desks(view),
    }
    kind, icon = ("breach", "") if clock and clock.over else ("done", "check")
    return Item(event.at, department(event.department).done, how, "fork", tag, kind, icon)


def _deferred(_view: CaseView, event: Event) -> Item:
    due = date_format(localtime(datetime.fromisoformat(event.data["due_at"])), "DATE_FORMAT")
    what = _("To follow: %(material)s") % {"material": deferrals.label(event.data["material"])}
    return Item(event.at, what, _("To be supplied by %(day)s.") % {"day": due})


def _supplied(_view: CaseView, event: Event) -> Item:
    what = _("You supplied: %(material)s") % {"material": deferrals.label(event.data["material"])}
    return Item(event.at, what, _("The window looks at it; its clock stands still."))


def _asked_again(_view: CaseView, event: Event) -> Item:
    what = _("Please supply again: %(material)s") % {
        "material": deferrals.label(event.data["material"])
    }
    return Item(event.at, what, _by(event), "wait")


def _accepted(_view: CaseView, event: Event) -> Item:
    what = _("Accepted: %(material)s") % {"material": deferrals.label(event.data["material"])}
    return Item(event.at, what, _by(event))


def _breached(_view: CaseView, event: Event) -> Item | None:
    """Of the clocks beside the flow only the one that the applicant is to keep."""
    kind, _colon, detail = event.data.get("clock", "").partition(":")
    if kind == flow.MATERIAL:
        what = _("Overdue: %(material)s") % {"material": deferrals.label(detail)}
        how = _("Supply it all the same. Nothing else can follow later for you for a time.")
        return Item(event.at, what, how, "wait", tag_text=_("late"), tag_kind="breach")
    rule = flow.clocks().get(event.data.get("clock", ""))
    if rule is None:
        return None
    return Item(
        event.at,
        _("Over the limit: %(clock)s") % {"clock": rule.label},
        _("A supervisor is told and follows it up"),
        tag_text=_("late"),
        tag_kind="breach",
    )


def _extended(_view: CaseView, event: Event) -> Item:
    rule, minutes = flow.clocks().get(event.data.get("clock", "")), event.data.get("minutes", 0)
    what = _("Time limit extended by %(n)s minutes: %(clock)s") % {
        "n": minutes,
        "clock": rule.label if rule else "",
    }
    return Item(event.at, what, str(event.data.get("ground", "")))


def _reckoned(_view: CaseView, event: Event) -> Item | None:
    """The hours of the office changed, and with them the deadline of the whole case."""
    moved = next((row for row in event.data["deadlines"] if row["clock"] == "total"), None)
    if moved is None:
        return None
    pattern = pgettext("date format", "j F H:i")
    due = {
        name: date_format(localtime(datetime.fromisoformat(moved[name])), pattern)
        for name in ("before", "after")
    }
    return Item(
        event.at,
        _("The working hours of the office changed"),
        _("Due %(after)s instead of %(before)s") % due,
    )


def _escalated(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("The window asked its supervisor"), _("The clock goes on"))


def _answered(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("The supervisor answered"))


def _withdrawn(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("You took the case back"))


def _unreached(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("We couldn't reach you outside the portal"), kind="wait")


def _declined(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("Not registered"), str(event.data.get("legal_basis", "")))


def _reissued(_view: CaseView, event: Event) -> Item:
    return Item(
        event.at,
        _("The licence was issued anew; the one before is no longer valid"),
        event.data["ground"],
    )


def _revoked(_view: CaseView, event: Event) -> Item:
    return Item(event.at, _("The licence was revoked"), event.data["ground"])


TELLERS: dict[str, Callable[[CaseView, Event], Item | None]] = {
    Event.Kind.SUBMITTED: _submitted,
    Event.Kind.AWAITING: _awaiting,
    Event.Kind.RETURNED: _returned,
    Event.Kind.RESUBMITTED: _resubmitted,
    Event.Kind.CLOSED: _closed,
    Event.Kind.BREACHED: _breached,
    Event.Kind.ESCALATED: _escalated,
    Event.Kind.EXTENDED: _extended,
    Event.Kind.RECKONED: _reckoned,
    Event.Kind.ANSWERED: _answered,
    Event.Kind.WITHDRAWN: _withdrawn,
    Event.Kind.DECLINED: _declined,
    Event.Kind.UNREACHED: _unreached,
    Event.Kind.DEFERRED: _deferred,
    Event.Kind.SUPPLIED: _supplied,
    Event.Kind.ASKED_AGAIN: _asked_again,
    Event.Kind.ACCEPTED: _accepted,
    Event.Kind.REISSUED: _reissued,
    Event.Kind.REVOKED: _revoked,
}
