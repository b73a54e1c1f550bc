"""A digest as its reader sees it now: its cases, and which of them were settled meanwhile."""

from kernel.cases.models import Application
from kernel.sla.models import Clock
from portal.notices import digest_texts
from portal.notices.destinations import case_page
from portal.notices.models import Notice


def rows(user, notice: Notice) -> list[dict]:
    listed = notice.params["cases"]
    visible = Application.objects.for_user(user).defer("answers")
    cases = visible.in_bulk([case["case"] for case in listed])
    going = set(
        Clock.objects.filter(
            owner__in=[case.uid for case in cases.values()], state=Clock.State.RUNNING
        ).values_list("owner", "name")
    )
    return [_row(user, case, cases.get(case["case"]), going) for case in listed]


def _row(user, case: dict, application: Application | None, going: set) -> dict:
    stands = application and any((application.uid, name) in going for name in case["clocks"])
    return {
        "number": case["number"],
        "clocks": digest_texts.clocks(case),
        "late": case["late"],
        "settled": not stands,
        "url": case_page(user, application) if application else "",
    }
