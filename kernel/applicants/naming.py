"""The name as it would be, and what the rules and the register say of it, while somebody types. Nothing is stored here
but a reservation."""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel import names
from kernel.applicants.draft import Draft, own_draft
from kernel.applicants.forms.company import NameForm
from kernel.applicants.signed_in import signed_in
from kernel.cases import actions, register
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import NAME_PARTS, Filing, full_name

SHOWN = 5  # names of one kind; the rest is counted
LOOKS, WINDOW = 90, 60  # looks of one person within so many seconds


@dataclass(frozen=True)
class Look:
    """What the page shows of a name.

    `faults` and `cautions` are findings about the name itself; `same`, `similar` and `near` those about other names,
    of which SHOWN are listed. `asks_reason` says that a word is refused unless the applicant says why it may stand
    (`reason`), `is_asked` that a person at the window decides. `mark` is what the undertaking on the similar names is
    ticked with.
    """

    composed: str
    is_complete: bool = False
    faults: tuple = ()
    asks_reason: bool = False
    reason: str = ""
    is_asked: bool = False
    cautions: tuple = ()
    same: tuple = ()
    similar: tuple = ()
    near: tuple = ()
    mark: str = ""
    is_undertaken: bool = False
    free: tuple[names.NameParts, ...] = ()
    is_held: bool = False
    is_draft: bool = True
    months: int = 0
    reserved_until: date | None = None
    is_busy: bool = False

    @property
    def is_clear(self) -> bool:
        """Nothing stands against the name, or what does is undertaken."""
        settled = self.is_undertaken or not self.similar
        return self.is_complete and settled and not (self.faults or self.same)

    @property
    def shown(self) -> dict[str, tuple]:
        return {kind: getattr(self, kind)[:SHOWN] for kind in ("same", "similar", "near")}

    @property
    def more(self) -> dict[str, int]:
        return {
            kind: max(0, len(getattr(self, kind)) - SHOWN) for kind in ("same", "similar", "near")
        }


@signed_in()
@never_cache
@require_POST
def look(request, ref):
    """The name as it would be, and what is to be said of it. Who asks too often in a while waits a few seconds."""
    draft = own_draft(request.user, ref)
    typed = NameForm(draft, request.POST).typed()
    found = (
        Look(full_name(typed), is_busy=True)
        if _too_often(request.user.pk)
        else look_at(draft, typed)
    )
    context = {"look": found, "application": draft.application, "oob": True}
    return render(request, "applicants/_name.html", context)


def look_at(draft: Draft, typed: dict) -> Look:
    """What the page says of the four parts as typed; nothing without a trade name."""
    filing = draft.with_section("name", {**draft.stored("name"), **typed})
    if not filing.answer("name.trade_name"):
        return Look("")
    found = register.findings_of(filing)
    own, taken = (
        [one for one in found if (one.taken is None) == is_own] for is_own in (True, False)
    )
    filing = replace(filing, names_found=taken)
    is_complete = all(filing.answer(f"name.{part}") for part in NAME_PARTS)
    reason = str(typed.get("word_reason") or "").strip()
    faults = [finding for finding in own if finding.blocks and not (finding.asks and reason)]
    stands_against = any(one.part == "trade_name" and one.severity != names.NOTE for one in found)
    mark = names.undertaking_mark(taken)
    severities = (names.BLOCK, names.WARN, names.NOTE)
    same, similar, near = (
        tuple(one for one in taken if one.severity == severity) for severity in severities
    )
    return Look(
        composed=filing.name,
        is_complete=is_complete,
        faults=tuple(faults or (_by_standards(draft, filing) if is_complete else ())),
        asks_reason=any(finding.asks and finding.blocks for finding in own),
        reason=reason,
        is_asked=any(finding.asks for finding in own),
        cautions=tuple(finding for finding in own if finding not in faults),
        same=same,
        similar=similar,
        near=near,
        mark=mark,
        is_undertaken=bool(mark) and typed.get("undertaking") == mark,
        free=tuple(register.alternatives_to(filing)) if stands_against else (),
        is_held=filing.holds_name,
        is_draft=draft.application.state == flow.DRAFT,
        months=register.months_reserved(draft.zone, filing),
        reserved_until=draft.application.name_reserved_until if filing.holds_name else None,
    )


def _by_standards(draft: Draft, filing: Filing) -> list[dict]:
    """What the standards say of the name beyond the rules of the engine, in the shape of its findings."""
    return [
        {
            "sentence": finding.detail,
            "how_to_fix": finding.standard.fix,
            "ground": finding.standard.ground,
        }
        for finding in draft.findings(filing)
        if finding.failed
        and finding.standard.rule != "name_is_free"
        and all(key.startswith("name.") for key in finding.fields)
    ]


def reserve(request, draft: Draft):
    """Reserve the stored name and say so, or say why not. Returns to the page of the name."""
    try:
        application = actions.reserve_name(actor=request.user, application_id=draft.application.pk)
    except Incomplete as incomplete:
        for sentence, _fields in incomplete.problems:
            messages.error(request, sentence)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        day = date_format(certain(application.name_reserved_until), "DATE_FORMAT")
        messages.success(request, _("The name is reserved for you until %(day)s.") % {"day": day})
    return redirect("filing:page", ref=draft.application.number, section="name")


def _too_often(user_id: int) -> bool:
    """Count a look of this person; whether there were more than LOOKS in this while."""
    key = f"name-looks:{user_id}:{int(now().timestamp()) // WINDOW}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, WINDOW)
    return count > LOOKS
