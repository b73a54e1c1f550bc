"""The papers that are written from the answers, to be read before they are signed and submitted."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel.applicants.draft import Draft, filled_draft
from kernel.cases import founders_papers, rights
from kernel.cases.agency import is_person
from kernel.cases.models.document import kinds
from kernel.cases.signers import Signer, signers_of
from kernel.core.departments import Table
from kernel.core.errors import Refused
from kernel.core.rates import at_most
from kernel.papers import documents
from kernel.papers.context import context
from kernel.papers.facts import MissingFacts

LABEL = Table(lambda _found: dict(kinds()))


@dataclass(frozen=True)
class Listed:
    """A paper of the filing, who signs it, and where it is read; without an address while a fact is missing."""

    kind: str
    signers: str
    url: str

    @property
    def title(self):
        return LABEL[self.kind]


@dataclass(frozen=True)
class SignerRow:
    """A signer as the applicant sees them; `changed` names the papers that outlived the signature."""

    signer: Signer
    asked_at: datetime | None

    @property
    def state(self) -> str:
        return (
            "signed" if self.signer.has_signed else "changed" if self.signer.changed else "waiting"
        )

    @property
    def refuses(self) -> bool:
        return self.signer.refuses

    @property
    def signed_at(self) -> datetime | None:
        return datetime.fromisoformat(self.signer.signed_at) if self.signer.signed_at else None

    @property
    def changed(self) -> str:
        return _(", ").join(str(LABEL[kind]) for kind in self.signer.changed)


@dataclass(frozen=True)
class Signature:
    """One signature below one paper; `state` as `SignerRow` has it."""

    name: str
    roles: tuple[str, ...]
    state: str
    at: datetime | None


@dataclass(frozen=True)
class SignedPaper:
    kind: str
    signatures: list[Signature]

    @property
    def title(self):
        return LABEL[self.kind]


def signed_papers(case) -> list[SignedPaper]:
    """Each paper of a filing, with who has signed its present words and who hasn't."""
    current = founders_papers.digests(case)
    signers = signers_of(case, current)
    return [
        SignedPaper(kind, [_signature(row, kind) for row in signers if kind in row.papers])
        for kind, digest in current.items()
        if digest
    ]


def _signature(signer: Signer, kind: str) -> Signature:
    state = "changed" if kind in signer.changed else "waiting" if kind in signer.void else "signed"
    at = datetime.fromisoformat(signer.given[kind]["at"]) if state == "signed" else None
    return Signature(signer.person.name, signer.roles, state, at)


def written(user, draft: Draft) -> dict:
    """The papers of a filing, who has signed and who not, whether it is required, and whether `user` can send links."""
    digests, application = founders_papers.digests(draft), draft.application
    signers = signers_of(draft, digests)
    own = next((row for row in signers if is_person(user, row.person)), None)
    asked = {str(link.person): link.asked_at for link in application.signing_requests.all()}
    return {
        "papers": [_listed(draft, kind, digest, signers) for kind, digest in digests.items()],
        "signers": [SignerRow(signer, asked.get(signer.person.uid)) for signer in signers],
        "own": own and not own.has_signed and draft.can_be_signed,
        "signatures_required": draft.zone.setting("signatures_required"),
        "asked": bool(asked),
        "may_ask": draft.can_be_signed
        and application.applicant_id == user.pk
        and not rights.acting_fault(user, application, draft.filing)
        and not all(signer.has_signed for signer in signers),
    }


def _listed(draft: Draft, kind: str, digest: str, signers: list[Signer]) -> Listed:
    url = reverse("filing:paper", args=[draft.application.number, kind]) if digest else ""
    return Listed(
        kind, _(", ").join(signer.person.name for signer in signers if kind in signer.papers), url
    )


@login_required
@never_cache
def papers(request, ref):
    draft = filled_draft(request.user, ref)
    return render(
        request, "applicants/papers.html", {**_around(draft), **written(request.user, draft)}
    )


@login_required
@never_cache
def paper(request, ref, kind):
    """The paper as a page, in the words that are printed."""
    draft = filled_draft(request.user, ref)
    try:
        shown = context(kind, _facts(draft, kind), sample=False)
    except MissingFacts:
        return redirect("filing:papers", ref=draft.application.number)
    return render(
        request, "applicants/paper.html", {**_around(draft), "kind": kind, "shown": shown}
    )


@at_most(60)
@login_required
@never_cache
def as_pdf(request, ref, kind):
    """The same as it is printed, marked as a draft's by its missing number."""
    draft = filled_draft(request.user, ref)
    try:
        content = documents.proof(
            kind, _facts(draft, kind) | {"issued_on": localdate(draft.at).isoformat()}
        )
    except MissingFacts:
        return redirect("filing:papers", ref=draft.application.number)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("filing:papers", ref=draft.application.number)
    disposition = f'inline; filename="{kind}.pdf"'
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


def _facts(draft: Draft, kind: str) -> dict:
    """Raises Http404 for a paper that this filing doesn't have."""
    facts = founders_papers.papers(draft).get(kind)
    if facts is None:
        raise Http404
    return founders_papers.with_signatures(draft, kind, facts)


def _around(draft: Draft) -> dict:
    return {"draft": draft, "application": draft.application}
