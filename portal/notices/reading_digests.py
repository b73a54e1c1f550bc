"""A digest as its reader sees it now: its cases, and which of them were settled meanwhile."""

from kernel.cases.models import Application
from portal.notices import digest_texts
from portal.notices.destinations import case_page
from portal.notices.digest import standing
from portal.notices.models import Notice


def rows(user, notice: Notice) -> list[dict]:
    listed = notice.params["cases"]
    keys = [case["case"] for case in listed]
    cases = Application.objects.for_user(user).defer("answers").in_bulk(keys)
    stands = standing(user, keys)
    return [_row(user, case, cases.get(case["case"]), stands) for case in listed]


def _row(user, case: dict, application: Application | None, stands: set) -> dict:
    return {
        "number": case["number"],
        "clocks": digest_texts.clocks(case),
        "late": case["late"],
        "settled": not any((case["case"], name) in stands for name in case["clocks"]),
        "url": case_page(user, application) if application else "",
    }
