"""Verifying a licence: by its code, by its PDF, or by what its QR code says, signed by the zone's key."""

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from kernel.accounts.models import Zone
from kernel.cases import certificate_register
from kernel.cases.models import Document, RevocationList
from kernel.core import requested
from kernel.core.rates import at_most
from kernel.form.uploads import MOST_BYTES, takes_files
from kernel.papers import certificate_authority, certificates, judging, licence_code, trust
from portal.pages import queries
from portal.pages.forms import EvidenceForm, VerifyForm
from portal.pages.licence import printed, sheet

ROOM = (
    1024 * 1024
)  # bytes of the form around the file, so that one slightly too large is told so by the form
UNKNOWN_FILE = gettext_lazy(
    "This portal did not issue this file, or somebody changed it since: not one byte may differ. "
    "Don't rely on it; verify the code printed on the paper."
)
NOT_SIGNED = gettext_lazy(
    "No zone's key signed this text. Check that it was copied in full, with everything after the # sign. "
    "If it was, the QR code is not genuine."
)
KEY_REVOKED = gettext_lazy(
    "The certificate of the key that signed this text was revoked, and this register doesn't know its code. "
    "Don't rely on it."
)
NOT_PRINTED = gettext_lazy(
    "The key of a zone signed this text, but this portal printed another one under the same code. Don't rely on it; "
    "verify the code printed on the paper."
)
RESULTS = {Document.State.REVOKED: "revoked", Document.State.REPLACED: "replaced"}


@at_most(60)
@takes_files(MOST_BYTES + ROOM)
@never_cache
def verify(request):
    form = VerifyForm(request.GET if requested.has(request, "code") else None)
    if form.is_valid():
        return redirect("verified", code=form.cleaned_data["code"])
    evidence, shown, status = EvidenceForm(), {}, 200
    if request.method == "POST":
        evidence = EvidenceForm(request.POST, request.FILES)
        shown = _judged(evidence) if evidence.is_valid() else {}
        status = 422 if evidence.errors else 200
    return render(
        request, "pages/verify.html", {"form": form, "evidence": evidence, **shown}, status=status
    )


def _judged(form: EvidenceForm) -> dict:
    """What the register or the zone's key says of the evidence; what is not genuine becomes an error of the form."""
    if file := form.cleaned_data["file"]:
        return _of_file(form, file.read())
    return _of_text(form, form.cleaned_data["text"].strip())


def _of_text(form: EvidenceForm, text: str) -> dict:
    """What a signed text says, if it is the one that the register printed, or a key that counts signed it."""
    known = trust.known()
    try:
        sealed = licence_code.opened(text, known)
    except licence_code.NotGenuine:
        form.add_error("text", NOT_SIGNED)
        return {}
    document = queries.document_by_code(sealed.code)
    if document is None:
        if trust.revoked_since(sealed.certificate, known, certificate_register.lists()):
            form.add_error("text", KEY_REVOKED)
            return {}
    elif document.qr_text != text:
        form.add_error("text", NOT_PRINTED)
        return {}
    return {
        "sealed": sealed,
        "document": document,
        "result": result_of(document) if document else "unknown",
    }


def _of_file(form: EvidenceForm, content: bytes) -> dict:
    """What the register knows of a file, and what its signature shows, whoever made it."""
    document = queries.document_by_digest(hashlib.sha256(content).hexdigest())
    shown = {"document": document, "result": result_of(document)} if document else {}
    if document is None:
        form.add_error("file", UNKNOWN_FILE)
    try:
        signed = judging.judged(content, certificate_register.lists())
    except judging.Busy as error:
        if document is None:
            form.add_error("file", error.sentence)
        return shown
    return shown | ({"signed": signed, "findings": judging.findings(signed)} if signed else {})


def result_of(document: Document) -> str:
    return RESULTS.get(document.state, "valid")


@never_cache
def verified(request, code):
    """What the register knows of a verification code: valid, replaced, revoked or unknown."""
    document = queries.document_by_code(code)
    if document is None:
        return render(
            request, "pages/verified.html", {"code": code, "result": "unknown"}, status=404
        )
    return render(
        request,
        "pages/verified.html",
        {
            "code": document.verify_code,
            "result": result_of(document),
            "said": SAID[result_of(document)],
            "document": document,
            "facts": printed(document),
            "licence": sheet(document),
            "zone": document.application.zone,
            "fingerprint": _fingerprint(document.application.zone) if document.qr_text else "",
        },
    )


SAID = {
    "valid": gettext_lazy("Issued by this portal and still in force."),
    "replaced": gettext_lazy("This licence was replaced by a newer one. Ask for the newer one."),
    "revoked": gettext_lazy(
        "This document was issued here and has been revoked. It is no longer in force."
    ),
}


def _fingerprint(zone) -> str:
    """SHA-256 of the certificate in use; empty where this machine doesn't have it."""
    try:
        return certificates.certificates(zone.code)[0].fingerprint(hashes.SHA256()).hex()
    except certificates.NoCertificate:
        return ""


def certificate(request, zone):
    """The zone's certificates, the one in use first, and behind them their authority's: with them anybody can check its
    licences offline."""
    get_object_or_404(Zone, code=zone)  # what no zone is called names no file either
    try:
        published = certificates.certificates(zone)
    except certificates.NoCertificate as error:
        raise Http404(_("This zone has published no certificate.")) from error
    issuers = map(certificate_authority.issuer_of, published)
    return _pem([*published, *{issuer for issuer in issuers if issuer}], f"{zone}.crt")


def authority_certificate(request, issuer):
    """The certificate of the authority that vouches for the zones."""
    return _pem([_authority(issuer)], f"{issuer}.crt")


def revocation_list(request, issuer):
    """What the authority took back, signed by it; its address stands in every certificate that it issued."""
    _authority(issuer)
    row = get_object_or_404(RevocationList, issuer=issuer)
    return HttpResponse(bytes(row.content), content_type="application/pkix-crl")


def _authority(issuer: str):
    try:
        known = certificate_authority.own()
    except certificates.NoCertificate as error:
        raise Http404(_("This installation has no certificate authority.")) from error
    for entry in known:
        if certificate_authority.key_id(entry) == issuer:
            return entry
    raise Http404(_("This installation has no certificate authority of this name."))


def _pem(published: list, name: str) -> HttpResponse:
    pem = b"".join(entry.public_bytes(Encoding.PEM) for entry in published)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        pem, content_type="application/x-pem-file", headers={"Content-Disposition": disposition}
    )
