"""What is said of a case, a stage or its clock when several things are true of it at once: one place for every page.

What has ended goes first; then who has to do something, the applicant before all; then whether it is late; then that
the office is closed just now; else it runs. What else is true stands behind it: "Paused, waiting for you, over by 12
minutes". A page that would rather begin with "late" tells somebody who holds everything up that nothing is asked of
them.
"""

from dataclasses import dataclass, replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from kernel.core.words import Words
from kernel.form import flow
from kernel.sla.clock_view import ClockView
from kernel.sla.wording import closed

# Who or what a stage waits for: the applicant's correction, an appointment ahead, else the applicant, the supervisor.
RETURNED, AWAITING, WAITED_FOR, ASKED = "returned", "awaiting", "waited_for", "asked"
TO_APPLICANT, TO_STAFF = "applicant", "staff"  # who reads it


@dataclass(frozen=True)
class StateWords:
    """`word` is what comes first, with class and icon of its tag; `also` is what else is true, and `closed` that of it
    which says that the office is closed."""

    word: Words
    kind: str = "line"
    icon: str = ""
    also: tuple[str, ...] = ()
    closed: str = ""
    brief: str = ""  # that it rests or is late, where another column says with whom it is

    @property
    def text(self) -> str:
        """All of it as one line."""
        return pgettext("clause", ", ").join([str(self.word), *self.also])

    @property
    def more(self) -> str:
        """What else is true, as one line; empty where nothing is."""
        return pgettext("clause", ", ").join(self.also)

    @property
    def brief_now(self) -> str:
        """`brief`, and that the office is closed; empty where nothing needs saying."""
        return pgettext("clause", ", ").join(filter(None, [self.brief, self.closed]))


DONE = StateWords(pgettext_lazy("stage", "Done"), "done", "check")


def state_words(
    clock: ClockView | None,
    waits: str = "",
    ended: str = "",
    following: bool = False,
    reader: str = TO_STAFF,
) -> StateWords:
    """The words for a clock of a case (None: not begun).

    `waits` is what its stages wait for (RETURNED, AWAITING, WAITED_FOR, ASKED, or nothing), `ended` the state of a case
    that is over, `following` that a material may come later, `reader` who reads it.
    """
    beside = following and ended not in flow.GIVEN_UP
    words = _first(clock, waits, ended, reader, (*_late(clock, ended), *_beside(beside)))
    return replace(words, word=capfirst(str(words.word)), brief=_brief(clock, ended))


def _first(
    clock: ClockView | None, waits: str, ended: str, reader: str, also: tuple[str, ...]
) -> StateWords:
    if ended:
        word, kind, icon = _ended(ended)
        return StateWords(word, kind, icon, also)
    if clock is None:
        return StateWords(pgettext("clock", "Not started"), also=also)
    if waits in (RETURNED, AWAITING, WAITED_FOR):
        return _with_the_applicant(clock, waits, reader, also)
    if clock.state == "stopped":
        return StateWords(pgettext("clock", "Done"), "done", "check", also)
    if not clock.running:
        return StateWords(pgettext("clock", "Paused"), "paused", "pause", also)
    opens_at = clock.opens_at
    shut = closed(clock.closes_for, opens_at) if clock.closes_for and opens_at else ""
    also = (*also, shut) if shut else also
    if waits == ASKED:
        word = (
            _("The window has asked its supervisor")
            if reader == TO_APPLICANT
            else _("With the supervisor")
        )
        return StateWords(word, "breach" if clock.over else "half", "clock", also, shut)
    if clock.over:
        return StateWords(_over(clock), "breach", "clock", also[1:], shut)
    if clock.state == "at_risk" and reader == TO_STAFF:
        return StateWords(pgettext("clock", "At risk"), "risk", "clock", also, shut)
    if shut:
        return StateWords(shut, "paused", "pause", also[:-1], shut)
    return StateWords(pgettext("clock", "Running"), "open", "clock", also)


def _with_the_applicant(
    clock: ClockView, waits: str, reader: str, also: tuple[str, ...]
) -> StateWords:
    """The applicant's turn. The clock of the whole case may run on, since the other desks do."""
    mine = reader == TO_APPLICANT
    if clock.running:
        word = _("Waiting for you") if mine else _("With the applicant")
        return StateWords(word, "half", "pause", (*also, _("the other desks go on")))
    if waits == AWAITING:
        word = _("Paused, until your appointment") if mine else _("Paused, until the appointment")
    else:
        word = _("Paused, waiting for you") if mine else _("Paused, with the applicant")
    return StateWords(word, "paused", "pause", also)


def _ended(state: str) -> tuple[str, str, str]:
    return {
        flow.COMPLETED: (pgettext("case", "Completed"), "done", "check"),
        flow.WITHDRAWN: (pgettext("case", "Withdrawn"), "line", ""),
        flow.DECLINED: (pgettext("case", "Not registered"), "breach", ""),
        flow.REVOKED: (pgettext("case", "Licence revoked"), "breach", ""),
    }[state]


def _late(clock: ClockView | None, ended: str) -> tuple[str, ...]:
    """That it is over, as long as anybody can still do something about it, and once it is done."""
    broken_off = ended in flow.GIVEN_UP
    return (_over(clock),) if clock and clock.over and not broken_off else ()


def _brief(clock: ClockView | None, ended: str) -> str:
    if clock is None or ended in flow.GIVEN_UP:
        return ""
    paused = [] if clock.running or clock.state == "stopped" else [_("paused")]
    late = [_("over %(n)s min") % {"n": clock.minutes_over}] if clock.over else []
    return pgettext("clause", ", ").join([*paused, *late])


def _over(clock: ClockView) -> str:
    n = clock.minutes_over
    return ngettext("over by %(n)s minute", "over by %(n)s minutes", n) % {"n": n}


def _beside(following: bool) -> tuple[str, ...]:
    return (_("a material is to follow"),) if following else ()
