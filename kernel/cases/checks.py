"""System checks: what would make the flow fail in the middle is refused at the start."""

import dataclasses

from django.core.checks import Error, register
from django.utils import translation
from django.utils.functional import Promise

from kernel import catalogue
from kernel.cases.models import Document
from kernel.core.departments import departments
from kernel.form import fields, flow
from kernel.papers.facts import PAPERS

CALLED = ("open", "conditions", "closed")  # of a desk, by the flow
ONE_EACH = ("code", "letter", "role", "namespace", "urls", "path")


def the_flow_is_complete(app_configs, **_kwargs):
    """E001: every wave has a department, and they stand in the order of the waves."""
    found = departments()
    said = [
        f"No app registered a department for the state '{state}' of a case."
        for state in flow.RUNNING_STATES
        if state not in {one.state for one in found}
    ]
    known = [one for one in found if one.state in flow.RUNNING_STATES]
    if sorted(known, key=lambda one: flow.RUNNING_STATES.index(one.state)) != known:
        said.append("INSTALLED_APPS lists departments in another order than that of the waves.")
    if len([one for one in found if one.meeting]) > 1:
        said.append("Two departments meet the applicant; the flow waits for one appointment.")
    return [Error(text, id="cases.E001") for text in said]


def departments_are_complete(app_configs, **_kwargs):
    """E008: each department says everything that the rest asks of it; E009: and nothing that is another's; E010: its
    part of the form is whole, and so are its papers."""
    found = departments()
    clocks = {one.clock.name for one in found if not isinstance(one.clock, str)}
    errors = []
    for one in found:
        said = [f"no {name}" for name in _lacking(one)]
        said += [
            f"a desk without '{call}'"
            for call in CALLED
            if not callable(getattr(one.desk, call, None))
        ]
        if one.state not in flow.RUNNING_STATES:
            said.append(f"the state '{one.state}', which is no wave's")
        if one.clock_name not in clocks or one.clock_name in (flow.TOTAL, *flow.RUNNING_STATES):
            said.append(f"the clock '{one.clock_name}', which is no department's")
        errors += [
            Error(f"The department '{one.code}' has {text}.", id="cases.E008") for text in said
        ]
        errors += [
            Error(f"The department '{one.code}' {text}.", id="cases.E010")
            for text in (*_torn(one), *_unprintable(one))
        ]
    for name in ONE_EACH:
        values = [str(getattr(one, name)) for one in found]
        doubled = sorted({value for value in values if values.count(value) > 1})
        errors += [
            Error(f"Two departments have the {name} '{value}'.", id="cases.E009")
            for value in doubled
        ]
    return errors


def _torn(department) -> list[str]:
    """What of its form lacks its other half."""
    section, page, fed = department.section, department.page, department.fields
    said = []
    if bool(section) != bool(page):
        said.append("has a page of the form in part: `section` and `page` belong together")
    elif section and page.section != section.key:
        said.append(f"has a form of the page '{page.section}' for its page '{section.key}'")
    elif section and not (section.note and section.summary and section.material):
        said.append(f"tells the task list nothing of its page '{section.key}'")
    elif section and section.key not in {field.section for field in fed}:
        said.append(f"asks nothing on its page '{section.key}'")
    own = {field.key for field in fed}
    said += [
        f"uses '{key}', which is no field" for key in department.sees if key not in fields.FIELD
    ]
    said += [f"says twice that it uses '{key}'" for key in sorted(own & set(department.sees))]
    known = {material.code for material in catalogue.materials() if material.is_kept}
    said += [
        f"uses '{code}', which is no material" for code in department.materials if code not in known
    ]
    return said


def _unprintable(department) -> list[str]:
    """What its papers lack."""
    said = []
    for paper in department.papers:
        files = [paper.data / f"{paper.kind}.json", paper.data / f"{paper.kind}.sample.json"]
        said += [
            f"issues '{paper.kind}' without {path.name}" for path in files if not path.is_file()
        ]
        if paper.kind in Document.Kind.values or PAPERS[paper.kind] is not paper:
            said.append(f"issues '{paper.kind}', which is another's paper")
    return said


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
        "done",
        "notices",
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
    found = [
        Error(f"The field '{key}' has more than one source.", id="cases.E002")
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    for field in fields.FIELDS:
        if field.section not in fields.SECTION or set(field.used_by) - set(flow.departments()):
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
        owners = [m for m in kept if (field.name in m.files if of_uploads else _is_of(field, m))]
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


def _is_of(field, material) -> bool:
    """Whether the page of a field is part of a material."""
    page = fields.SECTION.get(field.section)
    return field.section in material.pages or (page is not None and page.material == material.code)


def register_all() -> None:
    register(materials_have_one_source)
    register(the_flow_is_complete)
    register(departments_are_complete)
    register(fields_have_one_source)
