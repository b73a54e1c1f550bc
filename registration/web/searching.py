"""What answers while somebody types: industries, scope items, the composed company name. Nothing is stored here."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registration import catalogue
from registration.filing import NAME_PARTS
from registration.web.draft import Draft, own_draft
from registration.web.forms.company import NameForm, ScopeForm, industry_choices, name_findings
from registration.web.signed_in import signed_in

INDUSTRIES, ITEMS = 40, 20  # shown at once
LONGEST_QUERY = 40  # characters


@signed_in()
def industries(request):
    """The options of the industry list: what matches the words typed, or all of them by section."""
    query = request.GET.get("industry_q", "")[:LONGEST_QUERY]
    chosen, found = request.GET.get("industry", ""), None
    if query:
        kept = [entry for entry in catalogue.industries() if entry.code == chosen]
        found = kept + [entry for entry in catalogue.search_industries(query, INDUSTRIES) if entry not in kept]
    context = {"groups": industry_choices(chosen, found), "chosen": chosen}
    return render(request, "registration/_industries.html", context)


@signed_in()
@never_cache
@require_POST
def scope_look(request, ref):
    """The scope items: those chosen on the page first, then what matches, or what fits the industry."""
    form = ScopeForm(own_draft(request.user, ref), request.POST)
    query = request.POST.get("items_q", "")[:LONGEST_QUERY]
    return render(request, "registration/_scope.html", {"found": scope_block(form, query)})


def scope_block(form: ScopeForm, query: str) -> dict:
    """`chosen` and `offered` scope items."""
    chosen = form.chosen()
    offered = catalogue.search_scope(query, ITEMS + len(chosen), industry=form.now("industry") or None)
    return {"chosen": chosen, "offered": [item for item in offered if item not in chosen][:ITEMS], "query": query}


@signed_in()
@never_cache
@require_POST
def name_look(request, ref):
    """The name as it would be, and what the rules on names say of it."""
    draft = own_draft(request.user, ref)
    return render(request, "registration/_name.html", name_block(draft, NameForm(draft, request.POST).typed()))


def name_block(draft: Draft, typed: dict) -> dict:
    """`composed`, and `findings` as {kind, text, fix}: of the name engine, and of the standards on the name."""
    values = {part: str(typed.get(part, "")) for part in NAME_PARTS}
    composed = "".join(values[part].strip() for part in NAME_PARTS)
    found = [
        {"kind": "error" if finding.blocks else "warning", "text": finding.sentence, "fix": finding.how_to_fix}
        for finding in name_findings(values)
    ]
    if not found and all(values.values()):
        found = [
            {"kind": "error", "text": finding.detail, "fix": finding.standard.fix}
            for finding in draft.findings(draft.with_section("name", {**typed, **values}))
            if finding.failed and all(key.startswith("name.") for key in finding.fields)
        ]
    return {"composed": composed if values["trade_name"] else "", "complete": all(values.values()), "findings": found}
