"""Signing: the applicant asks for it; each signer reads, confirms and keeps proof on a phone, without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts.addresses import address_of
from kernel.accounts.real_names import Answer
from kernel.applicants.draft import own_application
from kernel.applicants.signer_page import OPENED, SCREEN, SignerPage
from kernel.cases import actions
from kernel.cases.models import Application, Objection, SigningRequest
from kernel.core.errors import Refused
from kernel.form import flow

NOT_PROVED = {
    Answer.MISMATCH: gettext_lazy(
        "The name, the ID number and the phone that this filing gives you don't belong together, so nobody can sign by "
        "this link. If a digit is wrong, have whoever asks correct it; if this isn't you, say so below."
    ),
    Answer.UNAVAILABLE: gettext_lazy(
        "The service that checks names can't be reached at the moment. Nothing was signed; try again in a few minutes."
    ),
}


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


@login_required
@never_cache
@require_POST
def own(request, ref):
    """Whoever is logged in as the very person who signs reads and signs at once, without a code."""
    application = own_application(request.user, ref)
    return _to_own_link(request, application, "filing:papers", ref=application.number)


@login_required
@never_cache
@require_POST
def named(request, uid):
    """The same for who is named in a case that isn't theirs: to sign, or to say that it isn't them."""
    application = get_object_or_404(Application, uid=uid)
    return _to_own_link(request, application, "my")


def _to_own_link(request, application: Application, back: str, **at):
    try:
        link = actions.own_link(actor=request.user, application_id=application.pk)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(back, **at)
    return redirect("sign", uid=link.uid)


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
    return _show(request, _page(request, uid))


@never_cache
@require_POST
@sensitive_post_parameters("code")
def enter(request, uid):
    page = _page(request, uid)
    try:
        mark = actions.open_link(request_uid=page.link.uid, code=request.POST.get("code", ""))
    except Refused as refused:
        return _show(request, page, str(refused), "id_code")
    request.session[OPENED] = {**request.session.get(OPENED, {}), str(page.link.uid): mark}
    actions.prove(request_uid=page.link.uid)
    return redirect("sign", uid=page.link.uid)


@never_cache
@require_POST
def send_again(request, uid):
    page = _page(request, uid)
    try:
        actions.send_again(request_uid=page.link.uid, address=address_of(request))
    except Refused as refused:
        return _show(request, page, str(refused))
    messages.success(request, _("A new code is on its way."))
    return redirect("sign", uid=page.link.uid)


@never_cache
@require_POST
def confirm(request, uid):
    page = _page(request, uid)
    if page.signer is None or not page.is_open:
        return redirect("sign", uid=page.link.uid)
    if not page.is_proved:
        answer = actions.prove(request_uid=page.link.uid)
        page = _page(request, uid)
        if answer is not Answer.MATCH:
            return _show(request, page, str(NOT_PROVED[answer]))
    seen = _read(request)
    if unread := [paper for paper in page.papers if paper["kind"] not in seen]:
        titles = _(", ").join(f"“{paper['title']}”" for paper in unread)
        sentence = _("Read every paper to its end, and tick it there. Not ticked yet: %(papers)s.")
        return _show(request, page, sentence % {"papers": titles}, f"id_seen-{unread[0]['kind']}")
    if "agreed" not in request.POST:
        sentence = _("Tick that the papers say what you intend, and that you want to sign them.")
        return _show(request, page, sentence, "id_agreed")
    try:
        _sign(page, seen)
    except Refused as refused:
        return _show(request, page, str(refused))
    return redirect("sign", uid=page.link.uid)


def _sign(page: SignerPage, seen: dict[str, str]) -> None:
    if page.screen:
        token = page.request.session[SCREEN]
        actions.sign_on_screen(token=token, request_uid=page.link.uid, seen=seen)
    else:
        actions.sign(request_uid=page.link.uid, seen=seen, proof=page.proof)


def _read(request) -> dict[str, str]:
    """The papers that were ticked as read, by kind, with the digest of the words that stood there."""
    pairs = (entry.partition(":") for entry in request.POST.getlist("seen"))
    return {kind: digest for kind, _colon, digest in pairs}


@never_cache
@require_POST
def refuse(request, uid):
    """ "This isn't me" or "I don't agree": a receipt."""
    page = _page(request, uid)
    if not page.is_open:
        return redirect("sign", uid=page.link.uid)
    try:
        row = actions.object_to(
            application_id=page.link.application_id,
            person=str(page.link.person),
            kind=request.POST.get("refuse", ""),
            words=request.POST.get("words", ""),
            proof=page.proof,
        )
    except Refused as refused:
        return _show(request, page, str(refused))
    return redirect("sign-receipt", uid=row.uid)


@never_cache
@require_POST
def take_back(request, uid):
    page = _page(request, uid)
    if not page.is_open or page.objection is None:
        return redirect("sign", uid=page.link.uid)
    try:
        actions.take_back_objection(objection_id=page.objection.pk)
    except Refused as refused:
        return _show(request, page, str(refused))
    messages.success(request, _("Taken back: what you had said no longer stands."))
    return redirect("sign", uid=page.link.uid)


@never_cache
def receipt(request, uid):
    """What somebody said, when, and what has come of it; whoever has its address may see it."""
    row = (
        Objection.objects.select_related("application__zone", "decided_by").filter(uid=uid).first()
    )
    if row is None:
        raise Http404
    link = SigningRequest.objects.filter(application=row.application, person=row.person).first()
    around = {
        "row": row,
        "application": row.application,
        "link": link,
        "zone": row.application.zone,
        "was_draft": row.state == flow.DRAFT,
        "was_licensing": row.state == flow.LICENSING,
        "was_licensed": row.state not in (flow.DRAFT, flow.LICENSING),
        "signature_needed": row.application.zone.setting("signatures_required"),
    }
    return render(request, "applicants/refused.html", around)


def _page(request, uid) -> SignerPage:
    links = SigningRequest.objects.select_related("application__zone", "application__applicant")
    return SignerPage(request, get_object_or_404(links, uid=uid))


def _show(request, page: SignerPage, error: str = "", target: str = ""):
    errors = [{"target": target, "text": error}] if error else []
    if not error and page.is_open and page.takes_signatures and not page.is_proved:
        errors = [{"target": "", "text": str(NOT_PROVED[Answer.MISMATCH])}]
    ticked = _read(request)
    around = {
        "page": page,
        # A tick stands for the words that were read: of a paper that changed meanwhile it is gone.
        "read": {p["kind"] for p in page.papers if ticked.get(p["kind"]) == p["digest"]}
        if ticked
        else (),
        "link": page.link,
        "application": page.link.application,
        "signer": page.signer,
        "errors": errors,
        "has_errors": bool(errors),
        "zone": page.link.application.zone,
    }
    name = "applicants/sign.html" if page.is_open else "applicants/sign_code.html"
    return render(request, name, around, status=422 if error else 200)
