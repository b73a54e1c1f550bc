"""The register of names: which names are taken, and how cases enter it.

A look-up reads indexes alone: the keys of a name (`kernel.names.keys`) lead to entries, and an entry of a case
counts as that case stands. So a name is in the queue by the submit, gone with a withdrawal, registered with the
licence, without a further write; only a revocation writes (`mark_gone`), since the name then counts for a time. How a
case holds its name: `kernel.cases.name_claims`.
"""

import zlib
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from hashlib import blake2b
from itertools import chain, islice, product
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from kernel import names
from kernel.accounts.models import Zone
from kernel.cases.models import Application, NameKey, RegisterEntry
from kernel.core.moment import now
from kernel.core.typed import credit_code
from kernel.form import flow
from kernel.form.filing import DIVISION_PLACE, Filing, registry_of

IN_QUEUE = "in_queue"
KEYS_AT_ONCE = 5_000  # rows of one statement: SQLite takes 32,766 values
_INSERT_KEYS = "INSERT INTO cases_namekey (key, industry, entry_id) VALUES"
_ENTRIES = """SELECT e.name, e.trade_name, e.industry_term, COALESCE(NULLIF(e.uscc, ''), a.uscc, ''),
COALESCE(NULLIF(e.state, ''), a.state), e.until, a.name_reserved_until, e.ended_on
FROM cases_registerentry e LEFT JOIN cases_application a ON a.id = e.application_id"""
_COUNTING = f"""e.state = '{RegisterEntry.State.REGISTERED}'
OR e.state = '{RegisterEntry.State.RESERVED}' AND e.until >= %s
OR e.state IN ({", ".join(f"'{state}'" for state in RegisterEntry.GONE)}) AND e.ended_on > %s
OR e.state = '{RegisterEntry.State.FORFEITED}' AND (e.ended_on IS NULL OR e.ended_on > %s)
OR e.state = '' AND (a.id IS NULL OR a.state IN ({", ".join(f"'{state}'" for state in flow.NAME_HELD)})
                     OR a.state = '{flow.DRAFT}' AND a.name_reserved_until >= %s)"""
_UID = Application._meta.get_field("uid")
_STATES = {  # as a case's state is said of its name, and that of a row without either
    **dict.fromkeys((None, *flow.NAME_HELD), RegisterEntry.State.REGISTERED),
    flow.DRAFT: RegisterEntry.State.RESERVED,
    flow.LICENSING: IN_QUEUE,
}


def name_parts(filing: Filing) -> names.NameParts:
    """The four parts of the filing's name, tidied."""
    return parts_of(filing.sections.get("name", {}))


def parts_of(answers) -> names.NameParts:
    """The four parts of a name from the answers of its page, tidied."""
    text = {
        part: str(answers.get(part) or "") for part in ("division", "trade_name", "industry_term")
    }
    place = str(answers.get(DIVISION_PLACE) or "")
    return names.parse(
        {**text, "form": str(answers.get("organisation_form") or ""), "place": place}
    )


def conflicts_of(filing: Filing) -> list[names.Finding]:
    """What the register says of a filing's name: same, similar and near names, the gravest first."""
    return names.conflicts(name_parts(filing), finder(filing), related_to(filing))


def findings_of(filing: Filing, is_compared: bool = True) -> list[names.Finding]:
    """Everything that is to be said of a filing's name; the register is asked unless the case holds the name."""
    taken = finder(filing) if is_compared and not filing.holds_name else ()
    forms = filing.kind.organisation_forms if filing.kind else None
    return names.check(name_parts(filing), taken, forms, related_to(filing))


def alternatives_to(filing: Filing, limit: int = 4) -> list[names.NameParts]:
    """Names close to the filing's that are free."""
    return names.alternatives(name_parts(filing), finder(filing), limit)


def related_to(filing: Filing) -> Collection[str]:
    """The companies that invest in this one, by USCC; read where a name has been found alone."""
    return SimpleLazyObject(
        lambda: (
            {credit_code(person.uscc) for person in filing.shareholders if person.is_legal} - {""}
        )
    )


def finder(filing: Filing) -> names.Find:
    """The look-up of taken names, in one statement, for `names.check` and its kin."""
    today = localdate(now())  # a name may change long after the submit
    rest_days = {state: filing.name_rest_days for state in RegisterEntry.GONE}
    rest_days[RegisterEntry.State.FORFEITED] = filing.name_rest_days_forfeited
    counts = [today, today - timedelta(days=filing.name_rest_days), _since(today, filing), today]
    own_case = UUID(filing.case_uid) if filing.case_uid else None

    def find(wanted: Collection[names.NameParts]) -> list[names.TakenName]:
        named = [parts for parts in wanted if parts.trade_name]
        if not named:
            return []
        look_ups = [look_up for parts in named for look_up in names.look_ups(parts)]
        keys = frozenset().union(*(of_name for _term, of_name in look_ups))
        registries = registries_of(filing.name_registry, named)
        numbers = [key_number(registry, key) for registry in registries for key in keys]
        industries: list[int] = []
        trades = [industry_numbers(term) for term, _keys in look_ups if term]
        if all(parts.industry_term for parts in named) and {0} not in trades:
            industries = sorted({0, *chain(*trades)})
        rows = _entries_that_count(numbers, industries, counts, own_case)
        return [
            names.TakenName(
                name,
                trade_name,
                term,
                uscc,
                _STATES.get(state, state),
                _last_day(rest_days.get(state, 0), ended_on) or until or reserved_until,
            )
            for name, trade_name, term, uscc, state, until, reserved_until, ended_on in rows
        ]

    return find


def _since(today: date, filing: Filing) -> date:
    """Since when a company that lost its licence may have lost it, and still has its name."""
    days = filing.name_rest_days_forfeited
    return today - timedelta(days=days) if days else date.min


def _last_day(rest_days: int, ended_on: date | None) -> date | None:
    """The last day on which a name rests that many days; None where it has no end."""
    return ended_on + timedelta(days=rest_days - 1) if ended_on and rest_days else None


def _entries_that_count(
    numbers: list[int], industries: list[int], counts: list[date], own_case: UUID | None
):
    """The entries that count and have one of these keys, in one of these industries where any is given.

    The statement's text is put together here: making it by the ORM took half of a check's time (benchmarks/names.py).
    """
    own = ""
    # A branch for each industry: of a second list PostgreSQL 15 reads what the first one found, and throws most away.
    branch = f"SELECT entry_id FROM cases_namekey WHERE key IN ({_places(numbers)})"  # noqa: S608
    found: str = branch
    values: list[Any] = [*numbers]
    if industries:
        found = " UNION ALL ".join([f"{branch} AND industry = %s"] * len(industries))
        values = [value for industry in industries for value in (*numbers, industry)]
    values += counts
    if own_case:
        own = " AND (a.uid IS NULL OR a.uid <> %s)"
        values.append(_UID.get_db_prep_value(own_case, connection))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ENTRIES} WHERE e.id IN ({found}) AND ({_COUNTING}){own}",  # noqa: S608
            values,
        )
        return cursor.fetchall()


def _places(values: Collection) -> str:
    return ", ".join(["%s"] * len(values))


def registries_of(registry: str, wanted: Iterable[names.NameParts]) -> set[str]:
    """Whose registers a name is compared with: the zone's, and the province's where it has the province in front."""
    of_province = any(names.is_province(parts.division) for parts in wanted)
    return _with_province(registry) if of_province else {registry}


def _with_province(registry: str) -> set[str]:
    return {registry, registry[:2] + "0000"} if registry.isdigit() else {registry}


def compared_registries() -> set[str]:
    """The registries whose names those of some zone are compared with."""
    return set().union(*(_with_province(registry_of(zone)) for zone in Zone.objects.all()))


def key_number(registry: str, key: str) -> int:
    """The number that `NameKey.key` keeps; two keys of one number would only make a candidate more."""
    return int.from_bytes(
        blake2b(f"{registry}|{key}".encode(), digest_size=8).digest(), signed=True
    )


def industry_numbers(term: str) -> set[int]:
    """The trades of an industry term, each as a number of 31 bits; 0 for no term, and for one not understood."""
    meanings = names.meaning_keys(term)
    return {zlib.crc32(meaning.encode()) & 0x7FFFFFFF or 1 for meaning in meanings} or {0}


def keys_of(entry: RegisterEntry) -> list[tuple[int, int]]:
    """The keys of an entry as (key, industry), one for each trade; that of its words stands in every industry.

    The name of a branch or an office is somebody else's: it has none.
    """
    if names.kind_of_name(entry.name) == names.UNIT:
        return []
    keys = product(names.keys(entry.trade_name), industry_numbers(entry.industry_term))
    numbered = [(key_number(entry.registry, key), number) for key, number in keys]
    if numbered:
        words = names.words_key(entry.trade_name, entry.industry_term)
        numbered.append((key_number(entry.registry, words), 0))
    return numbered


def enter(application: Application) -> None:
    """Bring a case's entry up to its present name, as its answers say it. Call it under the case's lock.

    There is none of a name that nobody can have: without a trade name, or longer than the register has room for.
    """
    parts = parts_of(application.answers.get("name", {}))
    if (
        not parts.trade_name
        or max(len(parts.trade_name), len(parts.industry_term)) > names.LONGEST_PART
    ):
        RegisterEntry.objects.filter(application=application).delete()
        return
    entry = RegisterEntry(
        registry=registry_of(application.zone),
        name=application.name,
        trade_name=parts.trade_name,
        industry_term=parts.industry_term,
        application=application,
    )
    changing = ["registry", "name", "trade_name", "industry_term"]
    (entry,) = RegisterEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["application"], update_fields=changing
    )
    rewrite_keys([entry])


def write_keys(entries: Iterable[RegisterEntry]) -> None:
    """Write the keys of new entries."""
    rows = ((key, industry, entry.pk) for entry in entries for key, industry in keys_of(entry))
    with connection.cursor() as cursor:
        while batch := list(islice(rows, KEYS_AT_ONCE)):
            places = ", ".join(["(%s, %s, %s)"] * len(batch))
            cursor.execute(
                f"{_INSERT_KEYS} {places} ON CONFLICT DO NOTHING",
                [value for row in batch for value in row],
            )


def rewrite_keys(entries: Collection[RegisterEntry]) -> None:
    """Write the keys of entries whose name has changed."""
    if entries:
        NameKey.objects.filter(entry__in=entries).delete()
        write_keys(entries)


def mark_gone(application: Application, state: str, day: date) -> None:
    """The company of a case is gone since a day: its name rests for the registry's time, then anybody may have it."""
    RegisterEntry.objects.filter(application=application).update(state=state, ended_on=day)
