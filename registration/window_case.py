"""A case as the chief representative's window reads it."""

from functools import cached_property

from django.utils.translation import gettext as _

from kernel.applicants.papers import SignedPaper, signed_papers
from kernel.cases import characters, deferrals, founders_papers
from kernel.cases.actions.deferring import bar_sentence
from kernel.cases.agency import is_person
from kernel.core import written
from kernel.desks.case_page import CasePage
from kernel.form import id_copies
from registration import cards
from registration.cards import Card, Picture
from registration.standards import papers_are_signed


class WindowCase(CasePage):
    """A case at the window, which alone lets materials follow."""

    @cached_property
    def rare(self) -> dict[str, str]:
        """Each character that no font here has → the first text of the papers that has it."""
        return founders_papers.without_font(self)

    @cached_property
    def rare_shown(self) -> list[dict]:
        """The same for the page, with the outline of those whose picture is attached."""
        drawn = characters.drawings(self.application) if self.rare else {}
        return [
            {
                "character": written.shown(char),
                "code": written.code(char),
                "text": written.shown(text),
                "path": drawn.get(char, ""),
            }
            for char, text in self.rare.items()
        ]

    @cached_property
    def signed_papers(self) -> list[SignedPaper]:
        """The papers of the filing, with who signed when and what is void."""
        return signed_papers(self)

    @property
    def compares(self) -> bool:
        """Whether numbers and cards are shown in full now."""
        return bool(self.in_full)

    @cached_property
    def cards(self) -> list[Card]:
        return cards.cards(self)

    @cached_property
    def cards_in_no_place(self) -> list[Picture]:
        return cards.in_no_place(self)

    @cached_property
    def given_twice(self) -> list[str]:
        """Pictures that are given for two sides or two people."""
        return [same.sentence for same in id_copies.repeated(self.filing)]

    @cached_property
    def filed_as(self) -> str:
        """As what the account that filed did so, by the ID number that it has proved."""
        applicant, filing = self.application.applicant, self.filing
        own = next((person for person in filing.people if is_person(applicant, person)), None)
        roles = founders_papers.roles_of(filing, own) if own else ()
        return _(", ").join(roles) or _("neither founder nor agent")

    @cached_property
    def unsigned(self) -> str:
        """Who has still to sign, in sentences; empty where nobody has, or nobody asks."""
        findings = [
            finding for finding in self.unmet if finding.standard.rule == papers_are_signed.__name__
        ]
        return findings[0].detail if findings else ""

    @cached_property
    def not_deferrable(self) -> str:
        """Why nothing can follow later, as a sentence; empty when it can."""
        if not self.may_follow:
            return _("This case has no materials that may follow.")
        asked = {deferral.standard for deferral in self.asked}
        if not asked:
            return _("A material may follow (D) once the applicant undertakes to supply it.")
        if others := [
            finding.standard.id for finding in self.unmet if finding.standard.id not in asked
        ]:
            return _("Not everything that fails is promised for later: %(standards)s.") % {
                "standards": ", ".join(others)
            }
        bars = deferrals.bars(self.application.applicant, self.filing, self.at)
        return bar_sentence(bars[0]) if bars else ""
