"""A name that says "group": what the regulation asks of its bearer, as far as a system can see it."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.form.codes import uscc_check
from kernel.form.filing import Filing
from kernel.standards.display import typed, yuan
from kernel.standards.rules.registry import Finding, listing, run_on

MEMBERS, PARENT = "name.group_members", "name.group_parent"


def group_fault(filing: Filing) -> Finding | None:
    """Why a name may not say "group" yet; None where a person at the window can decide."""
    if filing.kind and not filing.kind.articles:
        return Finding(_("Only a company can be part of a group."), ("name.industry_term",))
    if typed(filing, PARENT).strip():
        return None
    members = codes(filing)
    if not members:
        sentence = _(
            "“Group” needs the codes of the companies that this one controls, or the group's parent company."
        )
        return Finding(sentence, (MEMBERS, PARENT))
    return _fault_of_codes(members) or _too_few(filing, members) or _too_little(filing)


def codes(filing: Filing) -> list[str]:
    """The unified social credit codes of the companies that this one controls, each once, right or wrong."""
    written = re.split(r"[\s,;\uff0c\uff1b\u3001]+", typed(filing, MEMBERS))
    return list(dict.fromkeys(uscc_check(code).value for code in written if code))


def group_of(filing: Filing) -> list[str]:
    """The parent company as it was typed, else the codes of the companies that this one controls."""
    parent = typed(filing, PARENT).strip()
    return [parent] if parent else codes(filing)


def told(filing: Filing) -> str:
    """What the applicant says of the group, for whoever decides."""
    if parent := typed(filing, PARENT).strip():
        return _("The parent company of the group: %(name)s.") % {"name": parent}
    return _("The companies that it controls: %(codes)s.") % {"codes": listing(codes(filing))}


def _fault_of_codes(members: list[str]) -> Finding | None:
    wrong = [code for code in members if uscc_check(code).blocks]
    if not wrong:
        return None
    sentence = _("No unified social credit code: %(codes)s.") % {"codes": listing(wrong)}
    return Finding(
        run_on([sentence, _("Write the codes one a line, as on the licences.")]), (MEMBERS,)
    )


def _too_few(filing: Filing, members: list[str]) -> Finding | None:
    least = filing.group_members_least
    if len(members) >= least:
        return None
    sentence = ngettext(
        "%(n)s company is named; the parent of a group controls at least %(least)s.",
        "%(n)s companies are named; the parent of a group controls at least %(least)s.",
        len(members),
    )
    return Finding(sentence % {"n": len(members), "least": least}, (MEMBERS,))


def _too_little(filing: Filing) -> Finding | None:
    """The capital has a page of its own, which may come later: it is said there."""
    least = filing.group_capital_least * 100
    if not least or filing.capital_fen is None or filing.capital_fen >= least:
        return None
    sentence = _("The parent of a group has a registered capital of at least %(amount)s.")
    return Finding(sentence % {"amount": yuan(least)}, ("capital.amount", MEMBERS))
