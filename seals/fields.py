"""What the seals ask in the form, and what they use of what others ask."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.core.privacy import mask_name, mask_phone
from kernel.core.written import RECIPIENT, STREET
from kernel.form.choices import YesNo
from kernel.form.fields import AGENT, NAME, OF_DEPARTMENTS, Field, Section


class Delivery(TextChoices):
    COURIER = "courier", _("By courier, free of charge")
    WINDOW = "window", _("Collect at the window")


class Presence(TextChoices):
    """How an engraver meets whose identity is captured."""

    HERE = "here", _("At the window")
    VIDEO = "video", _("By video call")


SECTION = Section(
    "seals",
    _("Seals and delivery"),
    OF_DEPARTMENTS,
    material="seal_identity",
)
BY_COURIER = ("seals.delivery", Delivery.COURIER)
FIELDS = (
    Field("seals.contract_seal", _("Contract seal as well"), choices=YesNo),
    Field("seals.delivery", _("Delivery"), choices=Delivery),
    Field(
        "seals.recipient",
        _("Recipient"),
        personal=True,
        only_if=BY_COURIER,
        mask=mask_name,
        written=RECIPIENT,
        width="w-mid",
    ),
    Field(
        "seals.phone",
        _("Recipient's phone"),
        personal=True,
        only_if=BY_COURIER,
        mask=mask_phone,
        own_mask=mask_phone,
        width="w-mid",
    ),
    Field(
        "seals.address",
        _("Delivery address"),
        personal=True,
        only_if=BY_COURIER,
        mask=lambda text: text[:6] + "…",
        written=STREET,
    ),
)
SEES = (*NAME, "officers.legal_representative", *AGENT, "materials.agent_id")
