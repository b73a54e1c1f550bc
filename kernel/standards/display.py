"""A field's value as people read it, in the active language."""

from collections.abc import Callable

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import catalogue
from kernel.form import choices, id_copies
from kernel.form.fields import FIELD, Form
from kernel.form.filing import ROLE_FIELD, ROLES, Filing, PersonFacts
from kernel.form.stored_files import StoredFile

FEN = 100  # in a yuan


def display(filing: Filing, key: str) -> str:
    """The text of a field; empty when nothing was entered, and as typed when it can't be read. Not masked."""
    if key in _SHOWN:
        return _SHOWN[key](filing)
    people = people_behind(filing, key)
    if people is not None:
        return _("; ").join(person.name for person in people)
    if key.startswith("materials."):
        return _files(filing, key.split(".", 1)[1])
    field = FIELD.get(key)
    if field and field.shown:
        return field.shown(typed(filing, key))
    return choices.label(key, typed(filing, key))


def listed(filing: Filing, *keys: str) -> str:
    """Several fields in one line, without those that are empty."""
    return _(", ").join(text for key in keys if (text := display(filing, key)))


def typed(filing: Filing, key: str) -> str:
    """What was typed, always as text."""
    value = filing.answer(key)
    return value if isinstance(value, str) else "" if value is None else str(value)


def people_behind(filing: Filing, key: str) -> tuple[PersonFacts, ...] | None:
    """The people that a field names; None for a field that doesn't name any."""
    if key == "shareholders.people":
        return filing.shareholders
    section, _dot, name = key.partition(".")
    if name in ROLES.get(section, ()):
        person = filing.holder_of(name)
        return (person,) if person else ()
    return None


def role_title(called: Form, role: str):
    """What a company type calls somebody in a role: `shareholder`, or one of `filing.ROLE_FIELD`."""
    if role == "shareholder":
        return called.labels.get("shareholders.people") or _("Shareholder")
    return called.label(ROLE_FIELD[role])


def masked(key: str, text: str) -> str:
    """What is shown of a personal field that names nobody of the filing."""
    mask = FIELD[key].mask
    return mask(text) if mask else "*" * len(text)


def yuan(fen: int) -> str:
    """An amount of fen in yuan with its unit; whole yuan without decimals."""
    amount = f"{fen // FEN:,}" if fen % FEN == 0 else f"{fen // FEN:,}.{fen % FEN:02}"
    return _("%(amount)s yuan") % {"amount": amount}


def _company_type(filing: Filing) -> str:
    return catalogue.company_types.named(filing.company_type)


def _division(filing: Filing) -> str:
    return catalogue.place_name(typed(filing, "address.division"))


def _industry(filing: Filing) -> str:
    code = typed(filing, "scope.industry")
    industry = catalogue.industries.find(code)
    return f"{code} {industry.name}" if industry else code


def _scope(filing: Filing) -> str:
    return _("; ").join(catalogue.scope_items.named(code) for code in filing.scope_codes)


def _capital(filing: Filing) -> str:
    return yuan(filing.capital_fen) if filing.capital_fen else typed(filing, "capital.amount")


def _files_by(filing: Filing) -> str:
    return choices.label(
        "agent.files_by", typed(filing, "agent.files_by") or choices.FiledBy.FOUNDERS
    )


def _powers(filing: Filing) -> str:
    return _("; ").join(choices.label("agent.powers", power) for power in filing.agent_powers)


def _files(filing: Filing, kind: str) -> str:
    return _("; ").join(_file(filing, file) for file in filing.materials.get(kind, ()))


def _file(filing: Filing, file: StoredFile) -> str:
    text = ngettext("%(name)s (%(pages)s page)", "%(name)s (%(pages)s pages)", file.pages)
    shown = text % {"name": file.name, "pages": localize(file.pages)}
    person = filing.by_uid.get(file.person)
    if person is None:
        return shown
    sentence = _("%(name)s, %(side)s: %(file)s")
    side = id_copies.Side(file.side).label
    return sentence % {"name": person.called, "side": side, "file": shown}


def _undertaking(filing: Filing) -> str:
    return _("Given") if typed(filing, "name.undertaking") else ""


def _meant(filing: Filing) -> str:
    return _("Confirmed by the applicant") if filing.capital_is_meant else ""


_SHOWN: dict[str, Callable[[Filing], str]] = {
    "name.company_type": _company_type,
    "name.undertaking": _undertaking,
    "address.division": _division,
    "scope.industry": _industry,
    "scope.items": _scope,
    "capital.amount": _capital,
    "capital.meant": _meant,
    "agent.files_by": _files_by,
    "agent.powers": _powers,
}
