"""System checks on the forms: every field is asked for on one page, and no department asks for what is known."""

from django.core.checks import Error, register
from django.urls import get_resolver

from registration.fields import FIELD, FIELDS, SECTIONS
from registration.web.desk_forms import CloseForm
from registration.web.forms import FORMS

ELSEWHERE = (
    "shareholders",
    "materials",
)  # pages of people and of files, one entry each: no fields of their own


def fields_are_asked_once(app_configs, **_kwargs):
    """E006: the form of a page asks for exactly the fields of the table, so that each has one source."""
    found = []
    for page in SECTIONS:
        wanted = {field.name for field in FIELDS if field.section == page.key}
        asked = set(FORMS[page.key].base_fields) if page.key in FORMS else set()
        if page.key not in ELSEWHERE and asked != wanted:
            said = f"The page '{page.key}' and the table of fields differ: {', '.join(sorted(asked ^ wanted))}."
            found.append(Error(said, id="registration.E006"))
    return found


def departments_ask_nothing_known(app_configs, **_kwargs):
    """E007: what the case knows stands in a department's form only to be confirmed, filled in (`confirms`)."""
    get_resolver().url_patterns  # noqa: B018 (loads the pages of every department, and with them their forms)
    known = {field.name for field in FIELDS if field.section not in ELSEWHERE}
    found = []
    for form in department_forms(CloseForm):
        where = f"{form.__module__}.{form.__name__}"
        asked = known & set(form.base_fields) - set(form.confirms)
        said = [f"{where} asks for '{name}', which the case knows." for name in sorted(asked)]
        said += [
            f"{where} confirms '{key}', which is no field."
            for key in form.confirms.values()
            if key not in FIELD
        ]
        found += [Error(text, id="registration.E007") for text in said]
    return found


def department_forms(base: type) -> list[type]:
    return [found for form in base.__subclasses__() for found in (form, *department_forms(form))]


def register_all() -> None:
    register(fields_are_asked_once)
    register(departments_ask_nothing_known)
