"""System checks: what would make the flow fail in the middle is refused at the start."""

import dataclasses

from django.core.checks import Error, register
from django.utils import translation
from django.utils.functional import Promise

from kernel import catalogue
from kernel.accounts import zone_settings
from kernel.cases.models import Document
from kernel.core.departments import departments
from kernel.form import fields, flow
from kernel.papers.facts import PAPERS

CALLED = ("open", "conditions", "closed")  # of a desk, by the flow
ONE_EACH = ("code", "letter", "role", "namespace", "urls", "path")


def the_flow_is_complete(app_configs, **_kwargs):
    """E001: every wave has a department, and they stand in the order of the waves."""
    registered = departments()
    faults = [
        f"No app registered a department for the state '{state}' of a case."
        for state in flow.RUNNING_STATES
        if state not in {department.state for department in registered}
    ]
    known = [department for department in registered if department.state in flow.RUNNING_STATES]
    if sorted(known, key=lambda department: flow.RUNNING_STATES.index(department.state)) != known:
        faults.append("INSTALLED_APPS lists departments in another order than that of the waves.")
    if len([department for department in registered if department.meeting]) > 1:
        faults.append("Two departments meet the applicant; the flow waits for one appointment.")
    return [Error(text, id="cases.E001") for text in faults]


def departments_are_complete(app_configs, **_kwargs):
    """E008: each department says everything that the rest asks of it; E009: and nothing that is another's; E010: its
    part of the form is whole, and so are its papers."""
    registered = departments()
    clocks = {
        department.clock.name for department in registered if not isinstance(department.clock, str)
    }
    errors = []
    for department in registered:
        faults = [f"no {name}" for name in _lacking(department)]
        faults += [
            f"a desk without '{call}'"
            for call in CALLED
            if not callable(getattr(department.desk, call, None))
        ]
        if department.state not in flow.RUNNING_STATES:
            faults.append(f"the state '{department.state}', which is no wave's")
        if department.clock_name not in clocks or department.clock_name in (
            flow.TOTAL,
            *flow.RUNNING_STATES,
        ):
            faults.append(f"the clock '{department.clock_name}', which is no department's")
        errors += [
            Error(f"The department '{department.code}' has {text}.", id="cases.E008")
            for text in faults
        ]
        errors += [
            Error(f"The department '{department.code}' {text}.", id="cases.E010")
            for text in (*_torn(department), *_kept_in(department), *_unprintable(department))
        ]
    for name in ONE_EACH:
        values = [str(getattr(department, name)) for department in registered]
        doubled = sorted({value for value in values if values.count(value) > 1})
        errors += [
            Error(f"Two departments have the {name} '{value}'.", id="cases.E009")
            for value in doubled
        ]
    return errors


def _torn(department) -> list[str]:
    """What of its form lacks its other half."""
    section, page, fed = department.section, department.page, department.fields
    faults = []
    if bool(section) != bool(page):
        faults.append("has a page of the form in part: `section` and `page` belong together")
    elif section and page.key != section.key:
        faults.append(f"has a form of the page '{page.key}' for its page '{section.key}'")
    elif section and not (page.note and section.material):
        faults.append(f"tells the task list nothing of its page '{section.key}'")
    elif section and section.key not in {field.section for field in fed}:
        faults.append(f"asks nothing on its page '{section.key}'")
    own = {field.key for field in fed}
    faults += [
        f"uses '{key}', which is no field" for key in department.sees if key not in fields.FIELD
    ]
    faults += [f"says twice that it uses '{key}'" for key in sorted(own & set(department.sees))]
    known = {material.code for material in catalogue.materials() if material.is_kept}
    faults += [
        f"uses '{code}', which is no material" for code in department.materials if code not in known
    ]
    return faults


def _kept_in(department) -> list[str]:
    """What its being left out names that isn't there."""
    way = department.leaving_out
    if way is None:
        return []
    faults = [
        f"takes '{key}' along, which is no field"
        for key in way.takes_along
        if key not in fields.FIELD
    ]
    if way.field not in {field.key for field in department.fields}:
        faults.append(f"is left out by '{way.field}', which is none of its fields")
    if way.setting not in {setting.name for setting in zone_settings.settings()}:
        faults.append(f"is left out where '{way.setting}' is on, which is no setting")
    return faults


def _unprintable(department) -> list[str]:
    """What its papers lack."""
    faults = []
    for paper in department.papers:
        files = [paper.data / f"{paper.kind}.json", paper.data / f"{paper.kind}.sample.json"]
        faults += [
            f"issues '{paper.kind}' without {path.name}" for path in files if not path.is_file()
        ]
        if paper.kind in Document.Kind.values or PAPERS[paper.kind] is not paper:
            faults.append(f"issues '{paper.kind}', which is another's paper")
    return faults


def _lacking(department) -> list[str]:
    """The words and names that are empty and mustn't be; only the path and the authorities may."""
    may = {
        "path",
        "authorities",
        "section",
        "page",
        "fields",
        "sees",
        "materials",
        "papers",
        "result",
        "meeting",
        "leaving_out",
        "done",
        "notices",
        "setbacks",
        "replies",
        "everywhere",
        "printed",
    }
    with translation.override("en"):
        return [
            part.name
            for part in dataclasses.fields(department)
            if part.name not in may and part.name != "desk" and not _says(department, part.name)
        ]


def _says(department, name: str) -> bool:
    value = getattr(department, name)
    return bool(str(value).strip()) if isinstance(value, str | Promise) else bool(value)


def fields_have_one_source(app_configs, **_kwargs):
    """Every field has one source, and every department that is asked for something exists."""
    keys = [field.key for field in fields.FIELDS]
    errors = [
        Error(f"The field '{key}' has more than one source.", id="cases.E002")
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    for field in fields.FIELDS:
        if field.section not in fields.SECTION or set(field.used_by) - set(flow.departments()):
            errors.append(
                Error(
                    f"The field '{field.key}' names an unknown page or department.", id="cases.E003"
                )
            )
    return errors


def materials_have_one_source(app_configs, **_kwargs):
    """Every field, by its page or as an upload, belongs to one material of today that names all who use it."""
    kept = [material for material in catalogue.materials() if material.is_kept]
    errors = []
    for field in fields.FIELDS:
        of_uploads = field.section == "materials"
        source = field.key if of_uploads else field.section
        owners = [m for m in kept if (field.name in m.files if of_uploads else _is_of(field, m))]
        if len(owners) != 1:
            codes = ", ".join(material.code for material in owners) or "none"
            error = Error(
                f"'{source}' belongs to one material; now it is: {codes}.", id="cases.E004"
            )
            errors += [error] if error not in errors else []  # once for all fields of a page
        elif unnamed := set(field.used_by) - set(owners[0].reused_by):
            text = f"'{field.key}' is used by {', '.join(sorted(unnamed))}, which its material {owners[0].code} omits."
            errors.append(Error(text, id="cases.E005"))
    return errors


def _is_of(field, material) -> bool:
    """Whether the page of a field is part of a material."""
    page = fields.SECTION.get(field.section)
    return field.section in material.pages or (page is not None and page.material == material.code)


def register_all() -> None:
    register(materials_have_one_source)
    register(the_flow_is_complete)
    register(departments_are_complete)
    register(fields_have_one_source)
