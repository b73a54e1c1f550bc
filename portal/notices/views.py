"""The inbox."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.cases.models import Application
from kernel.core import requested
from kernel.core.moment import now
from portal.notices import addresses, choices, reading_digests
from portal.notices.destinations import destination
from portal.notices.forms import ChoicesForm
from portal.notices.models import Webhook
from portal.notices.texts import text

PAGE = 30
CASE = ("pk", "ref", "filing_number", "name", "standards_versions", "zone")  # what a text says
CASES = Prefetch("application", Application.objects.only(*CASE))


@login_required
@never_cache
@require_GET
def inbox(request):
    """One's own messages, the newest first."""
    page = requested.page(request, request.user.notices.prefetch_related(CASES), PAGE)
    rows = [
        {
            "notice": notice,
            "text": text(notice),
            "is_new": notice.read_at is None and notice.settled_at is None,
        }
        for notice in page
    ]
    context = {"base": _base(request.user), "page": page, "rows": rows}
    return render(request, "notices/inbox.html", context)


@login_required
@never_cache
@require_GET
def open_case(request, pk):
    """To the case that a message tells of; the message is read then."""
    notice = get_object_or_404(request.user.notices.prefetch_related(CASES), pk=pk)
    _read(request.user.notices.filter(pk=pk))
    return redirect(destination(request.user, notice))


@login_required
@require_POST
def read_all(request):
    _read(request.user.notices)
    return redirect("messages:inbox")


@login_required
@never_cache
@require_GET
def digest(request, pk):
    """The cases of a digest, as they stand now."""
    notice = get_object_or_404(request.user.notices.filter(kind="digest"), pk=pk)
    context = {
        "base": _base(request.user),
        "notice": notice,
        "text": text(notice),
        "rows": reading_digests.rows(request.user, notice),
    }
    return render(request, "notices/digest.html", context)


@login_required
@never_cache
def choose(request):
    """By which channels one is told, and when not."""
    user = request.user
    form = ChoicesForm(request.POST or None, instance=choices.of(user))
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. From now on you are told so."))
        return redirect("messages:choices")
    context = {
        "form": form,
        "base": _base(user),
        "phone": user.phone if user.phone_proved_at else "",
        "address": addresses.proved_mail(user),
        "webhook": Webhook.objects.filter(account=user).first(),
    }
    return render(request, "notices/choices.html", context, status=422 if form.errors else 200)


def _base(user) -> str:
    return "base_staff.html" if user.is_staff_member else "base.html"


def _read(notices) -> None:
    notices.filter(read_at=None).update(read_at=now())
