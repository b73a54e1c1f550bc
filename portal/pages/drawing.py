"""The flow as a drawing to scale, computed from the flow's own table: nothing here knows a budget."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts.zone_settings import in_force
from kernel.core import departments
from kernel.form import flow

COLUMNS = 24  # of the grid that pages.css draws the flow on
TICK = 15  # minutes


@dataclass(frozen=True)
class Bar:
    """A stretch of the flow: `start` and `minutes` on the clock; `at` and `columns` on the grid, `row` from 1."""

    parts: list
    start: int
    minutes: int
    row: int
    total: int

    @property
    def at(self):
        return round(self.start / self.total * COLUMNS) + 1

    @property
    def columns(self):
        return max(1, round(self.minutes / self.total * COLUMNS))

    @property
    def after(self):
        """Where a note beside the bar begins, and how far it reaches."""
        return self.at + self.columns

    @property
    def rest(self):
        return COLUMNS + 1 - self.after

    @property
    def end(self):
        return self.start + self.minutes

    @property
    def short(self):
        return self.columns <= COLUMNS // 4


@dataclass(frozen=True)
class Drawing:
    total: int
    serial: list = field(default_factory=list)
    parallel: list = field(default_factory=list)
    ticks: list = field(default_factory=list)

    @property
    def serial_minutes(self):
        return sum(bar.minutes for bar in self.serial)

    @property
    def parallel_minutes(self):
        return max((bar.minutes for bar in self.parallel), default=0)

    @property
    def serial_columns(self):
        return sum(bar.columns for bar in self.serial)

    @property
    def parallel_at(self):
        return self.serial_columns + 1

    @property
    def parallel_columns(self):
        return COLUMNS - self.serial_columns

    def label_at(self, minutes):
        """First of the ten columns that a label centred on `minutes` takes, kept within the grid."""
        return min(max(1, round(minutes / self.total * COLUMNS) - 4), COLUMNS - 9)


def _part(department):
    registered = departments.department(department)
    return {"department": department, "title": registered.title, "note": registered.note}


def flow_drawing(zone_settings=None):
    """The flow under a zone's budgets: blocks one after another, then bars side by side."""
    settings = zone_settings or {}
    total = flow.budget("total", settings)
    serial, parallel, reached = [], [], 0
    here = departments.at_work(in_force(settings, "departments"))
    for wave in flow.waves():
        at_work = [name for name in wave.departments if name in here]
        if len(at_work) > 1:
            for row, department in enumerate(at_work, start=1):
                minutes = flow.budget(flow.stage_clocks()[department], settings)
                parallel.append(Bar([_part(department)], reached, minutes, row, total))
            continue
        clock = flow.stage_clocks()[at_work[0]]
        if (
            serial
            and clock in flow.clocks()
            and set(at_work) <= set(flow.clocks()[clock].covers)
            and reached
        ):
            serial[-1].parts.append(_part(at_work[0]))
            continue
        serial.append(Bar([_part(at_work[0])], reached, flow.budget(clock, settings), 1, total))
        reached += serial[-1].minutes
    ticks = [
        {"minutes": at, "at": round(at / total * COLUMNS) + 1, "edge": at in (0, reached)}
        for at in range(0, total, TICK)
    ]
    return Drawing(total, serial, parallel, ticks)


LANE, LEFT, SCALE, HEAD = (
    64,
    164,
    8,
    56,
)  # swimlanes, in user units: height, first minute, units a minute, headings


def swimlanes(drawing):
    """The same flow with a lane for the applicant and for each department; boxes in the drawing's own units."""
    serial = [
        (part, bar, index, len(bar.parts))
        for bar in drawing.serial
        for index, part in enumerate(bar.parts)
    ]
    parallel = [(bar.parts[0], bar, 0, 1) for bar in drawing.parallel]
    lanes = [
        {
            "title": pgettext_lazy("lane", "You"),
            "y": HEAD,
            "boxes": [
                {"x": LEFT - 4, "width": 92, "y": HEAD + 14, "title": _("File"), "minutes": None}
            ],
        }
    ]
    for place, (part, bar, index, count) in enumerate([*serial, *parallel], start=1):
        width = bar.minutes * SCALE / count
        x = LEFT + bar.start * SCALE + index * width
        y = HEAD + place * LANE
        lanes.append(
            {
                "title": part["title"],
                "y": y,
                "boxes": [
                    {
                        "x": x,
                        "y": y + 14,
                        "width": width,
                        "minutes": bar.minutes if count == 1 else None,
                        "title": "",
                        "together": bar.minutes if count > 1 and index == 0 else None,
                    }
                ],
            }
        )
    return {
        "lanes": lanes,
        "height": HEAD + len(lanes) * LANE,
        "width": LEFT + drawing.total * SCALE + 24,
        "left": LEFT,
        "limit_x": LEFT + drawing.total * SCALE,
        "fork_x": LEFT + drawing.serial_minutes * SCALE,
        "ticks": [
            {
                "x": LEFT + tick["minutes"] * SCALE,
                "minutes": tick["minutes"],
                "named": drawing.total - tick["minutes"] > TICK,
            }  # the limit's own words stand beside the last
            for tick in drawing.ticks
        ],
    }


CHART, BOX, GAP, TOP = (
    360,
    52,
    28,
    8,
)  # flow chart, in user units: width, height of a box, between boxes, above all


def flowchart(drawing):
    """The way of a case as boxes and arrows, downwards: one row a wave, the departments of a wave side by side.

    `groups` frame the rows that share a clock; `arrows` are lines with a head, `lines` have none.
    """
    rows, shared = _rows(drawing)
    lines, arrows, y = [], [], TOP
    for place, row in enumerate(rows):
        if place:
            wide = (
                len(row) > 1
                or len(rows[place - 1]) > 1
                or any(places[0] == place for _minutes, places in shared)
            )
            y += BOX + GAP * (2 if wide else 1)
        _lay(row, y)
        if place:
            _join(rows[place - 1], row, lines, arrows)
    groups = [
        {
            "y": rows[places[0]][0]["y"] - 10,
            "height": (BOX + GAP) * len(places) - GAP + 20,
            "minutes": minutes,
        }
        for minutes, places in shared
    ]
    boxes = [box for row in rows for box in row]
    return {
        "boxes": boxes,
        "lines": lines,
        "arrows": arrows,
        "groups": groups,
        "width": CHART,
        "box": BOX,
        "height": y + BOX + TOP,
    }


def _rows(drawing):
    """The boxes of each row; and of each clock that covers several rows, its minutes and the places of the rows."""
    rows, shared = [[{"title": _("You submit"), "kind": "you"}]], []
    for bar in drawing.serial:
        several = len(bar.parts) > 1
        if several:
            shared.append((bar.minutes, range(len(rows), len(rows) + len(bar.parts))))
        rows += [
            [{"title": part["title"], "minutes": None if several else bar.minutes}]
            for part in bar.parts
        ]
    rows.append(
        [{"title": bar.parts[0]["title"], "minutes": bar.minutes} for bar in drawing.parallel]
    )
    rows.append([{"title": _("Done"), "kind": "done"}])
    return rows, shared


def _lay(row, y):
    """Place the boxes of a row, centred."""
    width = 184 if len(row) == 1 else (CHART - 16 * (len(row) - 1)) / len(row)
    left = (CHART - (width + 16) * len(row) + 16) / 2
    for number, box in enumerate(row):
        x = left + number * (width + 16)
        box |= {"x": x, "y": y, "width": width, "half": width / 2, "middle": x + width / 2}


def _join(above, below, lines, arrows):
    """Lines from the boxes above to those below: straight where both are one, else over a bar half-way."""
    start, end = above[0]["y"] + BOX, below[0]["y"]
    if len(above) == len(below) == 1:
        arrows.append({"x": CHART / 2, "y1": start, "y2": end})
        return
    middle = (start + end) / 2
    wide = above if len(above) > 1 else below
    lines += [
        {"x1": box["middle"], "x2": box["middle"], "y1": start, "y2": middle} for box in above
    ]
    lines.append({"x1": wide[0]["middle"], "x2": wide[-1]["middle"], "y1": middle, "y2": middle})
    arrows += [{"x": box["middle"], "y1": middle, "y2": end} for box in below]
