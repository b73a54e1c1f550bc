"""The register of names: what a name is compared with, and the words that no name may hold."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.cases.models.application import Application


class RegisterEntry(models.Model):
    """A name in the register of a registry.

    A name from a registry's export has a `state`: reserved ones stand until `until`, those that are gone count from
    `ended_on`. One whose licence alone was revoked (forfeited) still has its name: a zone may say for how long. The
    name of a case has none: it counts as its case stands, and not at all while that is a draft that doesn't reserve it
    (`kernel.cases.register`); it gets one when the company is gone. Written by that module and by the import alone.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        RESERVED = "reserved", _("Reserved")
        DEREGISTERED = "deregistered", _("Deregistered")
        RENAMED = "renamed", _("Given up for another name")
        REVOKED = "revoked", _("Revoked")
        FORFEITED = "forfeited", _("Licence revoked, not deregistered")

    GONE = (State.DEREGISTERED, State.RENAMED, State.REVOKED)

    registry = models.CharField(_("registry"), max_length=12)
    name = models.CharField(_("company name"), max_length=100)
    trade_name = models.CharField(_("trade name"), max_length=100)
    industry_term = models.CharField(_("industry term"), max_length=100, blank=True)
    uscc = models.CharField("USCC", max_length=18, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, blank=True, default=""
    )
    until = models.DateField(_("reserved until"), null=True)
    ended_on = models.DateField(_("gone since"), null=True)
    application = models.OneToOneField(
        Application,
        models.CASCADE,
        null=True,
        related_name="register_entry",
        verbose_name=_("case"),
    )

    class Meta:
        verbose_name = _("name in the register")
        verbose_name_plural = _("names in the register")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "name", "uscc"],
                condition=models.Q(application=None),
                name="one_entry_a_name_and_company",
            )
        ]

    def __str__(self):
        return self.name


class NameKey(models.Model):
    """One of the keys of an entry (`kernel.names.keys`), as a number that holds its registry too.

    `industry` is a number for what the industry term means, 0 without one. A look-up reads the primary key's index.
    """

    pk = models.CompositePrimaryKey("key", "industry", "entry_id")
    key = models.BigIntegerField()
    industry = models.PositiveIntegerField()
    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="keys")

    class Meta:
        verbose_name = _("key of a name")
        verbose_name_plural = _("keys of names")

    def __str__(self):
        return f"{self.key} {self.industry}"


class NameWordVersion(models.Model):
    """A state of the list of words in names: each change of it is one, by whom and from where."""

    number = models.PositiveIntegerField(_("version"), primary_key=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("made by")
    )
    source = models.CharField(_("source"), max_length=60)

    class Meta:
        verbose_name = _("version of the words in names")
        verbose_name_plural = _("versions of the words in names")
        ordering = ["-number"]

    def __str__(self):
        return str(self.number)


class NameWord(models.Model):
    """A word that a company's name may not hold, or only on a condition, and the ground for it.

    It counts from the version `since` on, and until the version `until` ended it: no row is ever changed.
    """

    class Severity(models.TextChoices):
        REFUSED = "refused", _("Refused")
        CONSENT = "consent", _("Needs the owner's consent")
        APPROVAL = "approval", _("Needs an approval first")
        LOOK = "look", _("A person looks")

    class Match(models.TextChoices):
        PART = "part", _("Anywhere, within the borders of words")
        WHOLE = "whole", _("As the whole trade name")
        WORD = "word", _("As the whole trade name; looked at inside a longer one")
        FRONT = "front", _("At the beginning")
        SOUND = "sound", _("By its sound (pinyin without tones)")

    text = models.CharField(_("word"), max_length=30)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity.choices, default=Severity.REFUSED
    )
    match = models.CharField(
        _("where it counts"), max_length=10, choices=Match.choices, default=Match.PART
    )
    group = models.SlugField(
        _("group"), max_length=20, default="other", help_text=_("Words of one ground.")
    )
    ground_zh = models.CharField(
        _("ground (Chinese)"),
        max_length=100,
        help_text=_("What the word does, to follow “it” in a sentence."),
    )
    ground_en = models.CharField(_("ground (English)"), max_length=120, blank=True)
    law_zh = models.CharField(_("rule (Chinese)"), max_length=200, blank=True)
    law_en = models.CharField(_("rule (English)"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    is_active = models.BooleanField(
        _("in force"),
        default=True,
        help_text=_("Switch a word off instead of deleting it: loading brings back words."),
    )
    since = models.ForeignKey(
        NameWordVersion, models.PROTECT, related_name="begun", verbose_name=_("since version")
    )
    until = models.ForeignKey(
        NameWordVersion,
        models.PROTECT,
        null=True,
        related_name="ended",
        verbose_name=_("until version"),
    )

    class Meta:
        verbose_name = _("word in names")
        verbose_name_plural = _("words in names")
        ordering = ["severity", "group", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"], condition=models.Q(until=None), name="one_row_a_word"
            )
        ]

    def __str__(self):
        return self.text
