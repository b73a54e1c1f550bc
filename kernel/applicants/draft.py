"""A case as the applicant's pages read it: answers, people, files, findings and pins, in a handful of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kernel.accounts.models import Role
from kernel.cases import actions, correcting, deferrals, helping, reading, rights
from kernel.cases.access import access_application
from kernel.cases.models import Application, Correction, Deferral, Material, Person
from kernel.cases.queries import open_corrections, pinned_by
from kernel.cases.signers import judged
from kernel.catalogue import CompanyType
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.fields import FIELD, Form
from kernel.form.filing import Filing, PersonFacts, read
from kernel.standards import evaluation, publishing, records


@dataclass(frozen=True)
class Pin:
    """What a department asked to correct in a field; `fix` is the officer's own words."""

    key: str
    standard: str
    fix: str
    department: str

    def joined(self, other: "Pin") -> "Pin":
        """With another remark on the same field."""
        if other.fix == self.fix:
            return self
        return replace(
            self,
            standard=_(", ").join(dict.fromkeys((self.standard, other.standard))),
            fix=f"{self.fix} {other.fix}",
        )


class Draft:
    """Everything typed for a case so far. Reads once what a page asks for, and writes nothing.

    Where `user` works on it for the founders, pages that the power of attorney leaves out can't be changed.
    """

    def __init__(self, application: Application, user=None):
        self.application, self.zone, self.user = application, application.zone, user
        self.at = now()

    @property
    def today(self):
        return localdate(self.at)

    @cached_property
    def people(self) -> list[Person]:
        return list(self.application.people.all())

    @cached_property
    def materials(self) -> list[Material]:
        return list(self.application.materials.all())

    @cached_property
    def filing(self) -> Filing:
        return judged(self, read(self.application, self.people, self.materials, self.today))

    @property
    def kind(self) -> CompanyType | None:
        return self.filing.kind

    @property
    def form(self) -> Form:
        """The pages and fields that a company of this type is asked for."""
        return self.filing.form

    def stored(self, section: str) -> dict:
        return self.application.answers.get(section, {})

    def with_section(self, section: str, values: dict) -> Filing:
        """The filing as it would be with these answers on one page, whoever has signed; the present one where nothing
        differs."""
        if values == self.stored(section):
            return self.filing
        company_type = values.get("company_type") if section == "name" else None
        filing = replace(
            self.filing,
            sections={**self.filing.sections, section: values},
            company_type=company_type or self.filing.company_type,
            unsigned=(),
        )
        return replace(filing, holds_name=filing.holds_name and filing.name == self.filing.name)

    def with_person(self, person: PersonFacts) -> Filing:
        """The filing with this person in place of the one of the same uid, or as a further one."""
        others = [other for other in self.filing.people if other.uid != person.uid]
        return replace(self.filing, people=(*others, person), unsigned=())

    @cached_property
    def standards(self) -> records.StandardSet:
        """What the case was filed under; before the submit what is in force today."""
        numbers = self.application.standards_versions
        return publishing.named(numbers) if numbers else self._current(self.filing.departments)

    def _current(self, departments: Sequence[str]) -> records.StandardSet:
        return publishing.current(self.today, departments)

    def findings(self, answered: Filing | None = None) -> list[evaluation.StandardFinding]:
        """What the registration's standards say, of the stored answers unless others are given."""
        if answered is None or answered is self.filing:
            return self._findings
        is_other = self.is_draft and answered.departments != self.filing.departments
        standards = self._current(answered.departments) if is_other else self.standards
        return evaluation.evaluate(answered, standards)

    @cached_property
    def _findings(self) -> list[evaluation.StandardFinding]:
        return evaluation.evaluate(self.filing, self.standards)

    @cached_property
    def unmet(self) -> list[evaluation.StandardFinding]:
        """What fails and isn't promised for later either."""
        return self.unmet_in(self.findings())

    def unmet_in(
        self, findings: list[evaluation.StandardFinding]
    ) -> list[evaluation.StandardFinding]:
        return deferrals.unpromised(
            findings, lambda: [deferral.standard for deferral in self.promised]
        )

    @cached_property
    def promised(self) -> list[Deferral]:
        """What the applicant undertook to supply later, whatever has come of it."""
        return list(self.application.deferrals.select_related("clock"))

    @cached_property
    def corrections(self) -> list[Correction]:
        """What departments wait for now."""
        return open_corrections(self.application)

    @cached_property
    def pins(self) -> dict[str, Pin]:
        """By field key, what departments asked to correct there: of several remarks on one field none is lost."""
        pins: dict[str, Pin] = {}
        for correction in self.corrections:
            for ground in correction.grounds:
                for key in ground["fields"]:
                    pin = Pin(
                        key, ground["standard"], ground["how_to_fix"], correction.stage.department
                    )
                    pins[key] = pins[key].joined(pin) if key in pins else pin
        return pins

    @cached_property
    def returned(self) -> dict[str, list[str]]:
        """Department that waits for the applicant → the fields that it pinned."""
        return pinned_by(self.corrections)

    @cached_property
    def open_now(self) -> frozenset[str]:
        """The pages that somebody may change now."""
        sections = rights.editable_sections(self.application, self.returned, self.made_wrong)
        return frozenset(section for section in sections if self.form.has_section(section))

    @cached_property
    def made_wrong(self) -> frozenset[str]:
        return correcting.made_wrong(self.corrections, self.filing)

    @property
    def may_take_type(self) -> bool:
        """The company type is decided until the case is filed."""
        return self.is_draft and "name" in self.editable

    def page_of(self, person: Person) -> str:
        """The page by which somebody's entry may be opened."""
        return correcting.page_of_person(self.filing, str(person.uid), self.open_now, self.returned)

    @cached_property
    def editable(self) -> frozenset[str]:
        """Those of them that `user` may change."""
        return frozenset(section for section in self.open_now if not self.fault_in(section))

    def fault_in(self, section: str) -> str | None:
        """Why the power of attorney keeps `user` from changing an open page."""
        return (
            rights.section_fault(self.user, self.application, self.filing, section)
            if self.user
            else None
        )

    @property
    def is_draft(self) -> bool:
        return self.application.state == flow.DRAFT

    @property
    def can_be_signed(self) -> bool:
        """Papers are signed until the licence is issued on them."""
        return self.application.state in (flow.DRAFT, flow.LICENSING)

    def pins_of(self, section: str) -> dict[str, Pin]:
        """By field name."""
        known = {key: pin for key, pin in self.pins.items() if key in FIELD}
        return {FIELD[key].name: pin for key, pin in known.items() if FIELD[key].section == section}


def own_application(user, ref: str) -> Application:
    """The case, for the person who files it and whom they let in. Raises Http404 for everybody else, as if it
    didn't exist."""
    application = access_application(user, ref)
    if application.applicant_id != user.pk and not user.holds(Role.APPLICANT):
        raise Http404
    return application


def own_draft(user, ref: str) -> Draft:
    return Draft(own_application(user, ref), user)


def filled_draft(user, ref: str) -> Draft:
    """The same for who fills it in: also an officer who helps at the counter, whose pages are open as long as they are
    used, and a helper whom the applicant agreed to, whose opening it is on its trail. What only the applicant's side
    does (withdraw, write, let others in) asks for `own_draft`."""
    application = access_application(user, ref)
    if application.applicant_id == user.pk or user.holds(Role.APPLICANT):
        return Draft(application, user)
    if row := helping.helping(user, application):
        actions.keep_open(filing=row)
        user.helping = row  # the pages say so (`base.html`)
        return Draft(application, row.visitor)
    if not user.holds(Role.HELPER):
        raise Http404
    reading.draft(user, application)
    return Draft(application, user)
