"""System checks: what would make the flow fail in the middle is refused at the start."""

from django.core.checks import Error, register

from registration import checks_papers, desks, fields, flow


def departments_have_desks(app_configs, **_kwargs):
    return [
        Error(f"The flow names the department '{name}', but no app registered its desk.", id="registration.E001")
        for name in desks.missing()
    ]


def fields_have_one_source(app_configs, **_kwargs):
    """Every field has one source, and every department that is asked for something exists."""
    keys = [field.key for field in fields.FIELDS]
    found = [
        Error(f"The field '{key}' has more than one source.", id="registration.E002")
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    for field in fields.FIELDS:
        if field.section not in fields.SECTION or set(field.used_by) - set(flow.DEPARTMENTS):
            found.append(Error(f"The field '{field.key}' names an unknown page or department.", id="registration.E003"))
    return found


def register_all() -> None:
    register(departments_have_desks)
    register(fields_have_one_source)
    register(checks_papers.check_papers)
