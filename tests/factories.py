"""Zones, people and cases for tests. Cases are moved by the actions alone, the same way as in the product."""

from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import count
from secrets import token_bytes
from zoneinfo import ZoneInfo

import factory
from django.core.files.base import ContentFile
from django.utils.timezone import localdate
from django_otp_webauthn.models import WebAuthnCredential
from PIL import Image

from banking.models import Branch
from kernel.accounts.models import Role, User, Zone
from kernel.cases import actions
from kernel.cases.founders_papers import standing
from kernel.cases.models import Application, Material, Person, Stage
from kernel.cases.signers import signers_of
from kernel.core import departments
from kernel.core.moment import now
from kernel.form import id_copies
from kernel.form.filing import read
from kernel.form.stored_files import StoredFile
from kernel.sla.models import Calendar
from kernel.standards import publishing
from portal.notices.models import MailAddress
from tests.filings import complete_answers, resident_id

BRANCH = "ICBC-GX"
SHANGHAI = ZoneInfo("Asia/Shanghai")
AUTHORITIES = {
    "seal_authority_name": "公安分局",
    "engraver_name": "刻章公司",
    "tax_authority_name": "税务局",
    "social_security_authority_name": "社会保险事业中心",
}
AUTHORITIES |= {
    setting: f"{found.code}机构"
    for found in departments.departments()
    for setting, _whom in found.authorities
    if setting not in AUTHORITIES
}
CARD = {"id_from": "2016-05-04", "id_long_term": "yes"}  # of an identity card that is valid
MORNING = datetime(2026, 3, 18, 9, 12, tzinfo=SHANGHAI)  # a Wednesday, in working time


class CalendarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Calendar
        django_get_or_create = ("code",)

    code = "test"
    windows = [["09:00", "12:00"], ["13:30", "17:00"]]


class ZoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Zone
        django_get_or_create = ("code",)

    code = "test"
    name = factory.Faker("city", locale="zh_CN")
    name_en = "Test Zone"
    authority_name = factory.Faker("company", locale="zh_CN")
    region_code = "370399"
    calendar_code = factory.LazyAttribute(lambda zone: CalendarFactory(code=zone.code).code)

    @classmethod
    def _adjust_kwargs(cls, **fields):
        return {**fields, "settings": AUTHORITIES | fields.get("settings", {})}


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    real_name = factory.Faker("name", locale="zh_CN")
    roles = factory.LazyAttribute(lambda made: (made.role,))
    password = factory.django.Password("secret-for-tests")
    # An applicant of a test has shown who they are, unless the test is about that.
    phone_proved_at = name_proved_at = factory.LazyAttribute(
        lambda made: MORNING if made.roles == (Role.APPLICANT,) else None
    )

    class Params:
        role = Role.APPLICANT
        officer = factory.Trait(zone=factory.SubFactory(ZoneFactory))


def with_mail(user: User, address: str = "somebody@example.org") -> User:
    """The same, who has proved an e-mail address."""
    MailAddress.objects.create(account=user, address=address, proved_at=MORNING)
    return user


def officer(department: str, zone: Zone | None = None, **fields) -> User:
    """An officer of a department's desk."""
    return UserFactory(
        role=departments.department(department).role, zone=zone or ZoneFactory(), **fields
    )


def passkey(user: User) -> WebAuthnCredential:
    """As it is kept; no device can use it."""
    return WebAuthnCredential.objects.create(
        user=user, credential_id=token_bytes(16), public_key=b"", sign_count=0
    )


def supervisor(zone: Zone | None = None, **fields) -> User:
    return UserFactory(role=Role.SUPERVISOR, zone=zone or ZoneFactory(), **fields)


def draft(
    company_type: str = "1130",
    applicant: User | None = None,
    zone: Zone | None = None,
    as_founder: bool = True,
) -> Application:
    """A draft whose every answer is right; once all have signed it (`signed`) it is ready to be submitted. The
    applicant is its legal representative, unless it is filed for others (`as_founder`)."""
    publishing.load_published()
    applicant = applicant or UserFactory()
    application = actions.begin_draft(
        actor=applicant, zone=zone or ZoneFactory(), company_type=company_type
    )
    desks = departments.at_work(application.zone.setting("departments"))
    sections, people, materials = complete_answers(company_type, departments=desks)
    if as_founder:
        people[0].data["id_number"] = applicant.id_number or _own_number(applicant)
    for person in people:
        Person.objects.create(
            application=application,
            uid=person.uid,
            kind=person.kind,
            is_shareholder=person.is_shareholder,
            data=dict(person.data),
        )
    upload(application, materials)
    for section, values in sections.items():
        actions.save_section(
            actor=applicant, application_id=application.pk, section=section, values=dict(values)
        )
    return Application.objects.select_related("zone").get(pk=application.pk)


def _own_number(applicant: User) -> str:
    """Give an account that has none an ID number of its own: of whoever was born on the next day from 1970 on."""
    born = date(1970, 1, 1) + timedelta(days=next(_days))
    applicant.id_number = resident_id(f"{born:%Y%m%d}", 901)
    applicant.save()
    return applicant.id_number


def founded_by(application: Application, user: User) -> None:
    """The legal representative of a draft is this account from now on."""
    filing = read(application, application.people.all(), (), localdate(now()))
    person = application.people.get(uid=filing.holder_of("legal_representative").uid)
    person.data = person.data | {"id_number": user.id_number or _own_number(user)}
    person.save()


_days = count()


def upload(application: Application, materials: dict) -> None:
    """Files of a case, as `complete_answers` gives them; the sides of identity cards are pictures."""
    for kind, files in materials.items():
        for file in files:
            picture = bool(file.person)
            material = Material(
                application=application,
                kind=kind,
                filename=file.name,
                content_type="image/jpeg" if picture else "application/pdf",
                size=4,
                pages=file.pages,
                sha256=file.digest,
                person=file.person or None,
                side=file.side,
                look=file.look,
                uploaded_at=now(),
            )
            content = card_picture() if picture else b"%PDF"
            material.file.save("", ContentFile(content), save=False)
            material.save()


def cards(application: Application) -> None:
    """Both sides of the identity card of everybody who is asked for it and has none in the case yet."""
    row = Application.objects.select_related("zone").get(pk=application.pk)
    for place in id_copies.places(standing(row).filing):
        if place.file is None:
            name, digest = f"{place.side.value}.jpg", sha256(place.name.encode()).hexdigest()
            file = StoredFile(name, 1, digest, place.person.uid, place.side.value)
            upload(application, {place.kind: [file]})


@cache
def card_picture() -> bytes:
    """A picture that can be opened, of a card's shape."""
    target = BytesIO()
    Image.new("RGB", (428, 270), "lightsteelblue").save(target, "JPEG")
    return target.getvalue()


def branch(zone: Zone) -> None:
    """The branch of a bank that the filings ask for."""
    names = {"name": "Bank", "name_en": "Bank", "address": "1"}
    Branch.objects.get_or_create(code=BRANCH, defaults={"zone": zone, **names})


def signed(application: Application) -> Application:
    """Everybody who signs a paper of this filing has signed its present words, however the filing came about."""
    application = Application.objects.select_related("zone").get(pk=application.pk)
    if application.answers.get("bank", {}).get("branch") == BRANCH:
        branch(application.zone)  # what the papers call it is known before they are signed
    digest = {"at": now().isoformat(), "digest": "ab" * 32, "proof": {"by": "test"}}
    signatures = {
        signer.person.uid: signer.given
        | {kind: digest | {"said": signer.papers[kind]} for kind in signer.void}
        for signer in signers_of(standing(application))
    }
    application.answers = {**application.answers, "signatures": signatures}
    application.save(update_fields=["answers"])
    return application


def submit(*, actor: User, application_id: int) -> Application:
    """Submit a filing that everybody has signed."""
    signed(Application(pk=application_id))
    return actions.submit(actor=actor, application_id=application_id)


def resubmit(*, actor: User, application_id: int, department: str) -> Application:
    """Send a corrected case back; everybody has signed what the correction touched."""
    signed(Application(pk=application_id))
    return actions.resubmit(actor=actor, application_id=application_id, department=department)


def filed(company_type: str = "1130", **fields) -> Application:
    """A case that has been submitted and waits in the line of the window."""
    application = draft(company_type, **fields)
    return submit(actor=application.applicant, application_id=application.pk)


def stage(application: Application, department: str) -> Stage:
    return Stage.objects.get(application=application, department=department)
