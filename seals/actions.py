"""What the engraver does until the set is ready: captures the identity, and records each seal's code."""

from django.db import IntegrityError, connection
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions import record_step
from kernel.cases.models import Application
from kernel.core.errors import Incomplete, Refused, is_taken
from seals.models import Seal, SealOrder, code_format

CHECKS = {
    "person_agrees": _("The person and the ID card agree"),
    "id_valid": _("The ID card is valid"),
    "authorised": _("The authorisation is signed"),
}
# A seal without a code, of an order whose identity was captured.
_ENGRAVE = """
UPDATE seals_seal SET code = %s, engraved_at = %s WHERE order_id = %s AND kind = %s AND code IS NULL
AND EXISTS (SELECT 1 FROM seals_sealorder WHERE application_id = %s AND captured_at IS NOT NULL)
"""


def capture_identity(*, actor, stage_id: int, person: str, checks: frozenset[str]) -> Application:
    """Record whose identity was captured, by the engraver as the company's agent.

    `person` is the uid of somebody who holds an office in the company. Raises Incomplete with each check that isn't
    ticked, Refused when it was captured before.
    """
    missing = [(label, (key,)) for key, label in CHECKS.items() if key not in checks]
    if missing:
        raise Incomplete(_("The identity can be recorded when every check is done."), missing)

    def change(case, stage):
        if person not in case.application.answers.get("officers", {}).values() and not _heads(
            case, person
        ):
            raise Refused(_("This person holds no office in the company."))
        free = SealOrder.objects.filter(pk=case.application.pk, captured_at=None)
        if not free.update(captured_person=person, captured_by=actor, captured_at=case.at):
            raise Refused(
                _("The identity was already captured. Nothing was recorded a second time.")
            )

    return record_step(
        actor=actor, stage_id=stage_id, change=change, step="identity", checks=sorted(CHECKS)
    )


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
    if not code_format.regex.fullmatch(code):
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

    try:
        return record_step(
            actor=actor, stage_id=stage_id, change=change, step="seal", seal=kind, code=code
        )
    except IntegrityError as error:  # the whole step was undone
        if not is_taken(error, Seal, "code"):
            raise
        taken = _("Another seal already has the code %(code)s. Check the code.") % {"code": code}
        raise Refused(taken) from None


def _why_not(seal: Seal | None):
    if seal is None:
        return _("This seal is not part of the order.")
    if seal.code:
        at = time_format(localtime(seal.engraved_at), "H:i")
        said = {"seal": seal.get_kind_display(), "code": seal.code, "time": at}
        return (
            _(
                "%(seal)s was recorded at %(time)s with the code %(code)s. Nothing was recorded a second time."
            )
            % said
        )
    return _("Capture the identity first.")
