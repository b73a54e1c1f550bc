"""What the charts draw, as plain data; the words are translated here, the look is static/js/figures.js.

Each chart stands on the page with the table of the same figures behind it.
"""

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.supervision.figures import Figures


def of(figures: Figures) -> dict:
    """The data of all charts, for `json_script`; a chart without anything to draw is None."""
    return {
        "locale": "ZH" if (get_language() or "").startswith("zh") else "EN",
        "stages": _stages(figures),
        "days": _days(figures),
        "hours": _hours(figures),
        "types": _types(figures),
    }


def _stages(figures: Figures) -> dict | None:
    rows = [row for row in figures.times if row.n]
    return (
        rows
        and {
            "unit": _("working minutes"),
            "categories": [str(row.label) for row in rows],
            "series": [
                {"name": _("Half within (p50)"), "values": [row.p50 for row in rows]},
                {"name": _("Nine in ten within (p90)"), "values": [row.p90 for row in rows]},
                {"name": _("Weighted average"), "values": [round(row.mean, 1) for row in rows]},
            ],
            "limit": {"name": _("Standard"), "values": [row.standard for row in rows]},
        }
        or None
    )


def _days(figures: Figures) -> dict | None:
    rows = figures.days
    return (
        rows
        and {
            "unit": pgettext("unit", "cases"),
            "categories": [date_format(row["day"], pgettext("date format", "j F")) for row in rows],
            "series": [
                {
                    "name": pgettext("count of cases", "Filed"),
                    "values": [row["filed"] for row in rows],
                },
                {
                    "name": pgettext("count of cases", "Completed"),
                    "values": [row["completed"] for row in rows],
                },
                {"name": _("Over the limit"), "values": [row["over"] for row in rows], "bad": True},
            ],
        }
        or None
    )


def _hours(figures: Figures) -> dict | None:
    return (
        figures.hours
        and {
            "unit": pgettext("unit", "cases"),
            "categories": [f"{hour}:00" for hour, _n, _url in figures.hours],
            "series": [
                {"name": _("Cases filed"), "values": [n for _hour, n, _url in figures.hours]}
            ],
        }
        or None
    )


def _types(figures: Figures) -> dict | None:
    """The whole case by company type."""
    rows = [(name, times[-1]) for name, times in figures.times_by_type if times and times[-1].n]
    return (
        rows
        and {
            "unit": _("working minutes"),
            "categories": [name for name, _row in rows],
            "series": [
                {"name": _("Half within (p50)"), "values": [row.p50 for _name, row in rows]},
                {"name": _("Nine in ten within (p90)"), "values": [row.p90 for _name, row in rows]},
                {
                    "name": _("Weighted average"),
                    "values": [round(row.mean, 1) for _name, row in rows],
                },
            ],
            "limit": {"name": _("Standard"), "values": [row.standard for _name, row in rows]},
        }
        or None
    )
