"""System checks: what would make the flow fail in the middle is refused at the start."""

from django.core.checks import Error, register

from registration import catalogue, checks_papers, desks, fields, flow


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


def materials_have_one_source(app_configs, **_kwargs):
    """Every page and every upload belongs to one material of today, whose departments include those that use it."""
    kept = [material for material in catalogue.materials() if material.is_kept]
    found = []
    for page in fields.SECTIONS:
        if page.key != "materials":
            found += _one_material(page.key, [material for material in kept if page.key in material.pages])
    for field in (field for field in fields.FIELDS if field.section == "materials"):
        owners = [material for material in kept if field.name in material.files]
        found += _one_material(field.key, owners)
        if owners and set(field.used_by) - set(owners[0].reused_by):
            said = f"'{field.key}' is used by a department that its material {owners[0].code} does not name."
            found.append(Error(said, id="registration.E005"))
    return found


def _one_material(name: str, owners: list) -> list[Error]:
    if len(owners) == 1:
        return []
    codes = ", ".join(material.code for material in owners) or "none"
    return [Error(f"'{name}' belongs to one material; now it is: {codes}.", id="registration.E004")]


def register_all() -> None:
    register(materials_have_one_source)
    register(departments_have_desks)
    register(fields_have_one_source)
    register(checks_papers.check_papers)
