"""The licence as it looks, on the page that verifies it: with the wording, fitting and seal of the printed one."""

import segno
from django.conf import settings
from django.utils.safestring import mark_safe

from registration.documents import verify_address
from registration.models import Document
from registration.papers.context import context
from registration.papers.facts import MissingFacts


def sheet(document):
    """What `pages/licence.html` draws; None for another kind of document, or for facts that can't be printed."""
    if document.kind != Document.Kind.LICENCE:
        return None
    try:
        drawn = context("licence", document.facts, sample=settings.SAMPLE_MARK)
    except (MissingFacts, KeyError):
        return None
    qr = segno.make(verify_address(document.verify_code), error="m", micro=False)
    return drawn | {
        "qr": mark_safe(qr.svg_inline(omitsize=True, border=1)),  # noqa: S308 (escaped by segno)
        "signer_seal": mark_safe(drawn["signer_seal"]),  # noqa: S308 (our own drawing, its title escaped)
    }
