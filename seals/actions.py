"""What the engraver does until the set is ready: captures the identity, and records each seal's code."""

import re
from collections.abc import Collection, Mapping

from django.db import connection
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.cases import founders_papers, rights
from kernel.cases.actions import record_step
from kernel.cases.locked_case import locked_stage
from kernel.cases.models import Application, Event
from kernel.core.errors import Incomplete, NotAllowed, Refused, Stale, refusing_taken
from kernel.form.uploads import CheckedFile
from seals import rules
from seals.fields import Presence
from seals.models import IdentityPicture, Seal, SealOrder, code_format
from seals.papers import AUTHORISATION, HEAD

NEEDED = (IdentityPicture.Kind.DOCUMENT, IdentityPicture.Kind.PERSON)
_TAKEN = _("Another seal already has the code %(code)s. Check the code.")
# A seal without a code, of an order whose identity was captured.
_ENGRAVE = """
UPDATE seals_seal SET code = %s, engraved_at = %s WHERE order_id = %s AND kind = %s AND code IS NULL
AND EXISTS (SELECT 1 FROM seals_sealorder WHERE application_id = %s AND captured_at IS NOT NULL)
"""


def capture_identity(
    *, actor, stage_id: int, person: str, how: str, pictures: Mapping[str, CheckedFile]
) -> Application:
    """Keep the identity of somebody who holds an office in the company, captured by the engraver as its agent.

    `person` is their uid, `how` a `Presence`, `pictures` what was photographed, by `IdentityPicture.Kind`: document and
    person, and the authorisation signed on paper, unless its head has signed it in the portal. Raises Incomplete with
    everything that isn't there, Refused when it was captured before.
    """

    def change(case, stage):
        filing = case.filing
        if person not in filing.sections.get("officers", {}).values() and not _heads(case, person):
            raise Refused(_("This person holds no office in the company."))
        if problems := missing_for_capture(case, how, pictures):
            raise Incomplete(_("The identity isn't captured yet."), problems)
        free = SealOrder.objects.filter(pk=case.application.pk, captured_at=None)
        if not free.update(
            captured_person=person, captured_by=actor, captured_at=case.at, captured_how=how
        ):
            raise Refused(
                _("The identity was already captured. Nothing was recorded a second time.")
            )
        IdentityPicture.objects.bulk_create(
            [_kept(case, kind, checked) for kind, checked in pictures.items()]
        )

    return record_step(
        actor=actor,
        stage_id=stage_id,
        change=change,
        step="identity",
        how=how,
        pictures=sorted(pictures),
    )


def missing_for_capture(case, how: str, pictures: Collection[str]) -> list[tuple]:
    """What an identity can't be captured without, as (sentence, names of fields)."""
    errors: list[tuple] = []
    if how not in rules.presences(case.filing.answer("seals.delivery")):
        sentence = _(
            "The set goes by courier, so nobody comes to the window: capture the identity by video call."
        )
        errors.append((sentence if how in Presence else _("Say how you met the person."), ("how",)))
    errors += [
        (_("Take a picture: %(what)s.") % {"what": kind.label}, (kind.value,))
        for kind in NEEDED
        if kind not in pictures
    ]
    if IdentityPicture.Kind.AUTHORISATION not in pictures and not is_authorised(case):
        sentence = _(
            "The legal representative hasn't signed the authorisation in the portal. Photograph it signed on paper."
        )
        errors.append((sentence, (IdentityPicture.Kind.AUTHORISATION.value,)))
    return errors


def is_authorised(case) -> bool:
    """Whether the head of the company has signed the authorisation in the portal, as it reads now."""
    return founders_papers.has_signed(case, AUTHORISATION, case.filing.holder_of(HEAD))


def _kept(case, kind: str, checked: CheckedFile) -> IdentityPicture:
    picture = IdentityPicture(
        order_id=case.application.pk,
        kind=kind,
        content_type=checked.content_type,
        sha256=checked.sha256,
        taken_at=case.at,
    )
    picture.keep(checked.content)
    return picture


def open_picture(*, actor, stage_id: int, kind: str) -> IdentityPicture:
    """A picture of the identity, for who has the stage in hand or had it last; the trail says that it was opened.

    Raises NotAllowed for anybody else, Stale where there is none.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.holder_id != actor.pk:
            raise NotAllowed
        picture = IdentityPicture.objects.filter(order=case.application.pk, kind=kind).first()
        if picture is None:
            raise Stale
        case.record(Event.Kind.STEP, stage, step="identity_opened", picture=kind)
    return picture


def _heads(case, person: str) -> bool:
    """Whether the person heads the company by having founded it."""
    head = case.filing.holder_of("legal_representative") if case.filing.founder_heads else None
    return head is not None and head.uid == person


def record_seal(*, actor, stage_id: int, kind: str, code: str) -> Application:
    """Record that a seal is engraved under its code.

    Raises Refused for a code that isn't 13 digits or that another seal has, for a seal that was recorded before, and
    before the identity is captured.
    """
    code = "".join(code.split())
    if not re.fullmatch(code_format.regex, code):
        raise Refused(code_format.message)

    def change(case, stage):
        order, at = case.application.pk, connection.ops.adapt_datetimefield_value(case.at)
        with connection.cursor() as cursor:
            cursor.execute(_ENGRAVE, [code, at, order, kind, order])
            if not cursor.rowcount:
                raise Refused(
                    _why_not(
                        Seal.objects.filter(order=order, kind=kind).select_related("order").first()
                    )
                )

    taken = _("Another seal already has the code %(code)s. Check the code.") % {"code": code}
    with refusing_taken(Seal, "code", sentence=taken):  # the whole step is undone then
        return record_step(
            actor=actor, stage_id=stage_id, change=change, step="seal", seal=kind, code=code
        )


def open_artwork(*, actor, stage_id: int, kind: str, code: str, form: str) -> tuple[Seal, str]:
    """The seal whose artwork is handed to its engraver, before it is cut or after, and the code that it gets; the
    trail says that it was opened, in which form (`artwork.TYPES`) and with which code.

    Raises NotAllowed for everybody but who has the stage in hand or had it last; Refused for a code that no seal could
    be recorded under.
    """
    code = "".join(code.split())
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.holder_id != actor.pk:
            raise NotAllowed
        seal = Seal.objects.filter(order=case.application.pk, kind=kind).first()
        if seal is None:
            raise Refused(_("This seal is not part of the order."))
        code = seal.code or code
        if not re.fullmatch(code_format.regex, code):
            raise Refused(code_format.message)
        if not seal.code and Seal.objects.filter(code=code).exists():
            raise Refused(_TAKEN % {"code": code})
        case.record(Event.Kind.STEP, stage, step="artwork", seal=kind, form=form, code=code)
    return seal, code


def _why_not(seal: Seal | None):
    if seal is None:
        return _("This seal is not part of the order.")
    if seal.code:
        at = time_format(localtime(seal.engraved_at), "H:i")
        values = {"seal": seal.get_kind_display(), "code": seal.code, "time": at}
        return (
            _(
                "%(seal)s was recorded at %(time)s with the code %(code)s. Nothing was recorded a second time."
            )
            % values
        )
    return _("Capture the identity first.")
