"""System checks: what would make the flow fail in the middle is refused at the start."""

from django.core.checks import Error, register

from kernel import catalogue
from kernel.cases import desks
from kernel.form import fields, flow


def departments_have_desks(app_configs, **_kwargs):
    return [
        Error(
            f"The flow names the department '{name}', but no app registered its desk.",
            id="cases.E001",
        )
        for name in desks.missing()
    ]


def fields_have_one_source(app_configs, **_kwargs):
    """Every field has one source, and every department that is asked for something exists."""
    keys = [field.key for field in fields.FIELDS]
    found = [
        Error(f"The field '{key}' has more than one source.", id="cases.E002")
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    for field in fields.FIELDS:
        if field.section not in fields.SECTION or set(field.used_by) - set(flow.DEPARTMENTS):
            found.append(
                Error(
                    f"The field '{field.key}' names an unknown page or department.", id="cases.E003"
                )
            )
    return found


def materials_have_one_source(app_configs, **_kwargs):
    """Every field, by its page or as an upload, belongs to one material of today that names all who use it."""
    kept = [material for material in catalogue.materials() if material.is_kept]
    found = []
    for field in fields.FIELDS:
        of_uploads = field.section == "materials"
        source = field.key if of_uploads else field.section
        owners = [
            m for m in kept if (field.name in m.files if of_uploads else field.section in m.pages)
        ]
        if len(owners) != 1:
            codes = ", ".join(material.code for material in owners) or "none"
            error = Error(
                f"'{source}' belongs to one material; now it is: {codes}.", id="cases.E004"
            )
            found += [error] if error not in found else []  # once for all fields of a page
        elif unnamed := set(field.used_by) - set(owners[0].reused_by):
            said = f"'{field.key}' is used by {', '.join(sorted(unnamed))}, which its material {owners[0].code} omits."
            found.append(Error(said, id="cases.E005"))
    return found


def register_all() -> None:
    register(materials_have_one_source)
    register(departments_have_desks)
    register(fields_have_one_source)
