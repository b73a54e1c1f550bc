"""Making the PDFs of issued papers: claimed by lease, made once, their digest recorded."""

import hashlib
import logging
from datetime import timedelta
from functools import partial
from io import BytesIO

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from kernel.cases import certificate_register, characters, desks
from kernel.cases.models import Document
from kernel.core.moment import now, real_now
from kernel.papers import (
    certificate_authority,
    documents,
    glyphs,
    keys,
    licence_code,
    pades,
)
from kernel.papers.outlines import MissingGlyph

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)  # many times what a paper takes
SIGNED = (Document.Kind.LICENCE, Document.Kind.LICENCE_ORIGINAL)


def claim() -> Document | None:
    """Take a lease on the oldest pending paper that nobody is making; one that failed before comes after the others."""
    at = real_now()
    free = Document.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=at), state=Document.State.PENDING
    )
    for pk in free.order_by(F("leased_until").asc(nulls_first=True), "issued_at").values_list(
        "pk", flat=True
    )[:8]:
        if free.filter(pk=pk).update(leased_until=at + LEASE):
            return Document.objects.select_related("application__zone").get(pk=pk)
    return None


def make_next() -> bool:
    """One step of the worker: claim and make one paper; False when there is none.

    A paper that can't be made keeps its lease, so that it is tried again a minute later and the others go on.
    """
    document = claim()
    if document is None:
        return False
    try:
        make(document)
    except Exception:
        log.exception("paper not made", extra={"document": document.pk, "kind": document.kind})
    return True


def make(document: Document) -> Document:
    """Render, sign, store and record one paper. Two workers on one paper leave one file and one digest."""
    content, qr_text = _content(document)
    with pikepdf.open(BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = (
            Document.objects.select_for_update(of=("self",))
            .select_related("application")
            .get(pk=document.pk)
        )
        if row.state != Document.State.PENDING:
            return row
        row.file.storage.delete(
            row.file_path()
        )  # left by a worker that was killed before it could record it
        row.file.save("", ContentFile(content), save=False)
        row.sha256, row.pages, row.state, row.made_at = digest, pages, Document.State.READY, now()
        row.qr_text = qr_text
        row.save(update_fields=["file", "sha256", "pages", "state", "made_at", "qr_text"])
    return row


def _content(document: Document) -> tuple[bytes, str]:
    """The PDF, and what its QR code says where that is signed. Raises NoCertificate, NoTimestamp, and MissingGlyph
    before anything is printed without one of its characters."""
    with characters.drawing(document.application, document.facts):
        return _printed(document)


def _printed(document: Document) -> tuple[bytes, str]:
    zone, facts = document.application.zone, desks.drawn(document)
    if lacking := glyphs.lacking(facts):
        raise MissingGlyph(next(iter(lacking)))
    if document.kind not in SIGNED:
        return documents.render(document.kind, facts), ""
    if settings.DEMO:
        certificate_authority.make_for_demo(zone.code, zone.authority_name)
    qr_text = licence_code.text(facts, partial(keys.sign, zone.code))
    content = documents.render(document.kind, facts, qr_text=qr_text)
    lists = certificate_register.lists_to_sign()
    return pades.sign(content, zone.code, facts["authority"], lists), qr_text
