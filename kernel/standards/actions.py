"""The next version of one part of the standards: begun as a copy, changed as a draft, published from a day, and then
never changed again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposing
from kernel.accounts.permissions import require_operator
from kernel.accounts.proposal_kinds import Agreed
from kernel.accounts.proposals import Proposal
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused, Stale
from kernel.core.moment import now
from kernel.core.words import Words
from kernel.standards import drafting, publishing
from kernel.standards.models import StandardsVersion
from kernel.standards.parts import parts

PUBLISH = "publish"
PUBLISHED = _(
    "This version is published: cases stand on it, so it is never changed. Begin a new draft."
)
STILL_A_DRAFT = _("%(version)s is still a draft. Publish or discard it first.")


@transaction.atomic
def begin_version(*, actor, part: str, as_offered: bool = False) -> StandardsVersion:
    """A draft of a part that says what its latest version says, or what the product offers. Raises Refused while there
    is a draft of it already, nothing is offered, or there is no such part."""
    require_operator(actor)
    if part not in parts():
        raise Refused(_("Choose whose standards are to change."))
    latest = _latest(part, StandardsVersion.objects.select_for_update())
    if latest is not None and latest.is_draft:
        raise Refused(STILL_A_DRAFT % {"version": latest})
    number, items = (latest.number + 1, latest.items) if latest else (1, [])
    if as_offered and (items := publishing.offered().get(part)) is None:
        raise Refused(_("The product comes with no version that isn't here already."))
    draft = StandardsVersion(part=part, number=number, items=items, made_here=True)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:  # a colleague began one at the same moment
        raise Refused(STILL_A_DRAFT % {"version": draft}) from error
    return draft


@transaction.atomic
def keep_standard(
    *, actor, part: str, number: int, item: Mapping, instead_of: str = ""
) -> StandardsVersion:
    """Put a standard into a draft, in the place of another or at the end.

    Raises Incomplete with what is wrong as (sentence, (name of the item's field,)).
    """
    draft = _draft(actor, part, number)
    others = [row["id"] for row in draft.items if row["id"] != instead_of]
    if instead_of and len(others) == len(draft.items):
        raise Refused(
            _(
                "%(id)s was taken out of the draft meanwhile. Add it as a new standard if it belongs there."
            )
            % {"id": instead_of}
        )
    if problems := drafting.faults(item, part, others):
        raise Incomplete(
            _("The standard can't be kept like this."), [(text, (name,)) for name, text in problems]
        )
    if instead_of:
        draft.items = [dict(item) if row["id"] == instead_of else row for row in draft.items]
    else:
        draft.items = [*draft.items, dict(item)]
    draft.save(update_fields=["items"])
    return draft


@transaction.atomic
def drop_standard(*, actor, part: str, number: int, id: str) -> StandardsVersion:
    """Take a standard out of a draft; once it is gone a second click does nothing."""
    draft = _draft(actor, part, number)
    draft.items = [row for row in draft.items if row["id"] != id]
    draft.save(update_fields=["items"])
    return draft


@transaction.atomic
def discard_version(*, actor, part: str, number: int) -> None:
    """Throw a draft away."""
    _draft(actor, part, number).delete()


@transaction.atomic
def ask_to_publish(*, actor, part: str, number: int, effective_from: date, reason: str) -> Proposal:
    """Put it before a second person that a draft comes into force from a day on: neither a past one nor one before the
    version that it follows. Raises Incomplete with everything that is wrong, and what `proposing.ask` raises."""
    draft = _draft(actor, part, number)
    _require_publishable(draft, effective_from)
    return proposing.ask(
        actor=actor,
        kind=PUBLISH,
        subject=f"standards:{part}:{number}",
        arguments={
            "part": part,
            "number": number,
            "effective_from": effective_from.isoformat(),
            "items": digest(draft),
        },
        reason=reason,
        zone=None,
    )


def publish_version(agreed: Agreed) -> StandardsVersion:
    """Put a draft into force, as two persons want it. The other parts keep their numbers, and cases filed before keep
    their versions. Raises Stale where the draft says something else by now, Incomplete where it can't any more."""
    asked = agreed.of(PUBLISH)
    draft = _draft(agreed.first, asked["part"], asked["number"])
    if digest(draft) != asked["items"]:
        raise Stale
    draft.effective_from = date.fromisoformat(asked["effective_from"])
    _require_publishable(draft, draft.effective_from)
    draft.save(update_fields=["effective_from"])
    transaction.on_commit(publishing.forget)
    return draft


def digest(draft: StandardsVersion) -> str:
    """By which one knows whether a draft still says the same."""
    text = json.dumps(draft.items, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _require_publishable(draft: StandardsVersion, effective_from: date) -> None:
    if problems := _hindrances(draft, effective_from):
        raise Incomplete(
            _("This version can't be published like this."), [(text, ()) for text in problems]
        )


def _hindrances(draft: StandardsVersion, effective_from: date) -> list:
    sentences: list[Words] = []
    if effective_from < localdate(now()):
        sentences.append(
            _("A version is never published into the past. Choose today or a later day.")
        )
    before = _latest(draft.part, StandardsVersion.objects.exclude(effective_from=None))
    if before is not None and effective_from < certain(before.effective_from):
        sentences.append(
            _("%(version)s begins later than that; the next one can't begin before it.")
            % {"version": before}
        )
    if before is not None and before.items == draft.items:
        sentences.append(
            _("The draft says what %(version)s says: there is nothing to publish.")
            % {"version": before}
        )
    if not draft.items:
        sentences.append(_("The draft has no standards."))
    for place, item in enumerate(draft.items):
        others = [row["id"] for row in draft.items[:place]]
        sentences += [
            f"{item['id']}: {text}" for _name, text in drafting.faults(item, draft.part, others)
        ]
    return sentences


def _latest(part: str, rows) -> StandardsVersion | None:
    return rows.filter(part=part).order_by("-number").first()


def _draft(actor, part: str, number: int) -> StandardsVersion:
    require_operator(actor)
    row = StandardsVersion.objects.select_for_update().filter(part=part, number=number).first()
    if row is None:
        raise Refused(_("There is no such draft any more."))
    if not row.is_draft:
        raise Refused(PUBLISHED)
    return row
