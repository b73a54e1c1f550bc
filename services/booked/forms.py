"""What the page of a service asks, by what its kind needs; what came of a service, and the supervisor's decision."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.accounts.models import Role, User
from kernel.applicants.inputs import Mobile, Text
from kernel.applicants.slots import SlotField
from kernel.cases.appointments import Place
from kernel.cases.models import Application
from kernel.core.ui.wording import unbroken
from kernel.form.dates import read_moment
from kernel.sla.calendars import calendar_id, work_calendar
from services.booked import kinds, places
from services.booked.actions.asking import LONGEST, Wish, states_of
from services.booked.kinds import How, ServiceKind
from services.booked.models import ServiceRequest, Session, State, gives

SESSION = "session:"  # before the key of an evening whose wishes are counted


def offered(zone, kind: ServiceKind, at: datetime) -> Mapping[date, list[Place]]:
    """Local day → its times, as the chooser of appointments takes them."""
    return {
        day: [Place(offer.begins_at, offer.left) for offer in offers]
        for day, offers in places.days(zone, kind, at).items()
    }


def aware(zone, value: str) -> datetime | None:
    """The moment that a button of the chooser stands for; None for none."""
    moment = read_moment(value)
    return moment and moment.replace(tzinfo=work_calendar(calendar_id(zone.calendar_code)).zone)


class WhenField(SlotField):
    """The times of a service; what went to somebody else meanwhile is judged by the booking."""

    def set(self, zone, kind: ServiceKind, value: str, at: datetime) -> None:
        self.label = pgettext("service", "When")
        self.offer_days(offered(zone, kind, at), value, at)


class MoveForm(forms.Form):
    """Another time."""

    when = WhenField(error_messages={"required": gettext_lazy("Choose a time.")})

    def __init__(self, request: ServiceRequest, at: datetime, data=None):
        super().__init__(data, use_required_attribute=False)
        value = data.get("when", "") if data else ""
        self.fields["when"].set(request.zone, request.of, value, at)  # type: ignore[attr-defined]  # a WhenField


class ServiceForm(forms.Form):
    """Only what the kind needs is asked; of whoever has no account the staff writes down name and phone."""

    name = Text(
        label=gettext_lazy("Name of the person who comes"),
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    phone = Mobile(
        label=gettext_lazy("Mobile phone"),
        error_messages={"required": gettext_lazy("Write the mobile number.")},
    )
    application = forms.ModelChoiceField(
        Application.objects.none(),
        label=gettext_lazy("Which case"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the case it is about.")},
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("On which ground"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the published grounds.")},
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how we meet.")},
    )
    session = forms.ModelChoiceField(
        Session.objects.none(),
        label=gettext_lazy("Evenings and Saturdays whose wishes are counted"),
        widget=forms.RadioSelect,
        empty_label=None,
        required=False,
        error_messages={
            "required": gettext_lazy("Choose an evening that you wish for."),
            "invalid_choice": gettext_lazy(
                "This evening is decided on already. Load the page anew."
            ),
        },
    )
    when = WhenField(error_messages={"required": gettext_lazy("Choose a time.")})
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
        help_text=gettext_lazy("With house, staircase and door; whether there is a lift."),
        error_messages={"required": gettext_lazy("Write the address to which we are to come.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Who signs, and what keeps them from coming."),
        error_messages={"required": gettext_lazy("Write why you ask for it.")},
    )
    proof = forms.FileField(
        label=gettext_lazy("Proof of the ground"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        help_text=gettext_lazy("A photo or a PDF, at most 10 MB. It is stored encrypted."),
    )
    consents = forms.BooleanField(
        label=gettext_lazy(
            "I agree that a helper reads and fills in this draft with me until I submit it or take this back."
        ),
        error_messages={
            "required": gettext_lazy("A helper opens your draft only with your consent. Tick it.")
        },
    )

    fields: dict[str, Any]

    def __init__(self, kind: ServiceKind, zone, user, at: datetime, data=None, files=None):
        super().__init__(data, files, use_required_attribute=False)
        self.kind, self.zone = kind, zone
        self._show(user, at, data.get("when", "") if data else "")
        for name in self._not_asked(user):
            del self.fields[name]

    def _show(self, user, at: datetime, when: str) -> None:
        """Set what can be chosen."""
        kind, zone = self.kind, self.zone
        own = Application.objects.filter(applicant=user, zone=zone, state__in=states_of(kind))
        cases = self.fields["application"]
        cases.queryset = own.defer("answers").order_by("-pk")
        cases.label_from_instance = _called
        self.fields["ground"].choices = list(kind.grounds(zone).items())
        self.fields["way"].choices = [(way.value, kinds.WAYS[way]) for way in kind.ways]
        sessions = self.fields["session"]
        counted = [session.pk for session in places.counted(zone, at)]
        sessions.queryset = Session.objects.filter(pk__in=counted)
        sessions.label_from_instance = _evening
        if kind.has_places:
            self.fields["when"].set(zone, kind, when, at)
        if kind.how is How.COUNTED:
            self.fields["when"].required = False
            sessions.required = not self.fields["when"].days

    def _not_asked(self, user) -> list[str]:
        kind, for_other = self.kind, gives(user) and not user.holds(Role.APPLICANT)
        asked = {
            "name": for_other,
            "phone": for_other,
            "application": bool(kind.needs_case),
            "ground": bool(self.fields["ground"].choices),
            "way": len(kind.ways) > 1,
            "session": kind.how is How.COUNTED and self.fields["session"].queryset.exists(),
            "when": kind.has_places
            and (kind.how is not How.COUNTED or bool(self.fields["when"].days)),
            "address": kind.needs_address,
            "reason": kind.needs_reason,
            "proof": kind.needs_proof,
            "consents": kind.needs_consent,
        }
        return [name for name, is_asked in asked.items() if not is_asked]

    def clean(self):
        given = super().clean() or {}
        if self.kind.how is How.COUNTED:
            if not given.get("when") and not given.get("session"):
                field = next((name for name in ("when", "session") if name in self.fields), None)
                if field != "session" or not self.has_error("session"):
                    self.add_error(field, _("Choose a time, or an evening that you wish for."))
        if self.kind.needs_proof and not self.files.getlist("proof"):
            self.add_error("proof", _("Add the document that proves the ground."))
        return given

    def wish(self, files) -> Wish:
        given = self.cleaned_data
        begins_at = aware(self.zone, given.get("when", ""))
        return Wish(
            begins_at=begins_at,
            way=given.get("way", ""),
            session=None if begins_at else given.get("session"),
            application=given.get("application"),
            ground=given.get("ground", ""),
            reason=given.get("reason", "").strip(),
            address=given.get("address", "").strip(),
            name=given.get("name", "").strip(),
            phone=given.get("phone", "").strip(),
            consents=bool(given.get("consents")),
            files=files,
        )


def _called(application: Application) -> str:
    name = application.name or _("A company without a name yet")
    return pgettext("list", ", ").join([name, application.number])


def _evening(session: Session) -> str:
    """The evening and how many wished for it."""
    enough = session.zone.setting("extended_enough")
    wishes = session.requests.filter(state=State.WAITING).count()
    when = f"{date_format(session.date, pgettext('date format', 'l j F'))} {session.opens:%H:%M}–{session.closes:%H:%M}"
    sentence = _("%(when)s: %(n)s of %(enough)s wishes")
    words = sentence % {"when": "{when}", "n": wishes, "enough": enough}
    return format_html(words, when=unbroken(when))


class OutcomeForm(forms.Form):
    """What came of a service, by whoever gave it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[(code, kinds.OUTCOMES[code]) for code in kinds.CHOSEN],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what came of it.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fields: dict[str, Any]

    def __init__(self, request: ServiceRequest, data=None):
        super().__init__(data, use_required_attribute=False)
        if request.kind == "follow_up":
            for name, label in kinds.ASKED.items():
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=list(kinds.ANSWERS.items()),
                    widget=forms.RadioSelect,
                    error_messages={
                        "required": _(
                            "Record what was said of the first return and the first employees."
                        )
                    },
                )

    def results(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in kinds.ASKED if name in self.fields}


class DecisionForm(forms.Form):
    """Agreeing, with the people who give it."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who gives it"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    fields: dict[str, Any]

    def __init__(self, request: ServiceRequest, data=None):
        super().__init__(data, use_required_attribute=False)
        people = staff_of(request)
        if not request.of.people:
            del self.fields["people"]
            return
        self.fields["people"].queryset = people
        self.fields["people"].required = data is None  # as it is marked; the action says how many
        self.fields["people"].label_from_instance = _member
        self.fields["people"].initial = [row.person_id for row in request.people.filter(until=None)]


def staff_of(request: ServiceRequest):
    """Who may give it: of a draft helpers alone."""
    people = User.objects.filter(zone=request.zone_id, is_active=True).select_related("staff_card")
    if request.kind == "assisted":
        return people.holding(Role.HELPER).order_by("pk")
    return people.filter(pk__in=[person.pk for person in people if gives(person)]).order_by("pk")


def _member(person: User) -> str:
    card = getattr(person, "staff_card", None)
    told = card.number if card else _("no work card yet")
    return pgettext("list", ", ").join([person.real_name, person.roles_label, str(told)])
