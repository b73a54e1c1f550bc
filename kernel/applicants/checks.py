"""System checks on the pages of the form."""

from django.core.checks import Error, register

from kernel.applicants.pages import PAGES, FormPage
from kernel.form.fields import FIELDS, OF_ENTRIES, SECTIONS


def fields_are_asked_once(app_configs, **_kwargs):
    """E006: the form of a page asks for exactly the fields of the table, so that each has one source."""
    errors = []
    for page in SECTIONS:
        wanted = {field.name for field in FIELDS if field.section == page.key}
        asked = set(PAGES[page.key].base_fields) if page.key in PAGES else set()
        if page.key not in OF_ENTRIES and asked != wanted:
            text = f"The page '{page.key}' and the table of fields differ: {', '.join(sorted(asked ^ wanted))}."
            errors.append(Error(text, id="cases.E006"))
    return errors


def pages_are_summed_up(app_configs, **_kwargs):
    """E011: the task list can say what was answered on every page."""
    return [
        Error(f"The page '{key}' has no summary for the task list.", id="cases.E011")
        for key, page in PAGES.items()
        if page.summary is FormPage.summary
    ]


def register_all() -> None:
    register(fields_are_asked_once)
    register(pages_are_summed_up)
