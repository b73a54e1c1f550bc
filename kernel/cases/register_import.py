"""Bringing a registry's export into the register of names: in batches, safe to run again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from kernel.cases import register
from kernel.cases.models import Application, RegisterEntry
from kernel.cases.register_rows import CHANGING, Row
from kernel.core.certain import certain

BATCH = 5_000  # rows of one transaction


@dataclass
class Tally:
    """Every row counts once; `repeated` are those that a later one of the same name and company stood in for.

    `noted` counts beside: rows taken as far as they were understood."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    noted: int = 0
    refused: int = 0


@transaction.atomic
def take_in(rows: Collection[Row], tally: Tally) -> None:
    """Bring a batch into the register and count; of two rows of one name and company the later counts."""
    wanted = {row.identity: row for row in rows}
    known = _known(wanted)
    new = [RegisterEntry(**row.entry) for identity, row in wanted.items() if identity not in known]
    changed, read_otherwise = [], []
    for identity, entry in known.items():
        row = wanted[identity]
        if all(getattr(entry, name) == getattr(row, name) for name in CHANGING):
            continue
        if (entry.trade_name, entry.industry_term) != (row.trade_name, row.industry_term):
            read_otherwise.append(entry)
        for name in CHANGING:
            setattr(entry, name, getattr(row, name))
        changed.append(entry)
    RegisterEntry.objects.bulk_create(new)
    RegisterEntry.objects.bulk_update(changed, CHANGING)
    register.write_keys(new)
    register.rewrite_keys(read_otherwise)
    _end_claims(changed)
    tally.new += len(new)
    tally.changed += len(changed)
    tally.unchanged += len(known) - len(changed)
    tally.repeated += len(rows) - len(wanted)


def _known(wanted: Mapping[tuple, Row]) -> dict[tuple, RegisterEntry]:
    """The entries that these rows are about: those of an earlier import, and those of this portal's own cases."""
    imported = RegisterEntry.objects.filter(
        application=None,
        registry__in={row.registry for row in wanted.values()},
        name__in={row.name for row in wanted.values()},
    )
    known = {(entry.registry, entry.name, entry.uscc): entry for entry in imported}
    codes = {row.uscc for row in wanted.values() if row.uscc}
    for entry in RegisterEntry.objects.filter(application__uscc__in=codes).select_related(
        "application"
    ):
        entry.uscc = certain(certain(entry.application).uscc)
        known[(entry.registry, entry.name, entry.uscc)] = entry
    return {identity: entry for identity, entry in known.items() if identity in wanted}


def _end_claims(changed: Iterable[RegisterEntry]) -> None:
    """A company of a case of ours that is gone holds its name no more: the register alone says how long it rests."""
    gone = [
        entry.application_id
        for entry in changed
        if entry.application_id and entry.state in RegisterEntry.GONE
    ]
    Application.objects.filter(pk__in=gone).update(name_claim=None)
