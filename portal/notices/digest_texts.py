"""What a digest says: how many cases are late or near it, and which; read from what the digest kept."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.form import flow

SHOWN = 10  # numbers in the text; the page of the digest has all


def title(params: dict) -> str:
    late = sum(case["late"] for case in params["cases"])
    near = len(params["cases"]) - late
    if not late:
        return ngettext(
            "Digest: %(n)s case near its limit", "Digest: %(n)s cases near their limit", near
        ) % {"n": near}
    if not near:
        return ngettext("Digest: %(n)s case late", "Digest: %(n)s cases late", late) % {"n": late}
    return _("Digest: %(late)s late, %(near)s near their limit") % {"late": late, "near": near}


def body(params: dict) -> str:
    numbers = pgettext("list", ", ").join(case["number"] for case in params["cases"][:SHOWN])
    more = len(params["cases"]) - SHOWN
    if more <= 0:
        return _("Not in your hands: %(numbers)s.") % {"numbers": numbers}
    return _("Not in your hands: %(numbers)s and %(more)s more.") % {
        "numbers": numbers,
        "more": more,
    }


def clocks(case: dict) -> str:
    return pgettext("list", ", ").join(str(flow.clock_label(name)) for name in case["clocks"])
