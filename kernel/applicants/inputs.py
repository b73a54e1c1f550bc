"""Form fields for what this form asks. They judge; what is stored is what was typed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kernel.core.moment import now
from kernel.core.written import LINE, fault
from kernel.form.amounts import read_yuan
from kernel.form.choices import CHOICES
from kernel.form.codes import mobile_check, resident_id_check, uscc_check
from kernel.form.filing import LONGEST_NAME, read_count, read_date

LONGEST = 200  # characters of one answer


def as_typed(value) -> str:
    """An answer as it is stored, right or wrong: text without blanks around it and without NUL, which PostgreSQL
    doesn't keep."""
    return str("" if value is None else value).replace("\0", "").strip()[:LONGEST]


def cut_short(form) -> str:
    """What to say where more was typed than `as_typed` keeps; empty where everything is kept."""
    fields = [
        bound.label
        for bound in form
        if len(str(form.data.get(bound.html_name) or "").strip()) > LONGEST
    ]
    sentence = _("Not kept whole, since an answer has at most %(most)s characters: %(fields)s.")
    return sentence % {"most": LONGEST, "fields": _(", ").join(map(str, fields))} if fields else ""


class Text(forms.CharField):
    """A line of text; `written` says what may stand in it."""

    def __init__(self, max_length=LONGEST_NAME, written=LINE, **options):
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        self.written = written
        super().__init__(max_length=max_length, **options)

    def clean(self, value):
        text = super().clean(value)
        if wrong := fault(text, self.written):
            raise ValidationError(wrong)
        return text


class Chosen(forms.ChoiceField):
    """One of the choices of `kernel.form.choices.CHOICES`, as radio buttons."""

    def __init__(self, key: str, **options):
        super().__init__(choices=lambda: CHOICES[key].choices, widget=forms.RadioSelect, **options)


class Picked(forms.CharField):
    """One of a list of rows; whether it may be chosen is judged by the standards, so that nothing typed is lost."""

    def __init__(self, **options):
        super().__init__(widget=forms.Select, **options)

    def offer(self, options: list) -> None:
        """Set what can be chosen: (value, label) or (group, [(value, label)]), with an empty choice on top."""
        self.widget.choices = [("", _("Please choose")), *options]


class PickedMany(forms.MultipleChoiceField):
    """Any number of a list of rows, judged by the standards."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True


class Day(forms.CharField):
    """A day as the browser's date field gives it, 2026-03-18."""

    def __init__(self, **options):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **options)

    def clean(self, value):
        text = super().clean(value)
        if text and read_date(text) is None:
            raise ValidationError(
                _("Write the date as year, month and day, for example 2026-03-18.")
            )
        return text


class Yuan(forms.CharField):
    """An amount as people write it, in yuan or in wan and yi: so the keyboard of a phone is the one with words."""

    def __init__(self, **options):
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def clean(self, value):
        text = super().clean(value)
        if text and read_yuan(text) is None:
            raise ValidationError(_("Write an amount above zero, for example 500000."))
        return text


class Whole(forms.CharField):
    """A whole number from `least`."""

    def __init__(self, least=1, **options):
        self.least = least
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options
        )

    def clean(self, value):
        text = super().clean(value)
        if text and (read_count(text) or 0) < self.least:
            raise ValidationError(
                format_lazy(_("Write a whole number of {least} or more."), least=self.least)
            )
        return text


class Judged(forms.CharField):
    """A number with check digits, judged by `kernel.form.codes`."""

    def __init__(self, mode="text", **options):
        attrs = {"inputmode": mode, "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **options)

    def verdict(self, text: str):
        raise NotImplementedError

    def clean(self, value):
        text = super().clean(value)
        verdict = self.verdict(text) if text else None
        if verdict is not None and verdict.blocks:
            raise ValidationError(format_lazy("{} {}", verdict.sentence, verdict.remedy))
        return text


class IdNumber(Judged):
    def verdict(self, text):
        return resident_id_check(text, localdate(now()))


class CreditCode(Judged):
    """A wrong outer check digit is refused here; a wrong inner one is confirmed by the person (see PersonForm)."""

    def verdict(self, text):
        return uscc_check(text)


class Mobile(Judged):
    def __init__(self, **options):
        super().__init__(mode="tel", **options)

    def verdict(self, text):
        return mobile_check(text)
