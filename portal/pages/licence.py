"""The licence as it looks, on the page that verifies it: with the wording, fitting and seal of the printed one."""

from django.conf import settings
from django.utils.safestring import mark_safe

from registration.documents import qr
from registration.licence_code import address
from registration.models import Document
from registration.papers.context import context
from registration.papers.facts import MissingFacts

KINDS = (Document.Kind.LICENCE, Document.Kind.LICENCE_ORIGINAL)


def sheet(document):
    """What `pages/licence.html` draws; None for another kind of document, or for facts that can't be printed."""
    if document.kind not in KINDS:
        return None
    try:
        drawn = context(document.kind, document.facts, sample=settings.SAMPLE_MARK)
    except (MissingFacts, KeyError):
        return None
    return drawn | {
        "qr": qr(document.qr_text or address(document.verify_code)),
        "signer_seal": mark_safe(drawn["signer_seal"]),  # noqa: S308 (our own drawing, its title escaped)
    }
