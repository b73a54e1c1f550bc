"""The plan of a day: who comes when, with what, and what everybody will do. The same seed gives the same plan.

A plan knows neither the database nor the hour at which things will really happen: how long a case waits comes out of
the play alone.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from kernel.cases.models import Application
from kernel.form import flow
from portal.demo.company import Company, draw_company, phone
from portal.demo.desks import demo_desk
from portal.demo.draw import Stream, day_data, texts


@dataclass(frozen=True)
class PlannedReturn:
    """A desk returns the case once, citing `standard` on `field`; the applicant uploads `material` again, or gives
    `value` (a phone, another person, or what the department's `demo.py` says)."""

    department: str
    standard: str
    field: str
    material: str = ""
    value: str = ""


@dataclass(frozen=True)
class PlannedReview:
    """`after` and `contact` are minutes after the completion, and after a bad review."""

    level: int
    service: str
    by_code: bool
    confidential: bool
    words: str
    after: float
    contact: float
    outcome: str


@dataclass(frozen=True)
class Planned:
    """One case. `begins` is in minutes since midnight, `filling` and `correction` in minutes, `service` in working
    minutes by department; `withdraws` is minutes after the submit, None for nearly everybody."""

    key: str
    company: Company
    channel: str
    begins: float
    filling: float
    forgets: bool
    withdraws: float | None
    service: dict[str, float]
    returns: tuple[PlannedReturn, ...]
    correction: float
    new_phone: str
    escalates: str
    question: str
    answer: str
    answered: float
    review: PlannedReview | None

    def returned_by(self, department: str) -> PlannedReturn | None:
        return next((planned for planned in self.returns if planned.department == department), None)


@dataclass(frozen=True)
class Watch:
    """What the supervisor does about one clock. `after` are working minutes, of `urge` and `extend` (by `minutes`) from
    when it was at risk, of `explain` from when it went over; None: it isn't done."""

    after: dict[str, float | None]
    minutes: int
    ground: str
    category: str
    reason: str


def draw_day(seed: str, day: date, cases: int) -> list[Planned]:
    """The cases of a day, the earliest first."""
    planned = [draw_case(f"{seed}/{day}/{place}") for place in range(cases)]
    return sorted(planned, key=lambda case: (case.begins, case.key))


def _service(stream: Stream, department: str, company_type: str) -> float:
    """Minutes of work; of a department that says nothing about them, a third of its limit."""
    if known := demo_desk(department).data.get("service"):
        return stream.minutes(known[company_type])
    return flow.clocks()[flow.stage_clocks()[department]].minutes / 3


def draw_case(key: str) -> Planned:
    """One case out of the stream of its key."""
    stream, data = Stream(key), day_data()
    hour = int(stream.weighted(data["arrivals_by_hour"]))
    company_type = stream.weighted(data["company_types"])
    company = draw_company(stream, company_type)
    return Planned(
        key=key,
        company=company,
        channel=str(
            Application.Channel.COUNTER if stream.happens(data["counter_share"]) else "online"
        ),
        begins=hour * 60 + stream.whole(0, 3599) / 60,
        filling=stream.minutes(data["filling"][company_type]),
        forgets=stream.happens(data["forgets_a_material"]),
        withdraws=_sometimes(stream, data["withdraws"], "after"),
        service={name: _service(stream, name, company_type) for name in flow.departments()},
        returns=_returns(stream),
        correction=stream.minutes(data["correction"]),
        new_phone=phone(stream),
        escalates=stream.of(flow.usual()) if stream.happens(data["escalates"]["share"]) else "",
        question=stream.of(texts()["questions"]),
        answer=stream.of(texts()["answers"]),
        answered=stream.minutes(data["escalates"]["answer"]),
        review=_review(stream),
    )


def draw_watch(key: str) -> Watch:
    """What is done about the clock of this key, should it run late."""
    stream, data = Stream(key), day_data()["supervisor"]
    category = stream.weighted(data["categories"])
    return Watch(
        after={
            act: _sometimes(stream, data[act], "after") for act in ("urge", "extend", "explain")
        },
        minutes=int(stream.weighted(data["minutes"])),
        ground=stream.of(texts()["grounds"]),
        category=category,
        reason=stream.of(texts()["reasons"][category]),
    )


def digest(plan: list[Planned]) -> str:
    """SHA-256 over all that is planned: two equal days have one digest."""
    text = json.dumps([asdict(case) for case in plan], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _sometimes(stream: Stream, data: dict, name: str) -> float | None:
    drawn = stream.minutes(data[name])
    return drawn if stream.happens(data["share"]) else None


def _returns(stream: Stream) -> tuple[PlannedReturn, ...]:
    """At most one a department."""
    returns = {}
    for department in flow.departments():
        for row in demo_desk(department).data.get("returns", ()):
            if stream.happens(row["share"]):
                fields = {name: value for name, value in row.items() if name != "share"}
                returns.setdefault(department, PlannedReturn(department, **fields))
    return tuple(returns.values())


def _review(stream: Stream) -> PlannedReview | None:
    data = day_data()["reviews"]
    level = stream.weighted(data["levels"])
    review = PlannedReview(
        level=int(level),
        service=stream.of(flow.usual()) if stream.happens(data["one_service"]) else "whole",
        by_code=stream.happens(data["by_code"]),
        confidential=stream.happens(data["confidential"]),
        words=stream.of(texts()["words"][level]) if stream.happens(data["with_words"]) else "",
        after=stream.minutes(data["after"]),
        contact=stream.minutes(data["contact"]),
        outcome=stream.of(texts()["outcomes"]),
    )
    return review if stream.happens(data["share"]) else None
