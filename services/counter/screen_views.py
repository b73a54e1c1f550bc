"""The second screen: a tablet in the visitor's hands, without a log-in, on which they read along, sign and file."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.accounts import tries
from kernel.accounts.addresses import address_of
from kernel.applicants.draft import Draft
from kernel.applicants.papers import written
from kernel.applicants.signer_page import SCREEN
from kernel.applicants.submitting import answered, problems
from kernel.cases import actions
from kernel.cases.models import CounterFiling
from kernel.core import requested
from kernel.core.departments import department
from kernel.core.errors import Incomplete, NotAllowed, Refused
from services.counter.forms import ScreenForm

TRIES, WITHIN = 10, 900  # codes that one address may try, and the seconds
TOO_MANY = gettext_lazy("Too many codes were tried here. Wait a quarter of an hour.")


def on_screen(view):
    """For the tablet that typed a filing's code; every other browser is asked for one."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        row = None
        if not request.user.is_authenticated:
            row = actions.screened(request.session.get(SCREEN, ""))
        if row is None:
            return redirect("counter:screen")
        try:
            return view(request, row, *args, **kwargs)
        except NotAllowed:  # it ended in this very moment
            return redirect("counter:screen")

    return guarded


@never_cache
def screen(request):
    """The code is asked for; then the filing as it is now."""
    if request.user.is_authenticated:
        return render(request, "counter/screen_not_here.html", status=403)
    token = request.session.get(SCREEN, "")
    if row := actions.screened(token):
        return _show(request, row)
    had_ended = request.session.pop(SCREEN, None) is not None
    form = ScreenForm(request.POST or None)
    if form.is_valid() and _joined(request, form):
        return redirect("counter:screen")
    context = {"form": form, "had_ended": had_ended}
    return render(request, "counter/screen_code.html", context, status=422 if form.errors else 200)


def _joined(request, form) -> bool:
    (counted,) = tries.count((f"counter-screen:{address_of(request)}", WITHIN))
    if counted.count > TRIES:
        form.add_error(None, TOO_MANY)
        return False
    try:
        joined = actions.join_screen(code=form.cleaned_data["code"])
    except Refused as refused:
        form.add_error("code", refused.sentence)
        return False
    request.session.cycle_key()
    request.session[SCREEN] = joined.token
    return True


def _mark(row: CounterFiling) -> str:
    """Another one once anything of the filing has changed."""
    application = row.application
    return f"{application.version}-{application.saved_at.timestamp()}-{application.state}"


def _around(row: CounterFiling) -> dict:
    draft = Draft(row.application, row.visitor)
    papers = written(row.visitor, draft)
    return {
        "filing": row,
        "draft": draft,
        "application": row.application,
        "mark": _mark(row),
        "sections": [answered(draft, section) for section in draft.form.sections],
        "open": draft.unmet,
        "returned": [(code, department(code).label) for code in draft.returned],
        "others": any(signer.signer.person.phone for signer in papers["signers"]),
        "zone": row.application.zone,
        **papers,
    }


def _show(request, row: CounterFiling, errors=(), status=200):
    context = {"errors": list(errors), "has_errors": bool(errors), **_around(row)}
    return render(request, "counter/screen.html", context, status=status)


@on_screen
def live(request, row: CounterFiling):
    """What is typed meanwhile; 204 while nothing has changed, so that nothing jumps under the reader."""
    if requested.text(request, "seen") == _mark(row):
        return HttpResponse(status=204)
    return render(request, "counter/_reading.html", _around(row))


@require_POST
@on_screen
def sign(request, row: CounterFiling):
    """To the page on which the visitor reads every paper and signs."""
    try:
        link = actions.link_on_screen(token=request.session[SCREEN])
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, row, [{"target": "", "text": refused.sentence}], 422)
    return redirect("sign", uid=link.uid)


@require_POST
@on_screen
def ask(request, row: CounterFiling):
    """Links and codes to the others who sign, on their own phones."""
    try:
        count = actions.ask_on_screen(token=request.session[SCREEN], address=address_of(request))
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, row, [{"target": "", "text": refused.sentence}], 422)
    sentence = ngettext(
        "A link and a code were sent to %(n)s person.",
        "Links and codes were sent to %(n)s people.",
        count,
    )
    messages.success(request, sentence % {"n": count})
    return redirect("counter:screen")


@require_POST
@on_screen
def submit(request, row: CounterFiling):
    def file():
        actions.submit_on_screen(token=request.session[SCREEN])

    return _done(request, row, file)


@require_POST
@on_screen
def resubmit(request, row: CounterFiling, department: str):
    def send_back():
        actions.resubmit_on_screen(
            token=request.session[SCREEN],
            department=department,
            knowingly="knowingly" in request.POST,
        )

    return _done(request, row, send_back)


def _done(request, row: CounterFiling, act):
    draft = Draft(row.application, row.visitor)
    try:
        act()
    except NotAllowed:
        raise
    except Incomplete as incomplete:
        return _show(request, row, problems(draft, incomplete), 422)
    except Refused as refused:
        return _show(request, row, [{"target": "", "text": refused.sentence}], 409)
    return redirect("counter:screen")


@require_POST
@on_screen
def leave(request, row: CounterFiling):
    """The visitor ends it: the helper works on it no more either."""
    actions.end_counter_filing(filing_id=row.pk, why=CounterFiling.Why.LEFT)
    return redirect("counter:screen")
