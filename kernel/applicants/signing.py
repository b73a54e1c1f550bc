"""Signing: the applicant asks for it; each signer reads, confirms and keeps proof on a phone, without an account."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts.addresses import address_of
from kernel.applicants.draft import own_application
from kernel.cases import actions, founders_papers
from kernel.cases.actions.signing import mark_of
from kernel.cases.models import SigningRequest
from kernel.cases.models.document import kinds
from kernel.core.departments import Table
from kernel.core.errors import Refused
from kernel.papers.context import context

LABEL = Table(lambda _found: dict(kinds()))
OPENED = (
    "opened_links"  # in the session: link → mark of the person whose code was given in this browser
)


@login_required
@never_cache
@require_POST
def ask(request, ref):
    """Send links and codes to all who have still to sign."""
    application = own_application(request.user, ref)
    try:
        count = actions.ask_signatures(
            actor=request.user, application_id=application.pk, address=address_of(request)
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _sent(count))
    return redirect("filing:papers", ref=application.number)


def _sent(count: int) -> str:
    if not count:
        return _(
            "No new code was sent: everybody has signed, or got a code less than a minute ago."
        )
    sentence = ngettext(
        "A link and a code were sent to %(n)s person.",
        "Links and codes were sent to %(n)s people.",
        count,
    )
    return sentence % {"n": count}


@never_cache
def show(request, uid):
    """The code is asked for first; then what there is to sign; then the proof of what was signed."""
    return _show(request, _link(uid))


@never_cache
@require_POST
@sensitive_post_parameters("code")
def enter(request, uid):
    link = _link(uid)
    try:
        mark = actions.open_link(request_uid=link.uid, code=request.POST.get("code", ""))
    except Refused as refused:
        return _show(request, link, str(refused), "id_code")
    request.session[OPENED] = {**request.session.get(OPENED, {}), str(link.uid): mark}
    return redirect("sign", uid=link.uid)


@never_cache
@require_POST
def send_again(request, uid):
    link = _link(uid)
    try:
        actions.send_again(request_uid=link.uid, address=address_of(request))
    except Refused as refused:
        return _show(request, link, str(refused))
    messages.success(request, _("A new code is on its way."))
    return redirect("sign", uid=link.uid)


@never_cache
@require_POST
def confirm(request, uid):
    link = _link(uid)
    signer = founders_papers.signer(founders_papers.standing(link.application), str(link.person))
    if signer is None or not _opened(request, link, signer):
        return redirect("sign", uid=link.uid)
    if "agreed" not in request.POST:
        return _show(
            request,
            link,
            _("Tick that you have read the papers and want to sign them."),
            "id_agreed",
        )
    pairs = (entry.partition(":") for entry in request.POST.getlist("seen"))
    try:
        actions.sign(request_uid=link.uid, seen={kind: digest for kind, _colon, digest in pairs})
    except Refused as refused:
        return _show(request, link, str(refused))
    return redirect("sign", uid=link.uid)


def _link(uid) -> SigningRequest:
    return get_object_or_404(SigningRequest.objects.select_related("application__zone"), uid=uid)


def _opened(request, link: SigningRequest, signer: founders_papers.Signer) -> bool:
    return request.session.get(OPENED, {}).get(str(link.uid)) == mark_of(signer.person)


def _show(request, link: SigningRequest, error: str = "", target: str = ""):
    case = founders_papers.standing(link.application)
    signer = founders_papers.signer(case, str(link.person))
    errors = [{"target": target, "text": error}] if error else []
    around = {
        "link": link,
        "application": link.application,
        "signer": signer,
        "errors": errors,
        "has_errors": bool(errors),
        "zone": link.application.zone,
    }
    status = 422 if errors else 200
    if signer is None or not _opened(request, link, signer):
        return render(request, "applicants/sign_code.html", around, status=status)
    facts = founders_papers.papers(case)
    open_ones = [
        _paper(kind, facts[kind]) | {"digest": signer.papers[kind]} for kind in signer.void
    ]
    signed = [_proof(kind, signer.given[kind]) for kind in signer.papers if kind not in signer.void]
    return render(
        request,
        "applicants/sign.html",
        around | {"open": open_ones, "signed": signed},
        status=status,
    )


def _paper(kind: str, facts: dict) -> dict:
    return {"kind": kind, "title": LABEL[kind], "shown": context(kind, facts, sample=False)}


def _proof(kind: str, given: dict) -> dict:
    at = datetime.fromisoformat(given["at"])
    return {
        "title": LABEL[kind],
        "at": at,
        "said": founders_papers.mark(given["said"]),
        "digest": given["digest"],
    }
