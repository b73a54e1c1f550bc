"""The pages on people: shareholders, and who holds which office."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.applicants import entered_people
from kernel.applicants.inputs import Chosen, Day, Picked, PickedMany
from kernel.applicants.pages.base import FormPage
from kernel.applicants.pages.person import is_complete
from kernel.cases import agency
from kernel.core.privacy import mask_id
from kernel.form import choices
from kernel.form.choices import AgentPower, FiledBy
from kernel.form.filing import CONTACTS, PersonFacts
from kernel.standards.display import listed, role_title, yuan
from kernel.standards.rules.company import company_type_fits_the_majority, type_by_the_majority


class ShareholdersPage(FormPage):
    """No fields of its own: it judges the shareholders entered, one by one and together."""

    key = "shareholders"
    template = "applicants/shareholders.html"
    note = gettext_lazy("Who founds the company, and with how much")
    note_by_type = True

    @staticmethod
    def summary(filing):
        if not filing.has("shareholders.contribution"):
            return _(", ").join(person.name for person in filing.shareholders)
        count = len(filing.shareholders)
        sentence = ngettext(
            "%(count)s shareholder, %(total)s in all",
            "%(count)s shareholders, %(total)s in all",
            count,
        )
        return sentence % {"count": count, "total": yuan(filing.contributed_fen)}

    @classmethod
    def is_begun(cls, draft):
        return bool(draft.filing.shareholders)

    def context(self, request):
        draft, by_majority = self.draft, company_type_fits_the_majority.__name__
        misfit = next(
            (finding for finding in draft.unmet if finding.standard.rule == by_majority), None
        )
        return {
            "misfit": misfit,
            "right_type": type_by_the_majority(draft.filing) if misfit else None,
            "may_take_type": draft.may_take_type,
            "people": entered_people.shareholders(draft),
            "kind": draft.kind,
            "others": entered_people.others(draft),
            "person_title": role_title(draft.form, "shareholder"),
            "with_contributions": draft.filing.has("shareholders.contribution"),
        }

    def clean(self):
        super().clean()
        if self.errors:
            return
        for person, facts in zip(
            self.draft.people, self.draft.filing.people, strict=True
        ):  # as the entries judge them
            if person.is_shareholder and not is_complete(self.draft, person):
                sentence = _("%(name)s is not complete yet. Open the entry and fill in the rest.")
                self.add_error(None, sentence % {"name": facts.called})


class RolesPage(FormPage):
    """Who holds each office: one of the people entered so far, whose entries can be opened here."""

    template = "applicants/roles.html"

    def context(self, request):
        return {"people": entered_people.natural(self.draft)}

    def prepare(self):
        natural = [person for person in self.draft.filing.people if not person.is_legal]
        options = [(person.uid, _named(person)) for person in natural]
        for field in self.fields.values():
            if isinstance(field, Picked):
                field.offer(options)


def _named(person: PersonFacts) -> str:
    return f"{person.called} ({mask_id(person.id_number)})" if person.id_number else person.called


class OfficersPage(RolesPage):
    key = "officers"
    note = gettext_lazy("Choose from the people entered, or enter others")

    legal_representative = Picked(
        help_text=gettext_lazy("Acts for the company. Must be a director or the manager.")
    )
    director = Picked()
    manager = Picked(help_text=gettext_lazy("May be the same person as the director."))
    supervisor = Picked(help_text=gettext_lazy("Neither a director nor the manager."))

    @staticmethod
    def summary(filing):
        return listed(filing, "officers.legal_representative")

    def prepare(self):
        super().prepare()
        self.fields["supervisor"].required = self.draft.filing.supervisor_required


class ContactsPage(RolesPage):
    key = "contacts"
    note = gettext_lazy("One person may be all of them")

    @staticmethod
    def summary(filing):
        holders = [filing.holder_of(role) for role in CONTACTS]
        return _(", ").join(dict.fromkeys(person.name for person in holders if person))

    def prepare(self):
        """Whom the departments of this case call."""
        for place, field in enumerate(self.draft.form.fields_of(self.key)):
            hint = gettext_lazy("One person may be all of them.") if place == 0 else ""
            self.fields[field.name] = Picked(help_text=hint)
        super().prepare()


class AgentPage(RolesPage):
    """Who files: the founders, or an agent with a power of attorney. Nothing to fill in for who files alone."""

    key = "agent"
    template = "applicants/agent.html"
    optional = True

    files_by = Chosen("agent.files_by")
    agent = Picked()
    powers = PickedMany(choices=AgentPower.choices)
    until = Day()

    @staticmethod
    def summary(filing):
        return listed(filing, "agent.files_by", "agent.agent")

    def context(self, request):
        powers = [
            (choices.label("agent.powers", power), sentence)
            for power, sentence in agency.HELD_TO.items()
        ]
        until = (self.draft.form.label("agent.until"), agency.UNTIL)
        return super().context(request) | {"held_to": [*powers, until]}

    def proposal(self):
        return {"files_by": FiledBy.FOUNDERS}
