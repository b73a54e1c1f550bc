"""System checks on the forms: every field is asked for on one page."""

from django.core.checks import Error, register

from kernel.applicants.forms import FORMS
from kernel.form.fields import FIELDS, OF_ENTRIES, SECTIONS


def fields_are_asked_once(app_configs, **_kwargs):
    """E006: the form of a page asks for exactly the fields of the table, so that each has one source."""
    found = []
    for page in SECTIONS:
        wanted = {field.name for field in FIELDS if field.section == page.key}
        asked = set(FORMS[page.key].base_fields) if page.key in FORMS else set()
        if page.key not in OF_ENTRIES and asked != wanted:
            said = f"The page '{page.key}' and the table of fields differ: {', '.join(sorted(asked ^ wanted))}."
            found.append(Error(said, id="cases.E006"))
    return found


def register_all() -> None:
    register(fields_are_asked_once)
