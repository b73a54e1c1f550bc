"""What answers while somebody types: industries and scope items (names: `naming`). Nothing is stored here."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel import catalogue
from kernel.applicants.draft import filled_draft
from kernel.applicants.pages.company import LONGEST_QUERY, ScopePage, industry_choices
from kernel.applicants.signed_in import signed_in
from kernel.core import requested

INDUSTRIES = 40  # shown at once


@signed_in()
def industries(request):
    """The options of the industry list: what matches the words typed, or all of them by section."""
    query = requested.text(request, "industry_q")[:LONGEST_QUERY]
    chosen, matching, more = requested.text(request, "industry"), None, False
    if query:
        kept = catalogue.industries.find(chosen)
        matching = [
            entry for entry in catalogue.search_industries(query, INDUSTRIES + 1) if entry != kept
        ]
        more = len(matching) > INDUSTRIES
        matching = [kept, *matching[:INDUSTRIES]] if kept else matching[:INDUSTRIES]
    context = {"groups": industry_choices(chosen, matching, more), "chosen": chosen}
    return render(request, "applicants/_industries.html", context)


@signed_in()
@never_cache
@require_POST
def scope_look(request, ref):
    """The scope items: those chosen on the page first, then what matches, or what fits the industry."""
    page = ScopePage(filled_draft(request.user, ref), request.POST)
    return render(request, "applicants/_scope.html", page.context(request))
