"""What the system decides of the answers on seals; the standards themselves are data."""

from pathlib import Path

from django.utils.translation import gettext as _

from kernel.core.departments import Standards
from kernel.form.codes import mobile_check
from kernel.form.filing import Filing
from kernel.standards.display import typed
from kernel.standards.rules.registry import (
    Finding,
    lacking,
    missing,
    misspelt,
    not_chosen,
    together,
)
from seals.fields import Delivery


def seals_can_be_delivered(filing: Filing) -> Finding | None:
    open_fields = not_chosen(filing, ["seals.contract_seal", "seals.delivery"])
    if typed(filing, "seals.delivery") != Delivery.COURIER:
        return lacking(filing, open_fields)
    open_fields += missing(filing, ["seals.recipient", "seals.phone", "seals.address"])
    phone, wrong = typed(filing, "seals.phone"), None
    if phone and not mobile_check(phone).ok:
        wrong = Finding(_("The recipient's phone is not a mobile number."), ("seals.phone",))
    texts = misspelt(filing, ["seals.recipient", "seals.address"])
    return together(lacking(filing, open_fields), wrong, texts)


def delivery_address_is_looked_at(filing: Filing) -> Finding | None:
    """The engraver judges recipient and address of a set that is sent; of one that is collected there is neither."""
    if typed(filing, "seals.delivery") != Delivery.COURIER:
        return None
    return Finding(_("The set goes by courier."), asks=True)


STANDARDS = Standards(
    prefix="P",
    folder=Path(__file__).parent / "data" / "standards",
    rules=(seals_can_be_delivered, delivery_address_is_looked_at),
)
