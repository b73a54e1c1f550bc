"""What reviews say, always with how many answered: a share without its response rate and n means nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from kernel.accounts.models import Role, User
from kernel.form import flow
from kernel.sla.models import Clock
from reviews import parts
from reviews.merging import ThemeCount, merged
from reviews.models import BAD_LEVELS, FollowUp, Level, Repair, Review, ReviewEvent
from reviews.themes import theme_of


@dataclass(frozen=True)
class LevelCount:
    level: Level
    n: int
    share: float | None

    @property
    def is_bad(self) -> bool:
        return self.level in BAD_LEVELS

    @property
    def percent(self) -> float:
        """The share as a length of 0 to 100, for drawing."""
        return (self.share or 0) * 100


@dataclass(frozen=True)
class Score:
    """Reviews of the cases completed in a period. `cases` were completed, `answered` of them have a review, `n` reviews
    in all; shares are 0 to 1, or None where there is nothing to divide."""

    cases: int
    answered: int
    levels: list[LevelCount]

    @property
    def n(self) -> int:
        return sum(row.n for row in self.levels)

    @property
    def good(self) -> int:
        return sum(row.n for row in self.levels if not row.is_bad)

    @property
    def bad(self) -> int:
        return self.n - self.good

    @property
    def good_share(self) -> float | None:
        return self.good / self.n if self.n else None

    @property
    def response_rate(self) -> float | None:
        return self.answered / self.cases if self.cases else None


def follow_ups(zone):
    """The bad reviews of a zone, those that nobody has contacted first, the earliest due date first; each with what its
    clocks say: `contact_by` and `repair_by`, while they run, and `over_at` and `repair_over_at`, the moments at which
    they went over."""
    rows = FollowUp.objects.filter(review__zone=zone).annotate(
        owner=Case(
            When(review__kind="", then=F("review__application__uid")), default=F("review__uid")
        ),
        part=Case(When(review__kind="", then=F("review__service")), default=F("review__kind")),
        later=Case(
            When(
                repair__round__gt=1,
                then=Concat(Value("."), Cast("repair__round", CharField(max_length=5))),
            ),
            default=Value(""),
            output_field=CharField(),
        ),
    )
    rows = rows.annotate(
        contact_by=_clock(flow.CONTACT, "due_at", Value("")),
        over_at=_clock(flow.CONTACT, "breached_at", Value("")),
        repair_by=_clock(flow.REPAIR, "due_at", OuterRef("later")),
        repair_over_at=_clock(flow.REPAIR, "breached_at", OuterRef("later")),
    )
    order = (
        F(name).asc(nulls_first=True) for name in ("rectified_at", "contacted_at", "contact_by")
    )
    return rows.select_related(
        "review__application", "review__zone", "contacted_by", "rectified_by", "repair"
    ).order_by(*order, "pk")


def _clock(kind: str, column: str, later) -> Subquery:
    """A column of the clock that watches a follow-up (`reviews.clocks`)."""
    name = Concat(Value(f"{kind}:"), OuterRef("part"), later, output_field=CharField())
    return Subquery(Clock.objects.filter(owner=OuterRef("owner"), name=name).values(column))


CONTACTABLE = Q(review__application__isnull=False) | Q(review__reviewer__isnull=False)


def waiting(zone) -> int:
    """How many bad reviews still wait for their contact."""
    rows = FollowUp.objects.filter(CONTACTABLE, review__zone=zone, contacted_at=None)
    return rows.count()


def of_others(user: User, of: str) -> Q:
    """Of rows that are of a review (`of`, the path to it) those that aren't of the user's own work."""
    return ~Q(Exists(parts.of_own_work(user).filter(pk=OuterRef(of))))


def to_decide(zone, user: User) -> int:
    """How many repairs wait for something that who oversees alone decides or does."""
    rows = Repair.objects.filter(of_others(user, "follow_up__review"), follow_up__review__zone=zone)
    due = Q(state__in=[Repair.State.CHECKING, Repair.State.AT_SUPERVISOR])
    return rows.filter(due | Q(extension_days__isnull=False)).count()


def for_supervisor(user: User) -> int:
    """How many bad reviews wait for a supervisor: for the call, or for something about their repair."""
    rows = FollowUp.objects.filter(of_others(user, "review"), review__zone=user.zone_id)
    to_call = CONTACTABLE & Q(contacted_at=None)
    states = [Repair.State.CHECKING, Repair.State.AT_SUPERVISOR]
    to_do = Q(repair__state__in=states) | Q(repair__extension_days__isnull=False)
    return rows.filter(to_call | to_do).count()


@dataclass(frozen=True)
class Followed:
    """Of the bad reviews of named people: `n`, how many were contacted, and how many of those whose contact time is
    over were not, so that "100 % followed" can be read off."""

    n: int
    contacted: int
    late: int


def followed(zone, since: datetime | None = None) -> Followed:
    rows = follow_ups(zone).filter(review__reviewer__isnull=False)
    if since is not None:
        rows = rows.filter(review__created_at__gte=since)
    contacted = rows.filter(contacted_at__isnull=False).count()
    late = rows.filter(contacted_at=None, over_at__isnull=False).count()
    return Followed(rows.count(), contacted, late)


def repairs_of(user: User) -> list[Repair]:
    """The repairs that somebody may work on, and those of their desk whose writer is asked; none of their own work."""
    if user.departments:
        asked = Q(department__in=user.departments, state=Repair.State.ASKED)
        rows = _of_others(user).filter(_at_desk_of(user) | asked)
    elif user.holds(Role.SUPERVISOR, Role.ADMINISTRATOR):
        rows = _of_others(user).exclude(state__in=[Repair.State.CLOSED, Repair.State.AT_DESK])
    else:
        return []
    rows = rows.select_related("follow_up__review__application", "follow_up__review__zone")
    return [repair for repair in rows.order_by("pk") if _is_theirs(user, repair)]


def _of_others(user: User):
    return Repair.objects.filter(
        of_others(user, "follow_up__review"), follow_up__review__zone=user.zone_id
    )


def _at_desk_of(user: User) -> Q:
    """What officers of the user's departments may repair, but for whoever tried it before (`parts.desk_handlers`)."""
    before = ReviewEvent.objects.filter(review=OuterRef("follow_up__review"), actor=user)
    there = Q(department__in=user.departments, state=Repair.State.AT_DESK)
    return there & ~Q(Exists(before.filter(step__in=parts.SAID_REPAIRED)))


def _is_theirs(user: User, repair: Repair) -> bool:
    if repair.state == Repair.State.AT_SUPERVISOR:
        return user.pk in parts.supervisors(repair)
    return True


def waiting_for(officer: User) -> int:
    """How many repairs an officer may work on, in one statement: it stands in the bar of every page."""
    return _of_others(officer).filter(_at_desk_of(officer)).count()


def themes_of_desk(zone, departments, since: datetime) -> list[ThemeCount]:
    """What was said of these departments since a moment, by theme; nobody's words, no writer, and fewer than five of a
    theme together."""
    rows = Review.objects.filter(zone=zone, department__in=departments, created_at__gte=since)
    n: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for tags, level in rows.order_by().values_list("tags", "level"):
        theme = theme_of(tags)
        n[theme] += 1
        bad[theme] += level in BAD_LEVELS
    return merged(ThemeCount(theme, n[theme], bad[theme]) for theme in n)
