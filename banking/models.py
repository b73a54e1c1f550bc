"""Branches that open accounts for new companies, and the basic account of each company."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from banking import CODE
from banking.fields import Meeting
from banking.rules import LONGEST_NUMBER
from kernel.accounts.models import Zone
from kernel.bookings.models import Diary, Way
from kernel.cases.models import Application
from kernel.catalogue import in_language

MEETING_MINUTES, COUNTERS = 30, 2  # of a new branch's diary, until an administrator says otherwise


class Branch(models.Model):
    """A bank branch of a zone. `code` narrows its officers (`User.unit`) and its stages; Each has a diary
    (`kernel.bookings`) from its beginning, in which administrators say when it receives new companies."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="branches", verbose_name=_("zone"))
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_open = models.BooleanField(_("takes new companies"), default=True)

    class Meta:
        verbose_name = _("bank branch")
        verbose_name_plural = _("bank branches")
        ordering = ["zone", "code"]

    def __str__(self):
        return self.title

    def save(self, *args, **options):
        """A new branch has an open diary, so that its appointments can be booked."""
        is_new = self._state.adding
        super().save(*args, **options)
        if is_new:
            ways = [Way.VISIT.value, Way.VIDEO.value]
            diary = {"places": COUNTERS, "ways": ways, "slot_minutes": MEETING_MINUTES}
            given = {"zone": self.zone, "service": CODE, "unit": self.code}
            Diary.objects.get_or_create(**given, defaults=diary)

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class WithholdingAgreement(models.Model):
    """That taxes are withheld from the account: made and signed by the bank when it opens the account, for a company
    whose head has signed the consent. `accepted_at` is when the third side was told and took it; its paper is issued
    then, which may be after the end of the case.
    """

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="withholding_agreement",
        verbose_name=_("case"),
    )
    number = models.CharField(_("number"), max_length=LONGEST_NUMBER, unique=True)
    consented_at = models.DateTimeField(_("signed by the company"))
    made_at = models.DateTimeField(_("signed by the bank"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    accepted_at = models.DateTimeField(_("accepted by the tax office"), null=True)

    class Meta:
        verbose_name = _("withholding agreement")
        verbose_name_plural = _("withholding agreements")
        ordering = ["-made_at"]

    def __str__(self):
        return self.number


class Account(models.Model):
    """The one basic account of a company, written when the bank's stage is closed.

    `basic_number` is its number in the national system. The officer has verified the intent to open at `met_at`.
    """

    application = models.OneToOneField(
        Application,
        models.PROTECT,
        primary_key=True,
        related_name="bank_account",
        verbose_name=_("case"),
    )
    branch = models.ForeignKey(Branch, models.PROTECT, to_field="code", verbose_name=_("branch"))
    number = models.CharField(_("account number"), max_length=LONGEST_NUMBER, unique=True)
    basic_number = models.CharField(
        _("basic account number"), max_length=LONGEST_NUMBER, unique=True
    )
    meeting = models.CharField(
        _("how the intent was verified"), max_length=10, choices=Meeting.choices
    )
    met_at = models.DateTimeField(_("intent verified"))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("basic account")
        verbose_name_plural = _("basic accounts")
        ordering = ["-opened_at"]

    def __str__(self):
        return self.basic_number
