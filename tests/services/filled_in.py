"""A filing that a helper fills in at the counter."""

from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import Application, Person
from tests import factories
from tests.filings import complete_answers


def fill(helper: User, application: Application, number: str) -> Application:
    """Every answer right, as the helper types it; the visitor is the founder."""
    sections, people, materials = complete_answers(application.company_type)
    people[0].data["id_number"] = number
    for person in people:
        Person.objects.create(
            application=application,
            uid=person.uid,
            kind=person.kind,
            is_shareholder=person.is_shareholder,
            data=dict(person.data),
        )
    factories.upload(application, materials)
    for section, values in sections.items():
        actions.save_section(
            actor=helper, application_id=application.pk, section=section, values=dict(values)
        )
    factories.branch(application.zone)
    return Application.objects.select_related("zone").get(pk=application.pk)
