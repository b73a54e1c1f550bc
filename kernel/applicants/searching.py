"""What answers while somebody types: industries and scope items (names: `naming`). Nothing is stored here."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel import catalogue
from kernel.applicants.draft import own_draft
from kernel.applicants.forms.company import ScopeForm, industry_choices
from kernel.applicants.signed_in import signed_in

INDUSTRIES, ITEMS = 40, 20  # shown at once
LONGEST_QUERY = 40  # characters


@signed_in()
def industries(request):
    """The options of the industry list: what matches the words typed, or all of them by section."""
    query = request.GET.get("industry_q", "")[:LONGEST_QUERY]
    chosen, found, more = request.GET.get("industry", ""), None, False
    if query:
        kept = catalogue.industries.find(chosen)
        found = [
            entry for entry in catalogue.search_industries(query, INDUSTRIES + 1) if entry != kept
        ]
        more = len(found) > INDUSTRIES
        found = [kept, *found[:INDUSTRIES]] if kept else found[:INDUSTRIES]
    context = {"groups": industry_choices(chosen, found, more), "chosen": chosen}
    return render(request, "applicants/_industries.html", context)


@signed_in()
@never_cache
@require_POST
def scope_look(request, ref):
    """The scope items: those chosen on the page first, then what matches, or what fits the industry."""
    form = ScopeForm(own_draft(request.user, ref), request.POST)
    return render(
        request,
        "applicants/_scope.html",
        {"found": scope_block(form, request.POST.get("items_q", ""))},
    )


def scope_block(form: ScopeForm, query: str) -> dict:
    """`chosen` and `offered` scope items: what matches the query, or what fits the industry; nothing before either.
    `more` says that there are others."""
    query = query[:LONGEST_QUERY].strip()
    chosen, industry = form.chosen(), catalogue.industries.find(form.now("industry"))
    offered = []
    if query or industry:
        found = catalogue.search_scope(
            query, ITEMS + len(chosen) + 1, industry=industry.code if industry else None
        )
        offered = [item for item in found if item not in chosen]
    return {
        "chosen": chosen,
        "offered": offered[:ITEMS],
        "query": query,
        "industry": industry,
        "more": len(offered) > ITEMS,
    }
