"""Pages for everybody. Nothing here changes a case."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.core import requested, retention
from kernel.core.rates import at_most
from portal.figures import published
from portal.pages import queries
from portal.pages.check_codes import TooManyGuesses, case_asked_for
from portal.pages.context import portal
from portal.pages.drawing import flow_drawing
from portal.pages.forms import ProgressForm

NO_PAIR = gettext_lazy(
    "No case has this filing number together with this check code. Both are on your receipt."
)
YEAR = 365 * 24 * 60 * 60  # seconds


def home(request):
    zone = portal(request)["zone"] or None  # the lazy one that is none is no None
    flow, figures, recent = flow_drawing(), queries.figures(zone), published.recent(zone)
    median_at = flow.label_at(recent.median) if recent.median is not None else None
    context = {"flow": flow, "figures": figures, "recent": recent, "median_at": median_at}
    return render(request, "pages/home.html", context)


@at_most(60)
@never_cache
def progress(request):
    """Filing number and check code → where the case stands. A wrong pair gets one sentence, whichever half is wrong."""
    form = ProgressForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            case = case_asked_for(request, **form.cleaned_data)
        except TooManyGuesses as refused:
            case, fault, status = None, refused.sentence, 429
        else:
            fault, status = NO_PAIR, 422
        if case:
            return render(
                request, "pages/progress_case.html", {"case": case, **queries.standing(case)}
            )
        form.add_error(None, fault)
    return render(request, "pages/progress.html", {"form": form}, status=status)


def privacy(request):
    """With how long each kind is kept: the table that the sweep goes by."""
    kept: dict[tuple[str, int], None] = {
        (str(kind.title), kind.days): None for kind in retention.kinds()
    }
    return render(request, "pages/privacy.html", {"kept": list(kept)})


def accessibility(request):
    return render(request, "pages/accessibility.html")


@require_POST
def size(request):
    """Care mode on or off, kept in a cookie, and back to the page."""
    response = redirect(requested.onward(request) or "/")
    wanted = "large" if request.POST.get("size") == "large" else "normal"
    kept = {"max_age": YEAR, "samesite": "Lax", "secure": request.is_secure(), "httponly": True}
    response.set_cookie(settings.SIZE_COOKIE_NAME, wanted, **kept)
    return response
