"""What each department is like in a demonstration: `demo.py` and `data/demo.json` of its folder, found here and read by
nobody else. All of it may be left out: a department without them has one officer, who closes every case as it stands.

`data/demo.json`:

    officers     user name → real name of its officers in the first zone; every other zone has the first of them
    units        user name → the unit that an officer is narrowed to, within the zone
    authorities  setting of a zone → who signs, with `{full_name}`, `{firm}` and so on of the zone (data/zones.json)
    service      company type → working minutes of a case at the desk (`draw.Stream.minutes`)
    returns      what it returns: `share` of the cases, and the fields of `plan.PlannedReturn`

`demo.py`:

    load(zone, place, data)       its own rows of a zone, from its row of data/zones.json; safe to run again
    typed(stream, company)        what the applicant will type on its page, as JSON values, drawn with the plan
    answers(drawn, filling)       the same as answers by section, once the form is filled in (`Filling`)
    put_right(application)        what the applicant gives for a return whose value is no other's
    work(play, officer, stage, minutes)   a script before the closing; returns how many of the minutes are left, None
                                  where the officer can't go on before the applicant has done something
    comes(application, at)        what the applicant does once an officer waited in vain
    granted(stage)                what the officer enters to close a stage
    beside(play)                  what there is to do beside the cases now, as (key, script); each key once a play
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec

from django.utils.timezone import localdate

from kernel.accounts.models import Zone
from kernel.core.departments import department


@dataclass(frozen=True)
class Filling:
    """Where and when the form is filled in."""

    zone: Zone
    at: datetime

    @property
    def day(self) -> date:
        return localdate(self.at)


def _nothing(*_given) -> dict:
    return {}


def _all_of_it(play, officer, stage, minutes: float):
    """No step of its own before the closing."""
    yield from ()
    return minutes


@dataclass(frozen=True)
class DemoDesk:
    """What stands above, by the same names."""

    data: dict
    load: Callable = _nothing
    typed: Callable = _nothing
    answers: Callable = _nothing
    put_right: Callable = _nothing
    work: Callable = _all_of_it
    comes: Callable = _nothing
    granted: Callable = _nothing
    beside: Callable = _nothing


ACTS = tuple(part.name for part in fields(DemoDesk) if part.name != "data")


@cache
def demo_desk(code: str) -> DemoDesk:
    """How a department shows itself. Raises KeyError for a code that no department has."""
    folder = department(code).urls.rpartition(".")[0]
    acts = vars(import_module(f"{folder}.demo")) if find_spec(f"{folder}.demo") else {}
    written = files(folder) / "data" / "demo.json"
    data = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    data = {"officers": {code.replace("_", "-"): ""}} | data
    return DemoDesk(data, **{name: acts[name] for name in ACTS if name in acts})
