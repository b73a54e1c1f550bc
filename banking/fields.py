"""What the bank asks in the form, and what it uses of what others ask."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.core.departments import SOON, LeavingOut
from kernel.form.dates import as_moment
from kernel.form.fields import NAME, OF_DEPARTMENTS, Field, Section


class Meeting(TextChoices):
    FACE = "face", _("Face to face at the branch")
    VIDEO = "video", _("By video")


class Choice(TextChoices):
    """What the form offers: a way of meeting, or none, where the zone lets a company leave the bank out."""

    FACE = Meeting.FACE.value, Meeting.FACE.label
    VIDEO = Meeting.VIDEO.value, Meeting.VIDEO.label
    NONE = "none", _("No account here")


LEFT_OUT = LeavingOut(
    "bank_may_be_left_out",
    "bank.meeting",
    Choice.NONE.value,
    _("No bank account is opened in this case. Any bank opens one with the licence."),
    takes_along=("tax.withholding",),  # from the account
)
WITH_ACCOUNT = ("bank.meeting", *Meeting.values)
UNBOOKED = (Meeting.VIDEO,)  # by video nobody needs an appointment


def when(text: str) -> str:
    """The answer as people read it: a moment, or that no appointment is needed."""
    return str(_("As soon as it is ready, by video")) if text == SOON else as_moment(text)


SECTION = Section(
    "bank",
    _("Bank"),
    OF_DEPARTMENTS,
    material="account_opening",
)
FIELDS = (
    Field("bank.meeting", _("How you meet the bank"), choices=Choice),
    Field("bank.branch", _("Bank branch"), only_if=WITH_ACCOUNT),
    Field("bank.appointment", _("Appointment"), only_if=WITH_ACCOUNT, shown=when),
    Field(
        "materials.seal_card",
        _("Seal specimen card"),
        hint=_("Only if you have one already; the bank can fill it in with you."),
        optional=True,
    ),
)
SEES = (
    *NAME,
    "scope.industry",
    "scope.items",
    "address.division",
    "address.detail",
    "capital.amount",
    "shareholders.people",
    "officers.legal_representative",
    "contacts.finance",
    "tax.withholding",
    "materials.address_proof",
    "materials.id_copies",
    "materials.shareholder_licence",
)
