"""The standards of a department are its own: its rules and its file lie in its folder, and a set has one of each."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from kernel.core import departments
from kernel.core.departments import Standards
from kernel.form.fields import FIELDS, SECTIONS
from kernel.standards import checks
from kernel.standards.parts import COMMON, parts
from kernel.standards.publishing import shipped
from tests.codes import TAX
from tests.filings import latest_standards
from tests.house.sixth import CODE, CUSTOMS
from tests.house.test_tree import ROOT, tracked

# Fields of the pages that the departments themselves ask for.
THEIRS = {
    field.key
    for field in FIELDS
    for section in SECTIONS
    if field.section == section.key and section.group == "departments"
}


def test_rules_and_file_of_a_department_lie_in_its_folder():
    for one in departments.departments():
        home = type(one.desk).__module__.split(".")[0]
        assert one.standards.folder.is_relative_to(ROOT / home), one.code
        assert {rule.__module__.split(".")[0] for rule in one.standards.rules} == {home}, one.code


def test_no_rule_of_a_department_lies_in_the_kernel():
    """The kernel's are on the company and its people: they know no answer that a department alone asks for."""
    assert THEIRS >= {"tax.invoice_kind", "bank.branch", "seals.delivery"}
    named = [
        (str(path.relative_to(ROOT)), key)
        for path in tracked("kernel/standards/rules/*.py", "kernel/standards/data/*.json")
        for key in THEIRS
        if f'"{key}"' in path.read_text(encoding="utf-8")
    ]
    assert not named, named
    assert {rule.__module__.split(".")[0] for rule in parts()[COMMON].rules} == {"kernel"}


def test_the_kernel_asks_nobody_anything():
    """Nobody of the kernel sits at a desk: what a person judges is in the file of the desk."""
    assert not [
        item["id"]
        for version in shipped(COMMON)
        for item in version.items
        if item["decided_by"] == "question"
    ]


def test_what_data_cites_is_a_standard():
    """The demonstration returns cases by numbers of standards; one that is none would stop its day in the middle."""
    known = {standard.id for standard in latest_standards().standards}
    cited = {
        (str(path.relative_to(ROOT)), number)
        for path in tracked("*/data/demo.json")
        for number in re.findall(r'"standard": "([^"]*)"', path.read_text(encoding="utf-8"))
    }
    assert cited and not [one for one in cited if one[1] not in known]


class TestRefused:
    """What the checks say of the standards of a department."""

    def said(self, standards) -> str:
        """In English, whatever language somebody has just read."""
        departments.register(replace(CUSTOMS, standards=standards))
        try:
            with translation.override("zh-hans"):
                found = checks.standards_are_complete(None) + checks.standards_are_apart(None)
            return "\n".join(str(error.msg) for error in found)
        finally:
            departments.withdraw(CODE)

    def written(self, folder: Path, number: int = 1, /, **changes) -> Standards:
        """Its own file with changes to its first standard."""
        item = {**shipped_of_customs()[0], **changes}
        (folder / f"v{number}.json").write_text(
            json.dumps({"version": number, "effective_from": "2026-01-01", "standards": [item]}),
            encoding="utf-8",
        )
        return replace(CUSTOMS.standards, folder=folder)

    def test_whole_ones_are_not(self):
        assert self.said(CUSTOMS.standards) == ""

    def test_none(self):
        assert "'customs': its department names none" in self.said(None)

    def test_no_file(self, tmp_path):
        assert "has no v1.json" in self.said(replace(CUSTOMS.standards, folder=tmp_path))

    def test_a_number_left_out(self, tmp_path):
        assert "leaves out a number" in self.said(self.written(tmp_path, 2))

    def test_a_file_that_is_none(self, tmp_path):
        (tmp_path / "v1.json").write_text("{", encoding="utf-8")
        assert "can't be read" in self.said(replace(CUSTOMS.standards, folder=tmp_path))

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"id": "T-01"}, "looks like C-45"),
            ({"rule": "tax_is_answered"}, "Choose the rule"),
            ({"departments": ["nobody"]}, "Choose the desks"),
            ({"text_zh": ""}, "both languages"),
        ],
    )
    def test_a_standard_that_no_desk_could_work_with(self, tmp_path, change, sentence):
        assert sentence in self.said(self.written(tmp_path, **change))

    def test_what_is_anothers(self):
        tax = departments.department(TAX).standards
        said = self.said(tax)
        assert "the prefix 'T'" in said and "the rule 'tax_is_answered'" in said
        assert "the folder" in said


def shipped_of_customs() -> list[dict]:
    path = CUSTOMS.standards.folder / "v1.json"
    return json.loads(path.read_text(encoding="utf-8"))["standards"]
