"""How far each page of a draft is: a pure function of what is stored, shown as the task list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kernel.applicants.draft import Draft
from kernel.applicants.pages import PAGES, FormPage
from kernel.form.fields import FIELD, GROUPS, Section

TODO, PROGRESS, UNSEEN, DONE, FIX, LOCKED = "todo", "progress", "unseen", "done", "fix", "locked"
MINUTES_A_PAGE = 2  # an estimate of what one page takes
NUMERALS = (
    pgettext_lazy("numeral", "1"),
    pgettext_lazy("numeral", "2"),
    pgettext_lazy("numeral", "3"),
    pgettext_lazy("numeral", "4"),
)


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


def judged(draft: Draft, section: str) -> FormPage:
    """The page's form, bound to what is stored."""
    stored = draft.stored(section)
    page = PAGES[section]
    if page.prefills and not stored:
        stored = {**page(draft).initial, **stored}
    return page(draft, stored)


def state_of(draft: Draft, section: str, form: FormPage | None = None) -> str:
    """One of the states above. A page with a pin is to be corrected; a full proposal that nobody saw, to look at."""
    if draft.pins_of(section):
        return FIX
    page = PAGES[section]
    if not page.is_begun(draft):
        return DONE if page.optional else UNSEEN if page.prefills else TODO
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


def _note(draft: Draft, section: str, state: str, form: FormPage) -> str:
    if state == DONE:
        return PAGES[section].summary(draft.filing)
    if state == FIX:
        return " ".join(dict.fromkeys(pin.fix for pin in draft.pins_of(section).values()))
    if state == PROGRESS:
        return _open(draft, section, form)
    return _before(draft, section)


def _before(draft: Draft, section: str) -> str:
    """What the page is about; where the type calls it otherwise, what the page asks."""
    page = PAGES[section]
    if section in draft.form.labels and page.note_by_type:
        asked = [
            field for field in draft.form.fields_of(section) if not _is_hidden(page, field.name)
        ]
        return _(", ").join(str(field.label) for field in asked)
    return str(page.note)


def _is_hidden(page: type[FormPage], name: str) -> bool:
    """Whether a question is asked below another one in some cases only, so that the page isn't about it."""
    field = page.base_fields.get(name)
    return field is not None and field.widget.is_hidden


def _open(draft: Draft, section: str, form: FormPage) -> str:
    called = draft.form.label
    names = [
        str(called(f"{section}.{name}")) for name in form.errors if f"{section}.{name}" in FIELD
    ]
    if names:
        return _("Still open: %(fields)s") % {"fields": _(", ").join(names)}
    return str(next(iter(form.non_field_errors()), ""))


def groups(listed: list[Task]) -> list[dict]:
    """The tasks under their headings."""
    return [
        {
            "number": number,
            "title": title,
            "tasks": [task for task in listed if task.section.group == key],
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
