"""Zones, people and cases for tests. Cases are moved by the actions alone, the same way as in the product."""

from datetime import datetime
from zoneinfo import ZoneInfo

import factory
from django.core.files.base import ContentFile

from kernel.accounts.models import Role, User, Zone
from kernel.cases import actions
from kernel.cases.models import Application, Material, Person, Stage
from kernel.core import departments
from kernel.core.moment import now
from kernel.sla.models import Calendar
from kernel.standards import publishing
from tests.filings import complete_answers

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


def officer(department: str, zone: Zone | None = None, **fields) -> User:
    """An officer of a department's desk."""
    return UserFactory(
        role=departments.department(department).role, zone=zone or ZoneFactory(), **fields
    )


def supervisor(zone: Zone | None = None, **fields) -> User:
    return UserFactory(role=Role.SUPERVISOR, zone=zone or ZoneFactory(), **fields)


def draft(
    company_type: str = "1130", applicant: User | None = None, zone: Zone | None = None
) -> Application:
    """A draft whose every answer is right, ready to be submitted."""
    publishing.load_published()
    applicant = applicant or UserFactory()
    application = actions.begin_draft(
        actor=applicant, zone=zone or ZoneFactory(), company_type=company_type
    )
    desks = departments.at_work(application.zone.setting("departments"))
    sections, people, materials = complete_answers(company_type, departments=desks)
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


def upload(application: Application, materials: dict) -> None:
    """Files of a case, as `complete_answers` gives them."""
    for kind, files in materials.items():
        for filename, pages, sha256 in files:
            material = Material(
                application=application,
                kind=kind,
                filename=filename,
                content_type="application/pdf",
                size=4,
                pages=pages,
                sha256=sha256,
                uploaded_at=now(),
            )
            material.file.save("", ContentFile(b"%PDF"), save=False)
            material.save()


def filed(company_type: str = "1130", **fields) -> Application:
    """A case that has been submitted and waits in the line of the window."""
    application = draft(company_type, **fields)
    return actions.submit(actor=application.applicant, application_id=application.pk)


def stage(application: Application, department: str) -> Stage:
    return Stage.objects.get(application=application, department=department)
