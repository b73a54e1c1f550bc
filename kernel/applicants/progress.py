"""How far each page of a draft is: a pure function of what is stored, shown as the task list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import catalogue
from kernel.applicants.draft import Draft
from kernel.applicants.forms import FORMS, SectionForm
from kernel.form.fields import FIELD, GROUPS, SECTION, Section
from kernel.form.filing import CONTACTS
from kernel.standards import display
from kernel.standards.display import yuan

TODO, PROGRESS, UNSEEN, DONE, FIX, LOCKED = "todo", "progress", "unseen", "done", "fix", "locked"
MINUTES_A_PAGE = 2  # an estimate of what one page takes
NUMERALS = (
    pgettext_lazy("numeral", "1"),
    pgettext_lazy("numeral", "2"),
    pgettext_lazy("numeral", "3"),
    pgettext_lazy("numeral", "4"),
)

BEFORE = {
    "name": gettext_lazy("Checked against the rules on names while you type"),
    "scope": gettext_lazy("Search, then tick standard items"),
    "address": gettext_lazy("Where the company is registered, and your right to use it"),
    "capital": gettext_lazy("The amount, and the day by which it is paid in"),
    "shareholders": gettext_lazy("Who founds the company, and with how much"),
    "officers": gettext_lazy("Choose from the people entered, or enter others"),
    "contacts": gettext_lazy("One person may be all of them"),
    "materials": gettext_lazy("Only what can't be generated: PDF or photos"),
}
BY_TYPE = ("capital", "shareholders")  # pages that ask some company types for something else


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    section: Section
    state: str
    note: str
    url: str
    departments: frozenset[str]

    @property
    def title(self):
        return self.section.title


def judged(draft: Draft, section: str) -> SectionForm:
    """The page's form, bound to what is stored."""
    stored = draft.stored(section)
    kind = FORMS[section]
    form = kind(draft)
    return kind(draft, {**form.initial, **stored} if kind.prefills and not stored else stored)


def is_begun(draft: Draft, section: str) -> bool:
    if section == "shareholders":
        return bool(draft.filing.shareholders)
    if section == "materials":
        return bool(draft.materials)
    return any(draft.stored(section).values())


def state_of(draft: Draft, section: str, form: SectionForm | None = None) -> str:
    """One of the states above. A page with a pin is to be corrected; a full proposal that nobody saw, to look at."""
    if draft.pins_of(section):
        return FIX
    if not is_begun(draft, section):
        return DONE if FORMS[section].optional else UNSEEN if FORMS[section].prefills else TODO
    form = form or judged(draft, section)
    return DONE if form.is_valid() else PROGRESS


def tasks(draft: Draft) -> list[Task]:
    return [_task(draft, section) for section in draft.form.sections]


def _task(draft: Draft, section: Section) -> Task:
    form = judged(draft, section.key)
    state = state_of(draft, section.key, form)
    url = reverse("filing:page", args=[draft.application.number, section.key])
    reused_by = draft.form.departments_of(section.key)
    return Task(section, state, _note(draft, section.key, state, form), url, reused_by)


def _note(draft: Draft, section: str, state: str, form: SectionForm) -> str:
    if state == DONE:
        summary = SUMMARIES.get(section) or SECTION[section].summary
        return summary(draft.filing)
    if state == FIX:
        return " ".join(dict.fromkeys(pin.fix for pin in draft.pins_of(section).values()))
    if state == PROGRESS:
        return _open(draft, section, form)
    return _before(draft, section)


def _before(draft: Draft, section: str) -> str:
    """What the page is about; where the type calls it otherwise, what the page asks."""
    if section in draft.form.labels and section in BY_TYPE:
        asked = [
            field for field in draft.form.fields_of(section) if not _is_hidden(section, field.name)
        ]
        return _(", ").join(str(field.label) for field in asked)
    return str(BEFORE.get(section) or SECTION[section].note)


def _is_hidden(section: str, name: str) -> bool:
    """Whether a question is asked below another one in some cases only, so that the page isn't about it."""
    field = FORMS[section].base_fields.get(name)
    return field is not None and field.widget.is_hidden


def _open(draft: Draft, section: str, form: SectionForm) -> str:
    called = draft.form.label
    names = [
        str(called(f"{section}.{name}")) for name in form.errors if f"{section}.{name}" in FIELD
    ]
    if names:
        return _("Still open: %(fields)s") % {"fields": _(", ").join(names)}
    return str(next(iter(form.non_field_errors()), ""))


def groups(found: list[Task]) -> list[dict]:
    """The tasks under their headings."""
    return [
        {
            "number": number,
            "title": title,
            "tasks": [task for task in found if task.section.group == key],
        }
        for number, (key, title) in zip(NUMERALS, GROUPS, strict=True)
    ]


def next_unfinished(draft: Draft, after: str | None = None) -> str | None:
    """The next page that isn't done, after the given one and then from the top; None when all are."""
    keys = [section.key for section in draft.form.sections]
    place = keys.index(after) + 1 if after in keys else 0
    for key in (*keys[place:], *keys[:place]):
        if key != after and state_of(draft, key) != DONE:
            return key
    if after and state_of(draft, after) != DONE:
        return after
    return None


def _scope(filing) -> str:
    count = len(filing.scope_codes)
    items = ngettext("%(count)s scope item", "%(count)s scope items", count) % {"count": count}
    return _("%(industry)s; %(items)s") % {
        "industry": display.display(filing, "scope.industry"),
        "items": items,
    }


def _capital(filing) -> str:
    if filing.paid_by is None:
        return _shown("capital.amount", "capital.property")(filing)
    day = date_format(filing.paid_by, "DATE_FORMAT")
    return _("%(amount)s, paid in by %(day)s") % {
        "amount": display.display(filing, "capital.amount"),
        "day": day,
    }


def _address(filing) -> str:
    """As it is written on an envelope: from the large to the small in Chinese, the other way round in English."""
    place, detail = (display.display(filing, f"address.{part}") for part in ("division", "detail"))
    return catalogue.in_language(f"{place}{detail}", ", ".join(filter(None, (detail, place))))


def _shareholders(filing) -> str:
    if not filing.has("shareholders.contribution"):
        return _(", ").join(person.name for person in filing.shareholders)
    count = len(filing.shareholders)
    said = ngettext(
        "%(count)s shareholder, %(total)s in all", "%(count)s shareholders, %(total)s in all", count
    )
    return said % {"count": count, "total": yuan(filing.contributed_fen)}


def _contacts(filing) -> str:
    holders = [filing.holder_of(role) for role in CONTACTS]
    return _(", ").join(dict.fromkeys(person.name for person in holders if person))


def _materials(filing) -> str:
    count = sum(len(files) for files in filing.materials.values())
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}


def _shown(*keys: str):
    return lambda filing: display.listed(filing, *keys)


SUMMARIES = {
    "name": lambda filing: filing.name,
    "scope": _scope,
    "address": lambda filing: _address(filing),
    "capital": _capital,
    "shareholders": _shareholders,
    "officers": _shown("officers.legal_representative"),
    "contacts": _contacts,
    "agent": _shown("agent.files_by", "agent.agent"),
    "materials": _materials,
}
