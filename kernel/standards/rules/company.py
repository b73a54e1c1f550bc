"""Rules on the company type, the business scope, the address and the capital."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel import catalogue
from kernel.form.choices import AddressProof, ContributionForm
from kernel.form.filing import Filing, read_date
from kernel.standards.display import typed, yuan
from kernel.standards.rules.registry import (
    Finding,
    labels,
    lacking,
    listing,
    missing,
    misspelt,
    needs,
    not_chosen,
    of_people,
    rule,
    together,
)

SMALL_FEN = 10_000 * 100  # a capital below it may be meant in ten thousands: the applicant is asked
YEARS_TO_PAY = 5  # Company Law, article 47


@rule
def company_type_fits_shareholders(filing: Filing) -> Finding | None:
    kind = filing.kind
    if kind is None:
        return Finding(_("Choose a company type."), ("name.company_type",))
    if not kind.enabled:
        return Finding(_("Companies of this type can't be filed here yet."), ("name.company_type",))
    count = len(filing.shareholders)
    if not kind.min_shareholders <= count <= kind.max_shareholders:
        return Finding(
            _("%(summary)s “%(field)s” names %(count)s.")
            % {
                "summary": kind.summary,
                "field": labels(filing, ("shareholders.people",)),
                "count": count,
            }
        )
    strangers = [person.called for person in filing.shareholders if not kind.takes(person.kind)]
    if strangers:
        return Finding(
            _("%(summary)s This doesn't include %(names)s.")
            % {"summary": kind.summary, "names": listing(strangers)}
        )
    return None


@rule
@needs("shareholders.contribution")
def company_type_fits_the_majority(filing: Filing) -> Finding | None:
    """Who holds more than half of a company of several shareholders decides its type."""
    right = type_by_the_majority(filing)
    if right is None or right == filing.kind:
        return None
    if not any(person.is_legal for person in filing.shareholders):
        return Finding(
            _("All shareholders are natural persons, so the company type is “%(type)s”.")
            % {"type": right.name}
        )
    sentence = _(
        "Natural persons hold %(share)s %% of the capital, so the company type is “%(type)s”."
    )
    return Finding(
        sentence
        % {
            "share": _percent(_of_natural_persons(filing), filing.contributed_fen),
            "type": right.name,
        }
    )


def type_by_the_majority(filing: Filing) -> catalogue.CompanyType | None:
    """The type that the shareholders and their contributions decide; None where they don't, or it can't be told yet."""
    people = filing.shareholders
    if filing.kind is None or not filing.kind.majority or not people:
        return None
    if not any(person.is_legal for person in people):
        return catalogue.type_by_majority("natural")
    if any(person.contribution_fen is None for person in people):
        return None
    natural = 2 * _of_natural_persons(filing) > filing.contributed_fen
    return catalogue.type_by_majority("natural" if natural else "legal")


def _of_natural_persons(filing: Filing) -> int:
    return sum(
        person.contribution_fen or 0 for person in filing.shareholders if not person.is_legal
    )


def _percent(part: int, whole: int) -> str:
    """With two decimals at most, cut off: just below a half is not sentence to be the half."""
    share = part * 10_000 // whole
    return f"{share // 100}.{share % 100:02}".rstrip("0").rstrip(".")


@rule
def industry_is_known(filing: Filing) -> Finding | None:
    code = typed(filing, "scope.industry").strip()
    if not code:
        return Finding(_("No main industry is chosen."))
    industry = catalogue.industries.find(code)
    if industry is None:
        return Finding(_("“%(code)s” is not a class of the industry standard.") % {"code": code})
    if industry.level != "class":
        return Finding(
            _("“%(code)s” is not precise enough: choose a class with four digits.") % {"code": code}
        )
    return None


@rule
def scope_has_items(filing: Filing) -> Finding | None:
    if not filing.scope_codes:
        return Finding(_("No business scope item is chosen."))
    unknown = [code for code in filing.scope_codes if catalogue.scope_items.find(code) is None]
    return (
        Finding(_("Not a standard item: %(items)s.") % {"items": listing(map(str, unknown))})
        if unknown
        else None
    )


@rule
def permits_are_named(filing: Filing) -> Finding | None:
    """Never fails: some items need a permit after the licence, and the applicant is told which."""
    items = [item for item in catalogue.chosen_items(filing.scope_codes) if item.permit]
    if not items:
        return None
    note = _("To be applied for after the licence: %(permits)s.") % {
        "permits": _("; ").join(_needed(item, item.permit) for item in items if item.permit)
    }
    return Finding(note, is_note=True)


def _needed(item: catalogue.ScopeItem, permit: catalogue.Permit | catalogue.Approval) -> str:
    """An item with what it needs, and from whom where that is known."""
    sentence = _("%(item)s: %(permit)s (%(by)s)") if permit.by else _("%(item)s: %(permit)s")
    return sentence % {"item": item.name, "permit": permit, "by": permit.by}


@rule
def prior_approvals_are_given(filing: Filing) -> Finding | None:
    """What nobody registers without an approval: its number and the paper are there, of each approval."""
    items = [
        item for item in catalogue.chosen_items(filing.scope_codes) if item.comes_after_approval
    ]
    if not items:
        return None
    needed = {item.approval for item in items}
    keys = []
    if len(filing.approval_numbers) < len(needed):
        keys.append("scope.approval")
    if not filing.materials.get("prior_approval"):
        keys.append("materials.prior_approval")
    if not keys:
        return None
    sentence = _("Needed before the registration: %(approvals)s. Still missing: %(fields)s.")
    shown = {
        "approvals": _("; ").join(_needed(item, item.approval) for item in items if item.approval),
        "fields": labels(filing, keys),
    }
    return Finding(sentence % shown, tuple(keys))


@rule
def doubtful_approvals_are_looked_at(filing: Filing) -> Finding | None:
    """Where no list in force says whether an item needs an approval before the registration, the window does."""
    items = [
        item for item in catalogue.chosen_items(filing.scope_codes) if item.may_come_after_approval
    ]
    if not items:
        return None
    sentence = _("Whether this is needed before the registration, and is there: %(approvals)s.")
    approvals = _("; ").join(_needed(item, item.approval) for item in items if item.approval)
    return Finding(sentence % {"approvals": approvals}, asks=True)


@rule
def address_is_complete(filing: Filing) -> Finding | None:
    unsaid = missing(filing, ["address.division", "address.detail"])
    open_fields = lacking(filing, unsaid + not_chosen(filing, ["address.proof"]))
    return together(open_fields, misspelt(filing, ["address.detail"]))


@rule
def lease_goes_on(filing: Filing) -> Finding | None:
    if typed(filing, "address.proof") != AddressProof.LEASED:
        return None
    until = read_date(typed(filing, "address.lease_until"))
    if until is None:
        return Finding(_("The date on which the lease ends is missing or can't be read."))
    if until <= filing.filed_on:
        return Finding(
            _("The lease ends on %(day)s, before the company begins.")
            % {"day": date_format(until, "DATE_FORMAT")}
        )
    return None


@rule
def capital_is_an_amount(filing: Filing) -> Finding | None:
    if filing.capital_fen:
        return None
    return Finding(
        _("“%(field)s” is not an amount above zero, in yuan with at most two decimals.")
        % {"field": labels(filing, ("capital.amount",))}
    )


@rule
def small_capital_is_meant(filing: Filing) -> Finding | None:
    if not filing.capital_fen or filing.capital_fen >= SMALL_FEN:
        return None
    shown = {"amount": yuan(filing.capital_fen)}
    if filing.capital_is_meant:
        return Finding(
            _("The amount is %(amount)s; the applicant has confirmed it.") % shown, is_note=True
        )
    sentence = _("The amount entered is only %(amount)s.")
    return Finding(sentence % shown, ("capital.amount", "capital.meant"))


@rule
def property_is_chosen(filing: Filing) -> Finding | None:
    return lacking(filing, not_chosen(filing, ["capital.property"]))


@rule
def capital_is_paid_in_time(filing: Filing) -> Finding | None:
    if filing.paid_by is None:
        return Finding(_("The day by which the capital is paid in is missing or can't be read."))
    fault = deadline_fault(filing, filing.paid_by)
    return Finding(fault) if fault else None


@rule
@needs("shareholders.contribution")
def contributions_add_up(filing: Filing) -> Finding | None:
    people = filing.shareholders
    unread = [
        person.called
        for person in people
        if person.contribution_fen is None
        or person.contribution_form not in ContributionForm.values
    ]
    if unread:
        sentence = _("The contribution is missing or can't be read: %(names)s.") % {
            "names": listing(unread)
        }
        return Finding(sentence, ("shareholders.people",))
    if not people or filing.capital_fen is None or not filing.uncontributed_fen:
        return None
    return Finding(
        _("The contributions come to %(total)s, the registered capital is %(capital)s.")
        % {"total": yuan(filing.contributed_fen), "capital": yuan(filing.capital_fen)}
    )


@rule
@needs("shareholders.contribution")
def contributions_are_due_in_time(filing: Filing) -> Finding | None:
    faults = []
    for person in filing.shareholders:
        day = person.contribution_due_on
        fault = deadline_fault(filing, day) if day else _("The day is missing or can't be read.")
        if fault:
            faults.append((person, fault))
    return Finding(of_people(faults)) if faults else None


def deadline_fault(filing: Filing, day: date) -> str | None:
    last = last_day_to_pay(filing.filed_on)
    shown = {"day": date_format(day, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
    if day < filing.filed_on:
        return _("%(day)s has already passed.") % shown
    if day > last:
        return _("%(day)s is more than five years away; the last possible day is %(last)s.") % shown
    return None


def last_day_to_pay(day: date) -> date:
    """Company Law, article 47: within five years of establishment, reckoned here from the day of filing; the same day
    of that year, or 28 February instead of a missing 29th."""
    try:
        return day.replace(year=day.year + YEARS_TO_PAY)
    except ValueError:
        return day.replace(year=day.year + YEARS_TO_PAY, day=28)
