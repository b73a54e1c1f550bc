"""The helper's pages: who the visitor is, which filing, and the second screen. The filing itself is filled in on the
pages of the form."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts.addresses import address_of
from kernel.accounts.models import Presence, User
from kernel.accounts.one_time_codes import OneTimeCode, Purpose
from kernel.applicants.identity_forms import CodeForm
from kernel.applicants.my_cases import NewForm
from kernel.cases import actions, helping
from kernel.cases.models import Application, CounterFiling
from kernel.core import requested
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.uploads import MOST_BYTES, takes_files
from services.counter import tickets, visitors
from services.counter.forms import How, VisitorForm

SENT, TICKET, SHOWN = "counter:sent", "counter:ticket", "counter:shown"  # in the session


def at_counter(view):
    """For who helps at the counter."""

    @wraps(view)
    @login_required
    @never_cache
    def guarded(request, *args, **kwargs):
        if not helping.may_help(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@takes_files(MOST_BYTES + 1024 * 1024)
@sensitive_post_parameters("real_name", "id_number", "phone")
@at_counter
def desk(request):
    """Find the visitor, or open what is under way."""
    if ticket := requested.text(request, "ticket"):
        request.session[TICKET] = ticket if tickets.label_of(ticket, request.user) else ""
    form = VisitorForm(request.POST or None, request.FILES or None, initial={"how": How.CODE})
    if form.is_valid() and (done := _identified(request, form)):
        return done
    today = localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = CounterFiling.objects.filter(helper=request.user).select_related(
        "application", "visitor"
    )
    context = {
        "form": form,
        "ticket": tickets.label_of(request.session.get(TICKET, ""), request.user),
        "running": helping.in_force(request.user.zone_id)
        .filter(helper=request.user)
        .select_related("application", "visitor")
        .first(),
        "today": mine.filter(begun_at__gte=today),
    }
    return render(request, "counter/desk.html", context, status=422 if form.errors else 200)


def _identified(request, form):
    """Onward to the code, or to the visitor's filings; None, with the sentence in the form, where it isn't certain who
    that is."""
    data = form.cleaned_data
    who = {"real_name": data["real_name"], "id_number": data["id_number"], "by": request.user}
    try:
        if data["how"] == How.CARD:
            presence = visitors.by_card(**who, picture=data["picture"])
            return redirect("counter:visitor", uid=presence.uid)
        row = visitors.send_code(**who, phone=data["phone"], address=address_of(request))
    except Incomplete as incomplete:
        for sentence, fields in incomplete.problems:
            form.add_error(fields[0], sentence)
        return None
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    account = visitors.account_of(data["real_name"], data["id_number"])
    request.session[SENT] = {"code": str(row.uid), "account": account.pk}
    return redirect("counter:code")


@sensitive_post_parameters("code")
@at_counter
def code(request):
    """The visitor says the code."""
    sent = request.session.get(SENT, {})
    row = OneTimeCode.objects.filter(purpose=Purpose.COUNTER, uid=sent.get("code")).first()
    if row is None:
        return redirect("counter:desk")
    form = CodeForm(
        request.POST or None, row=row, bound=visitors.bound(sent["account"], request.user)
    )
    if form.is_valid():
        account = User.objects.get(pk=sent["account"])
        try:
            presence = visitors.by_code(account=account, row=row, by=request.user)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("counter:desk")
        request.session.pop(SENT)
        return redirect("counter:visitor", uid=presence.uid)
    context = {"form": form, "phone": row.phone}
    return render(request, "counter/code.html", context, status=422 if form.errors else 200)


def _here(request, uid) -> Presence | None:
    """The visitor who stands in front of this officer; None once that is too long ago."""
    rows = Presence.objects.select_related("account")
    row = get_object_or_404(rows, uid=uid, by=request.user)
    return row if row.shows(row.account) else None


def _visitor_gone(request):
    messages.info(
        request, _("The visitor was here some hours ago. Let them show anew who they are.")
    )
    return redirect("counter:desk")


@at_counter
def visitor(request, uid):
    """What the visitor has begun in this zone, at home or here, and a new filing."""
    presence = _here(request, uid)
    if presence is None:
        return _visitor_gone(request)
    form = BeginForm(request.POST or None)
    if form.is_valid():
        try:
            draft = actions.begin_draft(
                actor=presence.account,
                zone=request.user.zone,
                company_type=form.cleaned_data["company_type"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _begin(request, presence, draft)
    filings = Application.objects.filter(applicant=presence.account, zone=request.user.zone)
    returned = filings.filter(stages__state=flow.RETURNED)
    context = {
        "form": form,
        "presence": presence,
        "drafts": filings.filter(state=flow.DRAFT).order_by("-saved_at"),
        "returned": returned.distinct(),
    }
    return render(request, "counter/visitor.html", context, status=422 if form.errors else 200)


class BeginForm(NewForm):
    """Which company; the zone is the counter's."""

    def __init__(self, data=None):
        super().__init__(data)
        self.fields.pop("zone", None)


@at_counter
@require_POST
def go_on(request, uid, ref):
    """Work on what the visitor has begun."""
    presence = _here(request, uid)
    if presence is None:
        return _visitor_gone(request)
    filings = Application.objects.filter(applicant=presence.account, zone=request.user.zone)
    return _begin(request, presence, get_object_or_404(filings.by_number(ref)))


def _begin(request, presence: Presence, application: Application):
    try:
        row = actions.begin_counter_filing(
            actor=request.user,
            presence=presence,
            application_id=application.pk,
            ticket=request.session.get(TICKET, ""),
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("counter:visitor", uid=presence.uid)
    request.session.pop(TICKET, None)
    try:
        tickets.became_filing(row)
    except Refused as refused:  # the filing goes on; the hall keeps its own books
        messages.info(request, refused.sentence)
    return redirect("counter:filing", uid=row.uid)


def _own(request, uid) -> CounterFiling:
    rows = CounterFiling.objects.select_related("application__zone", "visitor", "presence")
    return get_object_or_404(rows, uid=uid, helper=request.user)


def _is_in_force(row: CounterFiling) -> bool:
    return helping.in_force(row.application.zone_id).filter(pk=row.pk).exists()


def _shown(request, row: CounterFiling, what: str) -> str:
    """A code that was drawn for this filing, as long as the helper's session shows it."""
    return request.session.get(SHOWN, {}).get(f"{what}:{row.uid}", "")


def _show_once(request, row: CounterFiling, what: str, code: str) -> None:
    request.session[SHOWN] = {f"{what}:{row.uid}": code}


@at_counter
def filing(request, uid):
    """Where the work on a filing stands: second screen, pages, signatures, print, end."""
    row = _own(request, uid)
    context = {
        "filing": row,
        "application": row.application,
        "ticket": tickets.label_of(row.ticket, request.user),
        "is_in_force": _is_in_force(row),
        "is_draft": row.application.state == flow.DRAFT,
        "screen_code": _shown(request, row, "screen") if row.screen_code else "",
        "idle_minutes": row.application.zone.setting("counter_idle_minutes"),
    }
    return render(request, "counter/filing.html", context)


@at_counter
@require_POST
def screen_code(request, uid):
    row = _own(request, uid)
    try:
        drawn = actions.draw_screen_code(actor=request.user, filing_id=row.pk)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        _show_once(request, row, "screen", drawn)
    return redirect("counter:filing", uid=row.uid)


@at_counter
@require_POST
def end(request, uid):
    row = _own(request, uid)
    actions.end_counter_filing(filing_id=row.pk, why=CounterFiling.Why.DONE, actor=request.user)
    messages.success(request, _("Ended. The second screen shows nothing of it any more."))
    return redirect("counter:desk")


@at_counter
def paper(request, uid):
    """What the visitor takes home; its button draws the code by which they take the account over."""
    row = _own(request, uid)
    if not _is_in_force(row):
        raise Http404
    if request.method == "POST":
        try:
            drawn = actions.draw_claim_code(actor=request.user, filing_id=row.pk)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            _show_once(request, row, "claim", drawn)
        return redirect("counter:paper", uid=row.uid)
    context = {
        "filing": row,
        "application": row.application,
        "zone": row.application.zone,
        "claim_code": _shown(request, row, "claim") if row.claim_code else "",
    }
    return render(request, "counter/paper.html", context)
