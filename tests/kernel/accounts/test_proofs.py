"""What an account has proved and what that opens; one account for a person; a phone that moves takes nothing along."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from kernel.accounts import actions, proofs
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.actions import PersonTaken
from kernel.accounts.log_in_names import account_named
from kernel.accounts.models import User
from kernel.accounts.proofs import NotProved, Proof, Right
from kernel.cases import actions as cases
from kernel.cases.agency import is_principal
from kernel.cases.founders_papers import standing
from kernel.cases.models import Application, Share
from kernel.core.errors import NotAllowed, Refused
from kernel.core.privacy import blind_index
from kernel.form import flow
from tests import factories
from tests.factories import MORNING
from tests.filings import resident_id

PHONE, NUMBER = "13900000001", resident_id("19900101", 101)
pytestmark = pytest.mark.django_db


def registered(phone=PHONE, number=NUMBER, **given) -> User:
    return actions.register_applicant(
        real_name="赵六", phone=phone, id_number=number, password="pass-word-1", **given
    )


def unproved(**given) -> User:
    return factories.UserFactory(**given, name_proved_at=None)


class TestTable:
    def test_three_states(self):
        assert proofs.proof_of(factories.UserFactory()) is Proof.NAME
        assert proofs.proof_of(unproved()) is Proof.PHONE
        assert proofs.proof_of(unproved(phone_proved_at=None)) is Proof.NONE

    def test_staff_have_no_right_of_an_applicant(self):
        officer = factories.supervisor()
        assert not any(proofs.allows(officer, right) for right in Right)

    def test_who_has_not_shown_who_they_are_does_not_submit(self, travel):
        travel(MORNING)
        draft = factories.draft(applicant=unproved())
        with pytest.raises(NotProved):
            cases.submit(actor=draft.applicant, application_id=draft.pk)
        draft.refresh_from_db()
        assert draft.state == flow.DRAFT
        actions.prove_name(account=draft.applicant, real_name="赵六", id_number=NUMBER)
        factories.founded_by(draft, draft.applicant)
        factories.submit(actor=draft.applicant, application_id=draft.pk)

    def test_a_typed_number_makes_no_founder(self, travel):
        travel(MORNING)
        filing = standing(factories.draft()).filing
        number = filing.shareholders[-1].number
        assert is_principal(factories.UserFactory(id_number=number), filing)
        assert not is_principal(unproved(id_number=number), filing)

    def test_offers_ask_for_the_phone_and_taking_one_up_for_the_name(self, travel):
        travel(MORNING)
        draft = factories.draft()
        given = {"actor": draft.applicant, "application_id": draft.pk, "phone": PHONE}
        share = cases.offer_share(**given, kind=Share.Kind.WORK)
        typed = factories.UserFactory(phone=PHONE, phone_proved_at=None)
        with pytest.raises(NotAllowed):
            cases.refuse_share(actor=typed, uid=str(share.uid))
        User.objects.filter(pk=typed.pk).update(phone_proved_at=MORNING, name_proved_at=None)
        typed = User.objects.get(pk=typed.pk)
        with pytest.raises(NotProved):
            cases.accept_share(actor=typed, uid=str(share.uid))
        cases.refuse_share(actor=typed, uid=str(share.uid))
        with pytest.raises(NotProved):
            own = factories.draft(applicant=typed)
            cases.offer_share(
                actor=typed, application_id=own.pk, phone="13900000002", kind=Share.Kind.WORK
            )

    def test_offers_are_few(self, travel):
        travel(MORNING)
        draft = factories.draft()
        given = {"actor": draft.applicant, "application_id": draft.pk, "kind": Share.Kind.WORK}
        for place in range(20):
            share = cases.offer_share(**given, phone=f"1390000{place:04}")
            cases.end_share(actor=draft.applicant, uid=str(share.uid))
        with pytest.raises(Refused):
            cases.offer_share(**given, phone="13900009999")


class TestOnePerson:
    def test_the_database_keeps_one_account_for_a_person(self):
        registered()
        with pytest.raises(PersonTaken):
            registered(phone="13900000002")
        other = registered(phone="13900000002", name_is_proved=False)
        with pytest.raises(PersonTaken):
            actions.prove_name(account=other, real_name="赵六", id_number=NUMBER.lower())
        other.refresh_from_db()
        assert other.name_proved_at is None and other.phone_proved_at

    def test_who_closed_theirs_may_register_anew(self):
        first = registered()
        actions.close_account(account=first)
        again = registered()
        assert account_named(PHONE).pk == account_named(NUMBER).pk == again.pk
        first.refresh_from_db()
        assert not first.is_active and first.id_number == NUMBER and first.phone == ""

    @pytest.mark.engines
    @pytest.mark.django_db(transaction=True)
    def test_of_ten_who_are_one_person_at_once_one_is(self):
        def register(place):
            try:
                registered(phone=f"1390000{place:04}")
                return "registered"
            except PersonTaken:
                return "taken"
            finally:
                connection.close()

        with ThreadPoolExecutor(10) as pool:
            assert sorted(pool.map(register, range(10))) == ["registered"] + ["taken"] * 9
        assert User.objects.filter(id_index=blind_index(NUMBER)).count() == 1


class TestPhoneThatMoves:
    def test_the_old_account_keeps_everything_but_the_phone(self, travel):
        travel(MORNING)
        old = registered()
        draft = factories.draft(applicant=old)
        new = registered(number=resident_id("19910202", 103))
        old.refresh_from_db()
        assert (old.phone, old.phone_index, old.phone_proved_at) == ("", None, None)
        assert proofs.proof_of(old) is Proof.NAME and old.check_password("pass-word-1")
        assert account_named(PHONE).pk == new.pk and account_named(NUMBER).pk == old.pk
        assert Application.objects.for_user(new).count() == 0
        assert Application.objects.for_user(old).get().pk == draft.pk
        assert old.account_events.first().kind == AccountEvent.Kind.PHONE_GONE

    def test_one_logs_in_with_the_number_once_it_is_proved(self, rf):
        registered(name_is_proved=False)
        given = {"request": rf.post("/"), "password": "pass-word-1"}
        assert authenticate(**given, username=NUMBER) is None
        actions.prove_name(account=User.objects.get(), real_name="赵六", id_number=NUMBER)
        typed = f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:].lower()}"
        assert authenticate(**given, username=typed) and authenticate(**given, username=PHONE)
