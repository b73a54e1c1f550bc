"""The officer's keys on a case, and why one is out of use. There is no key to reject."""

from dataclasses import dataclass

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.catalogue import in_language
from kernel.desks.case_page import CasePage
from kernel.form import flow


@dataclass(frozen=True)
class Keys:
    """`acts` as the component takes them; `note` is the line below."""

    acts: list[dict]
    note: str


def keys_of(desk, page: CasePage) -> Keys:
    """The keys of a case at a desk (a `DeskPages`). Keys that can't be used stay visible, with the reason below."""
    idle, hindrance = why_idle(page), ""
    asked = page.open_escalation
    if not idle:
        hindrance = desk.hindrance(page)
    number = page.application.number
    acts = [
        _act(desk.close_label, desk.close_key, primary=True, disabled=bool(idle or hindrance)),
        *desk.more_acts(page, idle),
        _act(_("Return once"), "R", url=desk.url("return", number), disabled=bool(idle)),
        _act(_("Escalate"), "E", url=desk.url("escalate", number), disabled=bool(idle or asked)),
    ]
    notes = [idle or hindrance or desk.ready_note(page)]
    if asked and not idle:
        notes.append(
            _("The supervisor was asked at %(time)s; wait for the answer.")
            % {"time": _time(asked.asked_at)}
        )
    if not idle:
        notes += desk.key_notes(page)
    return Keys(acts, in_language("", " ").join(str(note) for note in notes if note))


def _act(label, key: str, **options) -> dict:
    return {"label": label, "key": key, "form": "close", **options}


def why_idle(page: CasePage) -> str:
    """Why the officer can do nothing with the case now; empty when it is in their hands."""
    stage = page.stage
    if stage.state == flow.RETURNED:
        return _("The case waits for the applicant; the clock is paused.")
    if stage.state == flow.DONE:
        who = {"who": stage.holder or _("the system"), "time": _time(stage.closed_at)}
        return _("Closed by %(who)s at %(time)s.") % who
    if stage.holder_id is None and stage.state_now == flow.AWAITING and stage.awaits_until:
        when = date_format(localtime(stage.awaits_until), pgettext("date format", "j F H:i"))
        sentence = _(
            "The appointment is at %(time)s; the case comes into the line then, and the clock rests until then."
        )
        return sentence % {"time": when}
    if stage.holder_id is None:
        return _("The case is in line. Cases are handed out in order: take the next one (N).")
    if not page.is_mine:
        return _("%(who)s is working on this case.") % {"who": stage.holder}
    return ""


def _time(moment) -> str:
    return time_format(localtime(moment), "H:i")
