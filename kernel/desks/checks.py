"""System checks on what desks ask: no department asks for what the case knows."""

from django.core.checks import Error, register
from django.urls import get_resolver

from kernel.desks.forms import CloseForm
from kernel.form.fields import FIELD, FIELDS, OF_ENTRIES


def departments_ask_nothing_known(app_configs, **_kwargs):
    """E007: what the case knows stands in a department's form only to be confirmed, filled in (`confirms`)."""
    get_resolver().url_patterns  # noqa: B018 (loads the pages of every department, and with them their forms)
    known = {field.name for field in FIELDS if field.section not in OF_ENTRIES}
    errors = []
    for form in department_forms(CloseForm):
        where = f"{form.__module__}.{form.__name__}"
        asked = known & set(form.base_fields) - set(form.confirms)
        texts = [f"{where} asks for '{name}', which the case knows." for name in sorted(asked)]
        texts += [
            f"{where} confirms '{key}', which is no field."
            for key in form.confirms.values()
            if key not in FIELD
        ]
        errors += [Error(text, id="cases.E007") for text in texts]
    return errors


def department_forms(base: type[CloseForm]) -> list[type[CloseForm]]:
    return [heir for form in base.__subclasses__() for heir in (form, *department_forms(form))]


def register_all() -> None:
    register(departments_ask_nothing_known)
