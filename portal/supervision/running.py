"""The clocks that are going, as the live page draws them: the most minutes over first, then by the share of their own
limit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.cases.models import Application, Stage
from kernel.cases.queries import foremost, waits_of
from kernel.cases.situation import StateWords, state_words
from kernel.core import departments
from kernel.form import flow
from kernel.sla.clock_view import ClockView, view
from kernel.sla.models import Clock
from portal.supervision.scope import Scope

SHOWN = 100  # rows on the live page; the rest stand behind the tile


@dataclass(frozen=True)
class Run:
    """One clock of one case, with the stage and the desk that hold it."""

    application: Application
    clock: ClockView
    stage: str
    holder: str
    words: StateWords

    @property
    def kind(self) -> str:
        """The class of the row in the style sheet."""
        return {"breached": "is-breach", "at_risk": "is-risk"}.get(self.clock.state, "")

    @property
    def short_number(self) -> str:
        return short_number(self.application)

    @property
    def bar(self) -> dict[str, float]:
        """Lengths in working minutes on a scale of 130 % of the limit, so that one line runs through all rows."""
        limit, span = self.clock.limit, self.clock.limit * 1.3
        used = min(self.clock.used_seconds / 60, span)
        return {"span": span, "used": used, "half": limit / 2, "late": limit * 0.8, "limit": limit}

    @property
    def urgency(self) -> tuple:
        late = self.clock.over
        return (
            not late,
            -self.clock.minutes_over if late else not self.clock.running,
            -self.clock.share,
        )


@dataclass(frozen=True)
class Runs:
    rows: list[Run]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def running_clocks(scope: Scope, at: datetime):
    """The clocks of the cases under way that the live page shows, the earliest deadline first, the paused ones last."""
    owners = scope.cases(at_the_desk=True).filter(state__in=flow.RUNNING_STATES).values("uid")
    rows = Clock.objects.filter(owner__in=owners, name__in=scope.clocks).exclude(
        state=Clock.State.STOPPED
    )
    shown = ~Q(name__in=flow.spanning()) | Q(name="total", second_warning_at__lte=at)
    return rows.filter(shown).order_by(F("due_at").asc(nulls_last=True), "pk")


def runs(scope: Scope, at: datetime, limit: int = SHOWN) -> Runs:
    """The most urgent clocks, in three queries however many there are."""
    clocks = running_clocks(scope, at)
    chosen = list(clocks[:limit])
    total = clocks.count() if len(chosen) == limit else len(chosen)
    stages = _stages({clock.owner for clock in chosen})
    rows = [_run(clock, stages[clock.owner], at) for clock in chosen if stages.get(clock.owner)]
    return Runs(sorted(rows, key=lambda run: run.urgency), total)


def _stages(owners) -> dict:
    """The stages under way of these cases, by the case's uid."""
    rows = Stage.objects.filter(application__uid__in=owners, state__in=flow.UNDER_WAY)
    by_case = defaultdict(list)
    for stage in (
        rows.select_related("application", "holder", "clock")
        .defer("application__answers")
        .order_by("pk")
    ):
        by_case[stage.application.uid].append(stage)
    return by_case


def _run(clock: Clock, stages: list[Stage], at: datetime) -> Run:
    covered = [
        stage for stage in stages if stage.department in flow.clocks()[clock.name].covers
    ] or stages
    seen = view(clock, at)
    return Run(
        covered[0].application,
        seen,
        _label(clock, covered[0]),
        holder_label(covered),
        state_words(seen, what_waits(covered, at)),
    )


def what_waits(stages: list[Stage], at: datetime) -> str:
    """What these stages wait for; their clocks should be loaded."""
    return foremost(waits_of(stage, view(stage.clock, at)) for stage in stages)


def _label(clock: Clock, stage: Stage) -> str:
    """A word short enough for a row."""
    if clock.name in flow.spanning():
        return pgettext("row of a clock", "Whole case")
    return departments.department(stage.department).short


def holder_label(stages: list[Stage]) -> str:
    """Who holds these stages now, in a word or two."""
    if all(stage.state_now in flow.WITH_APPLICANT for stage in stages):
        return _("with the applicant")
    at_work = [stage for stage in stages if stage.state_now == flow.OPEN]
    names = [_with(stage) for stage in at_work]
    return pgettext("list", ", ").join(dict.fromkeys(names))


def _with(stage: Stage) -> str:
    if stage.asked_at:
        return _("with the supervisor")
    return str(stage.holder) if stage.holder else _("in line")


@dataclass(frozen=True)
class WindowView:
    """A window of the hall: who sits there, what is in their hands, and how urgent the most urgent of it is (b over,
    r at risk, i idle)."""

    number: int
    title: str
    people: str
    lamp: str
    serving: list[str]
    x: int
    y: int

    @property
    def served(self) -> str:
        """The oldest case in hand by its place in the day, and how many more there are: there is room for no more."""
        first, more = self.serving[:1], len(self.serving) - 1
        return "".join(number.rpartition("-")[2] for number in first) + (
            f" +{more}" if more > 0 else ""
        )


LAMPS = {"breached": "b", "at_risk": "r"}
IN_A_ROW, WIDE, HIGH = 6, 57, 124  # user units of the drawing


def served(windows: Iterable[int]) -> dict[int, list[Stage]]:
    """By window the stages in the hands of who sits there, the oldest first; one query."""
    held = Stage.objects.filter(state=flow.OPEN, holder__window__in=list(windows)).annotate(
        window=F("holder__window")
    )
    by_window = defaultdict(list)
    for stage in (
        held.select_related("clock", "application")
        .defer("application__answers")
        .order_by("opened_at", "pk")
    ):
        by_window[stage.window].append(stage)
    return by_window


def hall(zone, at: datetime) -> list[WindowView]:
    """The windows as they stand in the hall, in three queries."""
    windows = list(zone.windows.prefetch_related("user_set"))
    held = served(window.pk for window in windows)
    return [_window(place, window, held[window.pk], at) for place, window in enumerate(windows)]


def _window(place: int, window, held: list[Stage], at: datetime) -> WindowView:
    people = [user.real_name for user in window.user_set.all() if user.is_active]
    states = {view(stage.clock, at).state for stage in held}
    urgent = next((lamp for state, lamp in LAMPS.items() if state in states), "" if states else "i")
    row, column = divmod(place, IN_A_ROW)
    title = window.title or window.get_department_display()
    serving = [short_number(stage.application) for stage in held]
    return WindowView(
        window.number, title, " ".join(people), urgent, serving, 4 + column * WIDE, 8 + row * HIGH
    )


def short_number(application: Application) -> str:
    """The day and place of the filing number: what people say to one another."""
    return "-".join(application.number.split("-")[-2:])
