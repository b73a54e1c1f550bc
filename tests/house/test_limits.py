"""What a form or the interface takes, its column holds: PostgreSQL refuses more, and that would be a 500.

Whoever adds a field says here where it is kept. SQLite, which keeps any length, would hide a wrong limit.
"""

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.urls import get_resolver
from rest_framework import serializers

from banking import rules as banking
from kernel.applicants.inputs import LONGEST, Judged
from kernel.applicants.pages import FormPage
from seals import rules as seals
from social_security import rules as social_security
from tax import rules as tax
from tests.house import surroundings

KEPT = {
    "banking.AccountForm.basic_number": "banking.Account.basic_number",
    "banking.AccountForm.number": "banking.Account.number",
    "reviews.CodeReviewForm.comment": "evaluations.Review.comment",
    "reviews.OwnReviewForm.comment": "evaluations.Review.comment",
    "reviews.ReviewForm.comment": "evaluations.Review.comment",
    "reviews.ThingReviewForm.comment": "evaluations.Review.comment",
    "reviews.AnswerForm.comment": "evaluations.ReviewEvent.text",
    "reviews.CheckForm.sentence": "evaluations.Repair.sentence",
    "reviews.ExtensionForm.text": "evaluations.Repair.extension_reason",
    "reviews.ExtensionForm.days": "evaluations.Repair.extension_days",
    "reviews.HandBackForm.text": "evaluations.ReviewEvent.text",
    "reviews.MessageForm.text": "evaluations.ReviewEvent.text",
    "reviews.ReasonForm.text": "evaluations.ReviewEvent.text",
    "reviews.RepairForm.done": "evaluations.Repair.done",
    "reviews.RepairForm.responsible": "evaluations.Repair.responsible",
    "reviews.RepairForm.sentence": "evaluations.Repair.sentence",
    "portal.AdoptForm.ground": "supervision.AdoptedBudget.ground",
    "portal.AdoptForm.minutes": "supervision.AdoptedBudget.minutes",
    "kernel.PublishForm.reason": "accounts.Proposal.reason",
    "kernel.ReasonForm.reason": "accounts.Proposal.reason",
    "portal.AskForm.reason": "accounts.Proposal.reason",
    "portal.RefusalForm.answer": "accounts.Proposal.answer",
    "portal.AnswerForm.answer": "cases.Escalation.answer",
    "portal.DecisionForm.note": "cases.Objection.note",
    "portal.ExtendForm.minutes": "sla.Clock.extension_minutes",
    "portal.FollowUpForm.outcome": "evaluations.Outcome.text",
    "portal.ReasonForm.text": "cases.BreachReason.text",
    "portal.CardForm.real_name": "accounts.User.real_name",
    "kernel.NameForm.real_name": "accounts.User.real_name",
    "services.ClaimForm.real_name": "accounts.User.real_name",
    "services.VisitorForm.real_name": "accounts.User.real_name",
    "portal.RecoverForm.real_name": "accounts.User.real_name",
    "portal.RegisterForm.real_name": "accounts.User.real_name",
    "social_security.SocialSecurityResultSerializer.number": "social_security.Registration.number",
    "kernel.EscalateForm.question": "cases.Escalation.question",
    "registration.GroundForm.ground": "cases.Document.ended_ground",
    "kernel.NamePage.industry_term": "cases.RegisterEntry.industry_term",
    "kernel.NamePage.trade_name": "cases.RegisterEntry.trade_name",
    "kernel.PersonForm.name": "cases.Application.legal_representative",
    "kernel.StandardForm.id": "cases.Deferral.standard",
    "seals.SendForm.tracking_number": "seals.Parcel.tracking_number",
    "social_security.SocialSecurityForm.employees": "social_security.Registration.employees",
    "social_security.SocialSecurityForm.number": "social_security.Registration.number",
    "tax.TaxForm.invoice_limit": "tax.TaxRegistration.invoice_limit_fen",
    "tax.TaxForm.invoice_quota": "tax.TaxRegistration.invoice_quota_fen",
}
# Looked up, compared or judged and never kept, or kept in JSON (answers, trail, standards), which holds any length.
IN_NO_COLUMN = {
    "services.TakeForm.phone",
    *(f"portal.AnswerForm.{name}" for name in ("code", "error", "state")),
    "portal.ArrangementForm.source",
    "seals.CollectorForm.id_number",
    "seals.CollectorForm.name",
    "seals.HandOutForm.code",
    "seals.HandOutForm.number_end",
    "kernel.CodeForm.code",
    "kernel.OnceMoreForm.code",
    "kernel.OnceMoreForm.password",
    "kernel.NewPasswordForm.new_password1",
    "kernel.NewPasswordForm.new_password2",
    "kernel.LoginForm.password",
    "kernel.LoginForm.username",
    "reviews.CodeForm.code",
    "reviews.CodeReviewForm.code",
    "portal.CloseSerializer.round",
    "portal.DeclineForm.legal_basis",
    "portal.EvidenceForm.text",
    "portal.ExtendForm.ground",
    "portal.GroundSerializer.how_to_fix",
    "portal.GroundSerializer.standard",
    *(f"portal.PersonForm.{name}" for name in ("id_number", "real_name")),
    *(
        f"portal.QuestionForm.{name}"
        for name in ("code_challenge", "nonce", "redirect_uri", "state")
    ),
    "portal.ProgressForm.code",
    "portal.ProgressForm.number",
    "portal.ProgressRequestSerializer.code",
    "portal.ProgressRequestSerializer.number",
    "portal.ReassignForm.reason",
    *(
        f"portal.{form}.{name}"
        for form in ("RegisterForm", "RecoverForm")
        for name in ("id_number", "password", "password_again")
    ),
    *(f"portal.ChangePasswordForm.{name}" for name in ("password", "password_again", "present")),
    "portal.CardForm.id_number",
    "portal.CloseForm.present",
    "portal.AddressForm.address",  # encrypted, of any length
    "services.OutcomeForm.note",  # encrypted, as are those of a service
    *(f"services.ServiceForm.{name}" for name in ("address", "name", "reason")),
    "portal.SecretForm.secret",
    "portal.CodeForm.code",
    "kernel.NameForm.id_number",
    "services.ClaimForm.claim",
    "services.ClaimForm.id_number",
    "services.ScreenForm.code",
    "services.VisitorForm.id_number",
    "portal.NewPassword.password",
    "portal.NewPassword.password_again",
    "portal.OwnPassword.present",
    "portal.PhoneForm.phone",
    "portal.ReturnSerializer.round",
    "portal.SampleForm.name",
    "portal.SampleForm.note",
    "portal.VerifyForm.code",
    "kernel.PersonForm.address",
    "kernel.PersonForm.representative",
    *(
        f"kernel.StandardForm.{name}_{code}"
        for name in ("fix", "ground", "text")
        for code in ("en", "zh")
    ),
}
# What a department's rules bound, whoever enters it: pages and interface ask the same rules.
RULED = {
    "banking.AccountForm.basic_number": banking.LONGEST_NUMBER,
    "banking.AccountForm.number": banking.LONGEST_NUMBER,
    "social_security.SocialSecurityResultSerializer.number": social_security.LONGEST_NUMBER,
    "seals.SendForm.tracking_number": seals.LONGEST_TRACKING,
    "social_security.SocialSecurityForm.employees": social_security.MOST_EMPLOYEES,
    "social_security.SocialSecurityForm.number": social_security.LONGEST_NUMBER,
    "tax.TaxForm.invoice_limit": tax.MOST_FEN,
    "tax.TaxForm.invoice_quota": tax.MOST_FEN,
}
for said in surroundings.beside_the_tests_of_departments("limits"):
    KEPT |= said.KEPT
    RULED |= said.RULED
ONLY_SAID = ("ProblemSerializer", "RefusalSerializer")  # of answers; nobody sends them


def heirs(kind: type) -> list[type]:
    """Every class of ours that comes of `kind`, once all pages have been imported."""
    assert get_resolver().url_patterns
    found = [heir for child in kind.__subclasses__() for heir in (child, *heirs(child))]
    return [
        heir for heir in dict.fromkeys(found) if heir.__module__.split(".")[0] in surroundings.ROOTS
    ]


def entered() -> dict[str, object]:
    """The texts and whole numbers that anybody can enter, by app, form and field."""
    fields = {
        _called(form, name): field
        for form in heirs(forms.Form)
        for name, field in form.base_fields.items()
        if type(field) in (forms.CharField, forms.IntegerField) or type(field).__name__ == "Text"
    }
    for serializer in heirs(serializers.Serializer):
        if serializer.__name__ not in ONLY_SAID:
            fields |= {
                _called(serializer, name): field
                for name, field in serializer().fields.items()
                if type(field) in (serializers.CharField, serializers.IntegerField)
                and not field.read_only
            }
    return fields


def _called(owner: type, name: str) -> str:
    return f"{owner.__module__.split('.')[0]}.{owner.__name__}.{name}"


def answers() -> set[str]:
    """What the pages of the filing ask for is kept as typed, in one JSON."""
    return {_called(form, name) for form in heirs(FormPage) for name in form.base_fields}


def test_everything_that_is_entered_is_known_here():
    unknown = entered().keys() - KEPT.keys() - IN_NO_COLUMN - answers()
    assert not unknown, (
        f"say in KEPT which column keeps it, or in IN_NO_COLUMN that none does: {sorted(unknown)}"
    )
    gone = (KEPT.keys() | IN_NO_COLUMN) - entered().keys()
    assert not gone, f"there is no such field any more: {sorted(gone)}"


@pytest.mark.parametrize("name", KEPT)
def test_a_column_holds_all_that_its_form_takes(name):
    field = entered()[name]
    label, model, column = KEPT[name].split(".")
    column = apps.get_model(label, model)._meta.get_field(column)
    if hasattr(field, "max_value"):
        _least, most = connection.ops.integer_field_range(column.get_internal_type())
        assert RULED.get(name, field.max_value) <= most
    elif column.get_internal_type() != "TextField":
        longest = RULED.get(name, field.max_length)
        assert longest and longest <= column.max_length


def test_no_answer_may_be_longer_than_one_is_kept():
    """`as_typed` cuts an answer there, in silence."""
    for form in (*heirs(FormPage), *heirs(forms.Form)):
        for name, field in form.base_fields.items():
            if type(field).__name__ == "Text" or isinstance(field, Judged):
                assert field.max_length <= LONGEST, _called(form, name)
