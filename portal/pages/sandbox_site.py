"""The province's service site as the sandbox plays it: one chooses who one is, and what the site answers."""

from authlib.common.urls import add_params_to_uri
from django import forms
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts import real_names, service_site
from kernel.accounts import service_site_sandbox as played
from kernel.accounts.service_site import Person
from kernel.accounts.service_site_sandbox import Answer
from kernel.core.privacy import mask_id
from kernel.core.ui.links import link

ANSWERS = (
    (Answer.YES.value, _("says who I am")),
    (Answer.REFUSED.value, _("says no, or I leave it")),
    (Answer.UNSURE.value, _("knows my password, but not surely my name")),
    (Answer.LATE.value, _("answers with a token that has run out")),
    (Answer.FOR_ANOTHER.value, _("answers with the token of another log-in")),
    (Answer.FORGED.value, _("answers with a token that it hasn't signed")),
)
OTHER = "other"
WANTED = {
    "real_name": _("Enter the name of whom the site is to say it is"),
    "id_number": _("Enter the ID number of whom the site is to say it is"),
}


class QuestionForm(forms.Form):
    """What the portal asks of the site, in the address."""

    client_id = forms.ChoiceField(choices=[(played.CLIENT, "")])
    response_type = forms.ChoiceField(choices=[("code", "")])
    code_challenge_method = forms.ChoiceField(choices=[("S256", "")])
    redirect_uri = forms.CharField(max_length=2000)
    state = forms.CharField(max_length=100)
    nonce = forms.CharField(max_length=100)
    code_challenge = forms.CharField(max_length=100)

    def __init__(self, *args, back: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.back = back

    def clean_redirect_uri(self):
        """The site sends people back to its clients alone."""
        if self.cleaned_data["redirect_uri"] != self.back:
            raise forms.ValidationError(_("This site doesn't know who asks."))
        return self.back


class PersonForm(forms.Form):
    who = forms.ChoiceField(label=_("Who you are"), widget=forms.RadioSelect)
    real_name = forms.CharField(label=_("Name of somebody else"), required=False, max_length=60)
    id_number = forms.CharField(
        label=_("ID number of somebody else"), required=False, max_length=40
    )
    answer = forms.ChoiceField(
        label=_("What the site answers"),
        choices=ANSWERS,
        initial=Answer.YES.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(place): known for place, known in enumerate(real_names.known_people())}
        known = [
            (place, f"{name} {mask_id(number)}")
            for place, (name, number, _phone) in self.people.items()
        ]
        self.fields["who"].choices = [*known, (OTHER, _("Somebody else"))]
        self.fields["who"].initial = known[0][0] if known else OTHER

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("who") == OTHER:
            for field, sentence in WANTED.items():
                if not cleaned.get(field):
                    self.add_error(field, sentence)
        return cleaned

    @property
    def person(self) -> Person:
        data = self.cleaned_data
        if data["who"] == OTHER:
            return Person(data["real_name"], data["id_number"])
        name, number, _phone = self.people[data["who"]]
        return Person(name, number)


@sensitive_post_parameters("id_number", "real_name")
@never_cache
def page(request):
    """Raises Http404 where the site isn't played, or somebody comes who wasn't sent."""
    if not isinstance(service_site.site(), played.Sandbox):
        raise Http404
    back = request.build_absolute_uri(link("site_answer"))
    question = QuestionForm(request.GET, back=back)
    if not question.is_valid():
        raise Http404
    form = PersonForm(request.POST or None)
    if form.is_valid():
        return HttpResponseRedirect(_address(question.cleaned_data, form))
    context = {"form": form, "other": OTHER}
    status = 422 if form.errors else 200
    return render(request, "pages/sandbox_site.html", context, status=status)


def _address(asked: dict, form: PersonForm) -> str:
    """Back to the portal with a code, or with an error."""
    answer = Answer(form.cleaned_data["answer"])
    if answer is Answer.REFUSED:
        told = {"error": "access_denied"}
    else:
        code = played.grant(
            form.person,
            answer,
            challenge=asked["code_challenge"],
            nonce=asked["nonce"],
            back=asked["redirect_uri"],
        )
        told = {"code": code}
    return add_params_to_uri(asked["redirect_uri"], [*told.items(), ("state", asked["state"])])
