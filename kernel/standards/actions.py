"""The next version of the standards: begun as a copy, changed as a draft, published from a day. Never changed again."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.accounts.permissions import require_operator
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.standards import drafting, publishing
from kernel.standards.models import StandardSet

PUBLISHED = _(
    "This version is published: cases stand on it, so it is never changed. Begin a new draft."
)
STILL_A_DRAFT = _("Version %(number)s is still a draft. Publish or discard it first.")


@transaction.atomic
def begin_version(*, actor, as_offered: bool = False) -> StandardSet:
    """A draft that says what the latest version says, or what the product offers. Raises Refused while there is a draft
    already, or nothing is offered."""
    require_operator(actor)
    latest = StandardSet.objects.select_for_update().order_by("-version").first()
    if latest is not None and latest.is_draft:
        raise Refused(STILL_A_DRAFT % {"number": latest})
    number, items = (latest.version + 1, latest.items) if latest else (1, [])
    if as_offered and (items := publishing.offered()) is None:
        raise Refused(_("The product comes with no version that isn't here already."))
    try:
        with transaction.atomic():
            return StandardSet.objects.create(version=number, items=items, made_here=True)
    except IntegrityError as error:  # a colleague began one at the same moment
        raise Refused(STILL_A_DRAFT % {"number": number}) from error


@transaction.atomic
def keep_standard(*, actor, number: int, item: Mapping, instead_of: str = "") -> StandardSet:
    """Put a standard into a draft, in the place of another or at the end.

    Raises Incomplete with what is wrong as (sentence, (name of the item's field,)).
    """
    draft = _draft(actor, number)
    others = [row["id"] for row in draft.items if row["id"] != instead_of]
    if instead_of and len(others) == len(draft.items):
        raise Refused(
            _(
                "%(id)s was taken out of the draft meanwhile. Add it as a new standard if it belongs there."
            )
            % {"id": instead_of}
        )
    if problems := drafting.faults(item, others):
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
def drop_standard(*, actor, number: int, id: str) -> StandardSet:
    """Take a standard out of a draft; once it is gone a second click does nothing."""
    draft = _draft(actor, number)
    draft.items = [row for row in draft.items if row["id"] != id]
    draft.save(update_fields=["items"])
    return draft


@transaction.atomic
def discard_version(*, actor, number: int) -> None:
    """Throw a draft away."""
    _draft(actor, number).delete()


@transaction.atomic
def publish_version(*, actor, number: int, effective_from: date) -> StandardSet:
    """Put a draft into force from a day on: neither a past one nor one before the version that it follows.

    Cases filed before keep their version. Raises Incomplete with everything that is wrong.
    """
    draft = _draft(actor, number)
    if problems := _hindrances(draft, effective_from):
        raise Incomplete(
            _("This version can't be published like this."), [(text, ()) for text in problems]
        )
    draft.effective_from = effective_from
    draft.save(update_fields=["effective_from"])
    transaction.on_commit(publishing.forget)
    return draft


def _hindrances(draft: StandardSet, effective_from: date) -> list:
    found = []
    if effective_from < localdate(now()):
        found.append(_("A version is never published into the past. Choose today or a later day."))
    before = StandardSet.objects.exclude(effective_from=None).order_by("-version").first()
    if before is not None and effective_from < before.effective_from:
        found.append(
            _("Version %(number)s begins later than that; the next one can't begin before it.")
            % {"number": before.version}
        )
    if before is not None and before.items == draft.items:
        found.append(
            _("The draft says what version %(number)s says: there is nothing to publish.")
            % {"number": before.version}
        )
    if not draft.items:
        found.append(_("The draft has no standards."))
    for place, item in enumerate(draft.items):
        others = [row["id"] for row in draft.items[:place]]
        found += [f"{item['id']}: {text}" for _name, text in drafting.faults(item, others)]
    return found


def _draft(actor, number: int) -> StandardSet:
    require_operator(actor)
    row = StandardSet.objects.select_for_update().filter(version=number).first()
    if row is None:
        raise Refused(_("There is no such draft any more."))
    if not row.is_draft:
        raise Refused(PUBLISHED)
    return row
