"""What the page of a signing link shows: who asks, in which roles, what it binds to, the papers in full, the proof."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kernel.applicants.papers import LABEL
from kernel.cases import actions, founders_papers
from kernel.cases.actions.signing_links import mark_of
from kernel.cases.agency import is_person, is_principal
from kernel.cases.models import CounterFiling, Objection, SigningRequest
from kernel.cases.signers import Signer, refusal_key, signer_of
from kernel.core.certain import certain
from kernel.core.privacy import mask_id
from kernel.form import flow
from kernel.form.filing import PersonFacts
from kernel.papers.context import context

SCREEN = "counter_screen"  # in the session of a second screen at the counter: the token that it was given
OPENED = "opened_links"  # in the session: link → mark of the person whose code was given there


def binds(role: str) -> tuple[str, str]:
    """What a role binds to, and what it doesn't, in a sentence each."""
    return {
        "shareholder": (
            _("You found this company: you pay in the contribution stated, by the day stated."),
            _(
                "You answer up to that amount; your name and share are public once it is registered."
            ),
        ),
        "legal_representative": (
            _("You represent this company: what you sign in its name binds it."),
            _("You answer for its duties before authorities and courts; your name is public."),
        ),
        "director": (
            _("You agree to be director: you manage the company's affairs."),
            _("You don't become a shareholder by it; your name and office are public."),
        ),
        "manager": (
            _("You agree to be manager: you run the company's daily business."),
            _("You don't become a shareholder by it; your name and office are public."),
        ),
        "supervisor": (
            _(
                "You agree to be supervisor: you look into the finances and watch over the directors."
            ),
            _("You don't become a shareholder and pay nothing; your name and office are public."),
        ),
        "agent": (
            _(
                "You act for the founders in this filing, within the powers and until the day stated."
            ),
            _("You don't become a shareholder or officer of the company by it."),
        ),
    }[role]


def sole_binds() -> tuple[str, str]:
    """Of the only founder of an undertaking that is no legal person."""
    return (
        _("You run this undertaking yourself, and it is registered in your name."),
        _("You answer for its debts with what you own; your name is public."),
    )


@dataclass
class SignerPage:
    """A link as whoever opens it sees it."""

    request: HttpRequest
    link: SigningRequest

    @cached_property
    def case(self) -> founders_papers.Standing:
        return founders_papers.standing(self.link.application)

    @cached_property
    def person(self) -> PersonFacts | None:
        return self.case.filing.by_uid.get(str(self.link.person))

    @cached_property
    def signer(self) -> Signer | None:
        """None for who signs no paper, now or at all."""
        return signer_of(self.case, str(self.link.person)) if self.person else None

    @property
    def is_own(self) -> bool:
        """Whether whoever is logged in is this person by name and number."""
        return self.person is not None and is_person(self.request.user, self.person)

    @cached_property
    def screen(self) -> CounterFiling | None:
        """The filing at the counter whose second screen this browser is, where its visitor is this person."""
        if self.person is None or self.request.user.is_authenticated:
            return None
        row = actions.screened(self.request.session.get(SCREEN, ""))
        if row is None or row.application_id != self.link.application_id:
            return None
        return row if is_person(row.visitor, self.person) else None

    @property
    def is_open(self) -> bool:
        """Whether the code was given in this browser, or the person is logged in or at the counter."""
        if self.person is None:
            return False
        if self.screen:
            return True
        opened = self.request.session.get(OPENED, {})
        return self.is_own or opened.get(str(self.link.uid)) == mark_of(self.person)

    @property
    def is_proved(self) -> bool:
        """Whether the name belongs to the number and the phone; a company's code counts alone."""
        person = self.person
        if person is None:
            return False
        return (
            bool(self.screen)
            or self.is_own
            or person.is_legal
            or self.link.proved_mark == mark_of(person)
        )

    @property
    def proof(self) -> dict:
        """How they have shown who they are, for the signature."""
        if self.screen:
            return actions.proof_of(self.screen)
        if self.is_own:
            return {"by": "account"}
        by = {"by": "code"}
        if self.link.proved_at and not certain(self.person).is_legal:
            by["name_at"] = self.link.proved_at.isoformat()
        return by

    @property
    def takes_signatures(self) -> bool:
        return self.link.application.state in (flow.DRAFT, flow.LICENSING)

    @property
    def may_refuse(self) -> bool:
        return self.link.application.state not in flow.GIVEN_UP

    @property
    def is_licensed(self) -> bool:
        return self.link.application.licensed_at is not None

    @cached_property
    def objection(self) -> Objection | None:
        """What they said, while it stands."""
        if self.person is None:
            return None
        rows = self.link.application.objections.standing()
        return rows.filter(number_index=refusal_key(self.person)).first()

    @property
    def roles(self) -> tuple[str, ...]:
        return founders_papers.roles_of(self.case.filing, certain(self.person))

    @property
    def number(self) -> str:
        """Whose link it is: a person's number masked, a company's code."""
        person = certain(self.person)
        return person.number if person.is_legal else mask_id(person.number)

    @property
    def asker(self) -> str:
        """Who asks: the account that files, and as what."""
        applicant, filing = self.link.application.applicant, self.case.filing
        if is_principal(applicant, filing):
            own = next(person for person in filing.people if is_person(applicant, person))
            return _(", ").join(founders_papers.roles_of(filing, own))
        return _("who files for the founders")

    @property
    def bound(self) -> list[str]:
        """What signing binds to: two sentences on the role that binds most, and one on each further office."""
        codes = founders_papers.role_codes_of(self.case.filing, certain(self.person))
        if self.case.filing.founder_heads and "shareholder" in codes:
            return list(sole_binds())
        most, *others = codes or ("",)
        if not most:
            return []
        return [*binds(most), *(binds(code)[0] for code in others)]

    @property
    def title(self) -> str:
        """What the page is called: what is to be done on it, or what was."""
        if self.objection:
            return _("You refused to sign")
        if self.papers and self.takes_signatures:
            return _("Sign the papers")
        return _("Signed") if self.signed else _("You are named in this filing")

    @cached_property
    def papers(self) -> list[dict]:
        """What is still to be signed, in full."""
        signer = self.signer
        if signer is None:
            return []
        facts = founders_papers.papers(self.case)
        return [
            {
                "kind": kind,
                "title": LABEL[kind],
                "digest": signer.papers[kind],
                "shown": context(kind, facts[kind], sample=False),
            }
            for kind in signer.void
        ]

    @property
    def signed(self) -> list[dict]:
        """The proof of what was signed and stands."""
        signer = self.signer
        if signer is None:
            return []
        return [
            {
                "title": LABEL[kind],
                "at": datetime.fromisoformat(signer.given[kind]["at"]),
                "said": founders_papers.mark(signer.given[kind]["said"]),
                "digest": signer.given[kind]["digest"],
            }
            for kind in signer.papers
            if kind not in signer.void
        ]
