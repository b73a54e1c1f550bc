"""The figures of some days beside the standards. A share always comes with its n, and every count with its list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import pgettext

from kernel import catalogue
from kernel.core import departments
from kernel.form import flow
from portal.supervision import day_summaries, owners, waits
from portal.supervision.figure_parts import Outcome, Reviews, Share, StageTimes, Waits, list_url
from portal.supervision.scope import Scope
from portal.supervision.tally import (
    COMPLETED,
    FILED,
    REVIEWED,
    SUBSIDY,
    Key,
    Tally,
    of_appointment,
    of_breach,
    of_clock,
    of_owner,
    of_wait,
    without,
)
from reviews.models import Level
from reviews.queries import LevelCount
from reviews.queries import waiting as follow_ups_waiting


def shown_clocks(zone, keys: Iterable[Key]) -> tuple[str, ...]:
    """The clocks that figures of a zone show: those over departments at work there, and those that have any figure,
    whatever is at work there now."""
    here = set(departments.at_work(zone.setting("departments")))
    subjects = {subject for _day, _kind, subject in keys}
    return tuple(
        name
        for name in flow.counted()
        if here & set(flow.clocks()[name].covers) or {of_clock(name), of_breach(name)} & subjects
    )


class Figures:
    """The figures of a scope, from the sums of its days."""

    def __init__(self, scope: Scope, tallies: Mapping[Key, Tally]):
        self.scope = scope
        self.tallies = {
            key: tally
            for key, tally in tallies.items()
            if not scope.company_type or key[1] == scope.company_type
        }

    def _sum(self, subject: str, keys: Iterable[Key] | None = None) -> Tally:
        total = Tally()
        for key in self.tallies if keys is None else keys:
            if key[2] == subject:
                total.merge(self.tallies[key])
        return total

    def _times(self, name: str, keys: Iterable[Key] | None, scope: Scope) -> StageTimes:
        standard = flow.budget(name, scope.zone.settings, scope.today)
        finished, over = self._sum(of_clock(name), keys), self._sum(of_breach(name), keys)
        return StageTimes(name, flow.clocks()[name].label, standard, finished, over.n, scope)

    def times_of(self, name: str) -> StageTimes:
        """Of any clock, those over several desks too."""
        return self._times(name, None, self.scope)

    @property
    def shown_clocks(self) -> tuple[str, ...]:
        shown = shown_clocks(self.scope.zone, self.tallies)
        return tuple(name for name in shown if name in self.scope.clocks)

    @cached_property
    def times(self) -> list[StageTimes]:
        """By stage."""
        return [self.times_of(name) for name in self.shown_clocks]

    @cached_property
    def types(self) -> list[str]:
        return sorted({kind for _day, kind, _subject in self.tallies})

    @cached_property
    def times_by_type(self) -> list[tuple[str, list[StageTimes]]]:
        """By stage and company type, as (name of the type, times of each stage)."""
        rows = []
        for kind in self.types:
            keys, scope = [key for key in self.tallies if key[1] == kind], self.scope.of_type(kind)
            times = [self._times(name, keys, scope) for name in self.shown_clocks]
            rows.append((catalogue.company_types.named(kind), times))
        return rows

    @cached_property
    def hours(self) -> list[tuple[int, int, str]]:
        """(hour, cases filed in it, its list), for every hour from the first to the last that has any."""
        counted = self._sum(FILED).buckets
        hours = sorted(map(int, counted))
        span = range(min(hours), max(hours) + 1) if hours else ()
        return [
            (hour, counted[str(hour)], list_url(self.scope, "filed", hour=str(hour)))
            for hour in span
        ]

    @cached_property
    def _by_day(self) -> list[tuple[date, list[Key]]]:
        by_day = defaultdict(list)
        for key in self.tallies:
            by_day[key[0]].append(key)
        return sorted(by_day.items())

    @cached_property
    def days(self) -> list[dict]:
        """Filed, completed, and the clocks that went over (of the whole case, or of the chosen desk) on each day
        that has any; the average is of those that finished on it."""
        rows, name = [], self.shown_clocks[-1]
        for day, keys in self._by_day:
            total, scope = self._sum(of_clock(name), keys), self.scope.on(day)
            rows.append(
                {
                    "day": day,
                    "filed": self._sum(FILED, keys).n,
                    "completed": self._sum(COMPLETED, keys).n,
                    "over": self._sum(of_breach(name), keys).n,
                    "mean": total.mean_minutes,
                    "filed_url": list_url(scope, "filed"),
                    "completed_url": list_url(scope, "completed"),
                    "over_url": list_url(scope, "breaches", clock=name),
                }
            )
        return rows

    @cached_property
    def owners(self) -> dict:
        """Whose the minutes of the completed cases were, day by day: working minutes for each case, by owner."""
        words = owners.labels()
        shown = [owner for owner in words if any(key[2] == of_owner(owner) for key in self.tallies)]
        days = [self._owners(day, keys, shown) for day, keys in self._by_day]
        total = self._owners(None, self.tallies, shown)
        return {
            "shown": shown,
            "labels": [words[owner] for owner in shown],
            "days": [day for day in days if day["n"]],
            "total": total,
            "shares": owners.shares(total["means"]),
        }

    @property
    def by_owner(self) -> list[tuple[str, float, float]]:
        """(owner, working minutes for each completed case, share) of every owner there can be."""
        owned = self.owners
        minutes = dict(
            zip(
                owned["shown"],
                zip(owned["total"]["means"], owned["shares"], strict=True),
                strict=True,
            )
        )
        return [(label, *minutes.get(owner, (0, 0))) for owner, label in owners.labels().items()]

    def _owners(self, day, keys: Iterable[Key], shown: list[str]) -> dict:
        n = self._sum(COMPLETED, keys).n
        means = [self._sum(of_owner(owner), keys).total / 60 / n if n else 0 for owner in shown]
        url = list_url(self.scope.on(day) if day else self.scope, "completed")
        return {"day": day, "n": n, "url": url, "means": means, "sum": sum(means)}

    @cached_property
    def electronic(self) -> Share:
        tally, url = self._sum(FILED), list_url(self.scope, "filed")
        goal = self.scope.zone.setting("electronic_goal_percent")
        return Share(
            tally.n, tally.hits, url, list_url(self.scope, "filed", channel="online"), goal
        )

    @cached_property
    def no_visit(self) -> Share:
        tally, url = self._sum(COMPLETED), list_url(self.scope, "completed")
        return Share(tally.n, tally.hits, url, list_url(self.scope, "completed", visit="none"))

    @cached_property
    def subsidy(self) -> dict:
        tally = self._sum(SUBSIDY)
        return {"fen": tally.total, "n": tally.n, "url": list_url(self.scope, "subsidy")}

    @cached_property
    def without(self) -> list[tuple[str, Share]]:
        """(department, of the completed cases those that did without it), where any did."""
        whole, rows = self._sum(COMPLETED).n, []
        for department in departments.departments():
            if n := self._sum(without(department.code)).n:
                urls = [
                    list_url(self.scope, "completed", **more)
                    for more in ({}, {"without": department.code})
                ]
                rows.append((str(department.named), Share(whole, n, *urls)))
        return rows

    @cached_property
    def waits(self) -> list[Waits]:
        """What waited for applicants, by what it waited for; of every kind that there is."""
        return [
            Waits(
                str(label),
                self._sum(of_wait(kind)),
                list_url(self.scope, "ended_waits", waited_for=kind),
            )
            for kind, label in waits.WAITS.items()
        ]

    @cached_property
    def waited(self) -> Waits:
        """All of them together."""
        whole = Tally()
        for row in self.waits:
            whole.merge(row.tally)
        return Waits(pgettext("waits", "All"), whole, list_url(self.scope, "ended_waits"))

    @cached_property
    def appointments(self) -> list[Outcome]:
        """What came of the appointments with whoever meets applicants."""
        return [
            Outcome(
                str(label),
                (tally := self._sum(of_appointment(outcome))).n,
                tally.hits,
                list_url(self.scope, "appointments", outcome=outcome),
            )
            for outcome, label in waits.OUTCOMES.items()
        ]

    @property
    def no_shows(self) -> Share:
        """Of the appointments whose time came, those to which nobody came."""
        n = {outcome: self._sum(of_appointment(outcome)).n for outcome in waits.DUE}
        url = list_url(self.scope, "appointments")
        missed = list_url(self.scope, "appointments", outcome=waits.MISSED)
        return Share(sum(n.values()), n[waits.MISSED], url, missed)

    @cached_property
    def reviews(self) -> Reviews:
        tally = self._sum(REVIEWED)
        counted = {level: tally.buckets[str(int(level))] for level in Level}
        levels = [
            LevelCount(level, n, n / tally.total if tally.total else None)
            for level, n in counted.items()
        ]
        return Reviews(self._sum(COMPLETED).n, tally.n, levels, self.scope)

    @cached_property
    def follow_ups_waiting(self) -> int:
        return follow_ups_waiting(self.scope.zone)


def read(scope: Scope, at: datetime) -> Figures:
    return Figures(scope, day_summaries.read(scope.zone, scope.first, scope.last, at))
