"""Settings that take a person's look away, such as who approves and who audits it: only two persons loosen them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.accounts import proposing, zone_settings
from kernel.accounts.models import Role, User, Zone
from kernel.accounts.proposal_kinds import Agreed, ProposalKind
from kernel.accounts.proposals import Proposal
from kernel.core.certain import certain
from kernel.core.errors import NotAllowed, Stale
from kernel.core.words import Words

LOOSEN = "loosen"
Change = tuple[Any, Any]  # how it is in force, and how it is to be


def held_back(zone: Zone, wanted: Mapping[str, Any]) -> dict[str, Change]:
    """What of these settings, as a zone's own, only two persons change: name → before and after."""
    held = {}
    for setting in zone_settings.settings():
        before, after = (
            zone_settings.in_force(own, setting.name, zone) for own in (zone.settings, wanted)
        )
        if setting.loosens and before != after and setting.loosens(before, after):
            held[setting.name] = (before, after)
    return held


def ask(*, actor: User, zone: Zone, changes: Mapping[str, Change], reason: str) -> Proposal:
    """Put it before a second person that settings be loosened. Raises NotAllowed, and what `proposing.ask` raises."""
    _require_keeper(actor, zone)
    return proposing.ask(
        actor=actor,
        kind=LOOSEN,
        subject=f"settings:{zone.pk}",
        arguments={"changes": {name: list(change) for name, change in changes.items()}},
        reason=reason,
        zone=zone,
    )


def loosen(agreed: Agreed) -> Zone:
    """Set them as was agreed. Raises Stale where one of them isn't any more as it was when it was asked."""
    asked = agreed.of(LOOSEN)
    zone = Zone.objects.select_for_update().get(pk=certain(agreed.proposal.zone_id))
    _require_keeper(agreed.first, zone)
    changes = asked["changes"].items()
    if any(zone.setting(name) != before for name, (before, _after) in changes):
        raise Stale
    zone.settings = zone.settings | {name: after for name, (_before, after) in changes}
    zone.save(update_fields=["settings"])
    return zone


def _require_keeper(actor: User, zone: Zone) -> None:
    """Raises NotAllowed."""
    mine = actor.holds(Role.ADMINISTRATOR) and actor.zone_id == zone.pk
    if not mine and not actor.is_operator:
        raise NotAllowed


def _shown(proposal: Proposal) -> list[tuple[Words, Words]]:
    rows: list[tuple[Words, Words]] = [(_("Zone"), str(proposal.zone))]
    for name, change in proposal.arguments["changes"].items():
        setting = zone_settings.setting(name)
        rows.append((setting.label, " → ".join(str(setting.kind.shown(value)) for value in change)))
    return rows


KINDS = (ProposalKind(LOOSEN, _("Loosen settings of a zone"), loosen, _shown),)
