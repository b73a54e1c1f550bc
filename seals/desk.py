"""The seals' desk: the order is there with the licence; once the set is engraved and filed the stage is closed, and the
set is handed over beside the case (`handing_over`)."""

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts import authorities
from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.form import choices
from seals import CODE, handing_over, proofs, rules
from seals.models import Seal, SealOrder

# Settings of a zone that name who signs here.
AUTHORITY = "seal_authority_name"
ENGRAVER = "engraver_name"


class SealsDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """The order and its seals; nobody has to ask for them."""
        application = case.application
        order = SealOrder.objects.create(
            application=application,
            serial=application.pk,
            ordered_at=case.at,
            delivery=case.filing.answer("seals.delivery"),
        )
        wanted = rules.kinds_for(
            case.filing.answer("seals.contract_seal") == "yes", application.zone.settings
        )
        Seal.objects.bulk_create([Seal(order=order, kind=kind) for kind in wanted])

    def conditions(self, case, stage, **granted) -> list[str]:
        """The identity is captured, and every seal has its code."""
        seals = ordered(case)
        errors = []
        if not seals[0].order.captured_at:
            errors.append(_("The identity is not captured yet."))
        errors += [
            _("%(seal)s has no code yet.") % {"seal": seal.get_kind_display()}
            for seal in seals
            if not seal.code
        ]
        return errors

    def closed(self, case, stage, **granted) -> None:
        """The set is ready. How it is handed over is what the applicant said last."""
        seals, application = ordered(case), case.application
        order = seals[0].order
        order.delivery = case.filing.answer("seals.delivery") or order.delivery
        order.ready_at = case.at
        order.save(update_fields=["delivery", "ready_at"])
        case.issue("seal_receipt", self.department, receipt_facts(case, seals))
        case.tell(self.department, case=application.pk)
        handing_over.begin(case, order)

    def close(self, **decision) -> Application:
        return close_stage(self, **decision)


def ordered(case) -> list[Seal]:
    """The seals of the case's order, read once in a move, each with its order."""
    return case.once(_seals)


def _seals(case) -> list[Seal]:
    return list(Seal.objects.filter(order=case.application.pk).select_related("order"))


def receipt_facts(case, seals: list[Seal]) -> dict:
    """What the receipt prints (`seals.papers.SealReceipt`), in Chinese whoever closes the stage."""
    application, order = case.application, seals[0].order
    with translation.override("zh-hans"):
        return {
            "company_name": application.name,
            "uscc": application.uscc,
            "authority": authorities.name(application.zone, AUTHORITY),
            "engraver": authorities.name(application.zone, ENGRAVER),
            "agent": str(case.actor),
            "legal_representative": application.legal_representative,
            "identity_checked_on": localdate(order.captured_at).isoformat(),
            "delivery": choices.label("seals.delivery", order.delivery),
            "seals": [proofs.printed(seal, application) for seal in seals],
            "number": rules.order_number(application.zone, order.serial),
            "filing_number": application.filing_number,
            "issued_on": localdate(case.at).isoformat(),
        }
