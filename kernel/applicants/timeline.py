"""The trail as its applicant reads it: a line of what happened, and the branches side by side."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.cases import deferrals
from kernel.cases.models import Event
from kernel.cases.queries import CaseView
from kernel.cases.situation import TO_APPLICANT, Said
from kernel.core.departments import beside, department, heading
from kernel.form import flow
from kernel.form.fields import FIELD
from kernel.form.filing import Filing
from kernel.sla.clock_view import ClockView
from kernel.standards.display import display

ENDS = (Event.Kind.COMPLETED, Event.Kind.REVOKED)  # no branch goes on after these


@dataclass(frozen=True)
class Item:
    """One point of the line; `kind` is "", "wait" (the applicant's turn) or "fork" (the branches begin)."""

    at: datetime
    what: str
    how: str = ""
    kind: str = ""
    tag_text: str = ""
    tag_kind: str = ""
    tag_icon: str = ""


@dataclass(frozen=True)
class Branch:
    """One of the parallel stages, or a stage before them that isn't done; `clock` is None while it waits."""

    title: str
    words: Said
    clock: ClockView | None
    how: str


def line(view: CaseView) -> tuple[list[Item], list[Item]]:
    """What happened before and beside the branches, and what after the end of the case; oldest first."""
    last = flow.beside()
    shown = [event for event in view.events if event.department not in last]
    end = next((place for place, event in enumerate(shown) if event.kind in ENDS), len(shown))
    before, after = ([_tell(view, event) for event in part] for part in (shown[:end], shown[end:]))
    return [item for item in before if item], [item for item in after if item]


def branches(view: CaseView, filing: Filing) -> list[Branch]:
    """The parallel stages that the case has, once the first of them has opened."""
    last = [name for name in flow.beside() if name in view.stages]
    if all(view.stages[name].stage.opened_at is None for name in last):
        return []
    return [
        Branch(
            str(department(name).title),
            view.stages[name].said(TO_APPLICANT),
            view.stages[name].clock,
            "\n".join(part for part in (_holder(view, name), _meeting(view, filing, name)) if part),
        )
        for name in last
    ]


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


def _holder(view: CaseView, name: str) -> str:
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
        return _("It goes on at your appointment")
    if stage.holder:
        return _("now with %(who)s") % {"who": _who(stage.holder)}
    return _("In line; the next free officer takes it")


def _meeting(view: CaseView, filing: Filing, name: str) -> str:
    """Where and when a department is met, until it has been."""
    met = department(name).meeting
    if met is None or view.stages[name].stage.state in (flow.DONE, flow.ENDED):
        return ""
    parts = (display(filing, key) for key in (met.where, met.when, met.how))
    return pgettext("clause", ", ").join(parts)


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
        if name not in flow.beside() and item.stage.state == flow.OPEN:
            return _holder(view, name)
    return ""


def _by(event: Event) -> str:
    if event.actor:
        return _("by %(who)s") % {"who": event.actor.real_name}
    return _("by the system") if event.kind == Event.Kind.CLOSED else ""


def _tell(view: CaseView, event: Event) -> Item | None:
    teller = TELLERS.get(event.kind)
    return teller(view, event) if teller else None


def _submitted(view: CaseView, event: Event) -> Item:
    codes = {"number": view.application.filing_number, "code": view.application.check_code}
    return Item(
        event.at, _("Submitted"), _("Filing number %(number)s, check code %(code)s") % codes
    )


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


def _breached(_view: CaseView, event: Event) -> Item:
    kind, _colon, detail = event.data.get("clock", "").partition(":")
    if kind == flow.MATERIAL:
        what = _("Overdue: %(material)s") % {"material": deferrals.label(detail)}
        how = _("Supply it all the same. Nothing else can follow later for you for a time.")
        return Item(event.at, what, how, "wait", tag_text=_("late"), tag_kind="breach")
    rule = flow.clocks().get(event.data.get("clock", ""))
    what = _("Over the limit: %(clock)s") % {"clock": rule.label} if rule else _("Over the limit")
    return Item(
        event.at,
        what,
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


TELLERS = {
    Event.Kind.SUBMITTED: _submitted,
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
    Event.Kind.DEFERRED: _deferred,
    Event.Kind.SUPPLIED: _supplied,
    Event.Kind.ASKED_AGAIN: _asked_again,
    Event.Kind.ACCEPTED: _accepted,
    Event.Kind.REISSUED: _reissued,
    Event.Kind.REVOKED: _revoked,
}
