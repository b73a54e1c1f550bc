"""Making supervisors and administrators, and opening somebody's account anew: what only two persons do to an account.

Who watches others is made by two, so that nobody makes a second person for themselves; and who could set a password and
the second step of another could act as them.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts import actions, proposing, second_step
from kernel.accounts.account_events import AccountEvent
from kernel.accounts.models import Role, User, Zone, roles_label
from kernel.accounts.proposal_kinds import Agreed, ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.core.errors import NotAllowed, Refused, Stale
from kernel.core.words import Words

POWER, RESET = "power", "reset"
POWERFUL = (Role.SUPERVISOR, Role.ADMINISTRATOR)
OWN = _("Nobody changes their own roles, zone or access: a colleague in the administration does.")


@dataclass(frozen=True)
class Standing:
    """What an account may do."""

    roles: list[str]
    zone: int | None
    is_active: bool

    @property
    def power(self) -> set[str]:
        """The roles by which it watches others; none while it is shut."""
        return {str(role) for role in POWERFUL if role in self.roles and self.is_active}


def standing(person: User) -> Standing:
    return Standing(list(person.roles), person.zone_id, person.is_active)


def needs_two(before: Standing, after: Standing) -> bool:
    """Whether somebody would watch others who didn't before, or elsewhere."""
    return bool(after.power - before.power) or bool(after.power and after.zone != before.zone)


def may_keep(actor: User, person: User) -> bool:
    """Whether the account is the actor's to keep: of their zone, or an administrator's for the operator; never one's
    own."""
    if actor.pk == person.pk or not person.is_staff_member or person.is_operator:
        return False
    if actor.is_operator:
        return person.holds(Role.ADMINISTRATOR)
    return actor.holds(Role.ADMINISTRATOR) and actor.zone_id == person.zone_id


def ask_for_power(*, actor: User, person: User, after: Standing, reason: str) -> Proposal:
    """Put it before a second person that an account is to stand like this. Raises NotAllowed, and what `proposing.ask`
    raises."""
    _require_keeper(actor, person, after)
    return proposing.ask(
        actor=actor,
        kind=POWER,
        subject=f"account:{person.pk}",
        arguments={
            "account": person.pk,
            "before": asdict(standing(person)),
            "after": asdict(after),
        },
        reason=reason,
        zone=_zone(after),
        person=person,
    )


def ask_to_reset(*, actor: User, person: User, reason: str) -> Proposal:
    """Put it before a second person that somebody's password and second step be set anew. Raises as `ask_for_power`."""
    if not may_keep(actor, person):
        raise NotAllowed(OWN)
    return proposing.ask(
        actor=actor,
        kind=RESET,
        subject=f"account:{person.pk}",
        arguments={"account": person.pk},
        reason=reason,
        zone=person.zone,
        person=person,
    )


def give_power(agreed: Agreed) -> User:
    """The account stands as was agreed. Raises Stale where it stands otherwise than when it was asked."""
    asked = agreed.of(POWER)
    before, after = Standing(**asked["before"]), Standing(**asked["after"])
    person = _locked(asked["account"])
    if standing(person) != before:
        raise Stale
    _require_keeper(agreed.first, person, after)
    person.roles, person.zone_id, person.is_active = tuple(after.roles), after.zone, after.is_active
    person.is_staff = person.holds(Role.ADMINISTRATOR)
    person.save(update_fields=["roles", "zone", "is_active", "is_staff"])
    kind = AccountEvent.Kind.ROLES
    actions.changed_by_administration(account=person, kind=kind, by=agreed.first)
    return person


def reset(agreed: Agreed) -> User:
    """Neither password nor device of before opens the account any more; whoever asked gives its holder a link."""
    person = _locked(agreed.of(RESET)["account"])
    if not may_keep(agreed.first, person):
        raise NotAllowed
    second_step.forget(person)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    kind = AccountEvent.Kind.STEP_RESET
    actions.changed_by_administration(account=person, kind=kind, by=agreed.first)
    return person


def _require_keeper(actor: User, person: User, after: Standing) -> None:
    """Raises NotAllowed for whoever doesn't keep the account, Refused for what they may not make of it."""
    if not may_keep(actor, person) or (not actor.is_operator and after.zone != actor.zone_id):
        raise NotAllowed(OWN)
    if actor.is_operator and set(after.roles) != {Role.ADMINISTRATOR}:
        raise Refused(_("The operator makes administrators alone."))


def _locked(pk: int) -> User:
    person = User.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if person is None:
        raise Stale
    return person


def _zone(stands: Standing) -> Zone | None:
    return Zone.objects.filter(pk=stands.zone).first() if stands.zone else None


def _person(proposal: Proposal) -> list[tuple[Words, Words]]:
    person = User.objects.get(pk=proposal.arguments["account"])
    return [(_("Account"), person.username), (_("Name"), person.real_name)]


def _power_shown(proposal: Proposal) -> list[tuple[Words, Words]]:
    rows = _person(proposal)
    for label, name in (
        (pgettext_lazy("account", "Before"), "before"),
        (pgettext_lazy("account", "After"), "after"),
    ):
        stands = Standing(**proposal.arguments[name])
        zone = _zone(stands)
        told = [roles_label(stands.roles), str(zone or "–")]
        if not stands.is_active:
            told.append(str(_("shut")))
        rows.append((label, " · ".join(told)))
    return rows


KINDS = (
    ProposalKind(POWER, _("Make a supervisor or an administrator"), give_power, _power_shown),
    ProposalKind(RESET, _("Have password and second step set anew"), reset, _person),
)


@transaction.atomic
def set_by_link(*, account: User, password: str) -> None:
    """The holder of the link has chosen a password: whoever is logged in isn't any more, and the account keeps who gave
    the link."""
    link = second_step.link_of(account)
    if link is None or not link.sets_password:
        raise Refused(_("This link was used. Ask your administrator for a new one."))
    actions.set_by_link(account=account, password=password, by=link.made_by)
    link.sets_password = False
    link.save(update_fields=["sets_password"])
