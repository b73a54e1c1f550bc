"""A registry's export comes into the register: in either encoding, once however often, with its refusals told."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from kernel import names
from kernel.cases import register, register_import
from kernel.cases.models import Application, NameKey, RegisterEntry
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.codes import make_uscc
from portal.demo.register import load_names
from tests import driving, factories
from tests.factories import MORNING
from tests.kernel.cases.test_register import draft, filing_of, rules_met, submit
from tests.kernel.names.test_names import CASES, TAKEN

pytestmark = pytest.mark.django_db
HEADINGS = CASES["export"]["headings"]  # name, USCC, state, day
GONE, HERE = CASES["export"]["gone"], CASES["export"]["here"]
REGISTRY = "370399"
NARROW = str.maketrans("，（）、", ",(),")


@pytest.fixture(autouse=True)
def _morning(travel):
    travel(MORNING)


@pytest.fixture
def export(tmp_path):
    def write(*rows, headings=HEADINGS, encoding="utf-8", delimiter=","):
        text = StringIO()
        csv.writer(text, delimiter=delimiter).writerows([headings, *rows])
        path = tmp_path / "names.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


def load(path, fails=False, **options) -> str:
    out = StringIO()
    if fails:
        with pytest.raises(SystemExit) as ended:
            call_command(
                "import_names", path, stdout=out, stderr=out, **{"registry": REGISTRY, **options}
            )
        assert ended.value.code == 1
    else:
        call_command(
            "import_names", path, stdout=out, stderr=out, **{"registry": REGISTRY, **options}
        )
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_an_export_is_taken_in_either_encoding(export, encoding):
    load(export([TAKEN.name, "", HERE, ""], encoding=encoding))
    entry = RegisterEntry.objects.get()
    assert (entry.name, entry.trade_name, entry.industry_term) == (
        TAKEN.name,
        TAKEN.trade_name,
        TAKEN.industry_term,
    )
    assert rules_met() == ["same"]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_columns_may_be_parted_by_something_else(export, delimiter):
    load(export([TAKEN.name, "", HERE, ""], delimiter=delimiter))
    assert RegisterEntry.objects.get().name == TAKEN.name


@pytest.mark.parametrize(
    "day", ["2026-01-05", "2026/1/5", "2026.01.05 00:00:00", "20260105", "2026?1?5?"]
)
def test_a_day_is_read_however_it_is_written(export, day):
    load(export([TAKEN.name, "", GONE, day.replace("?", HERE[0])]))
    assert RegisterEntry.objects.get().ended_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((TAKEN.name, "", GONE, "2026-13-05"), HEADINGS[3]),
        ((TAKEN.name, "", GONE, ""), HEADINGS[3]),
        ((TAKEN.name, "", "?", ""), "?"),
        ((TAKEN.name, "370300228003418", HERE, ""), "370300228003418"),
        ((TAKEN.name, "91370303MA0000DQ3X", HERE, ""), "91370303MA0000DQ3X"),
    ],
)
def test_what_isnt_understood_of_a_row_leaves_the_name_registered(export, tmp_path, row, said):
    assert "new 1  changed 0  unchanged 0  repeated 0  noted 1  refused 0" in load(export(row))
    entry = RegisterEntry.objects.get()
    assert (entry.state, entry.uscc, rules_met()) == ("registered", "", ["same"])
    with (tmp_path / "names.csv.noted.csv").open(encoding="utf-8-sig", newline="") as stream:
        noted = list(csv.reader(stream))
    assert noted[1][0] == "2" and said in noted[1][1]
    load(export([TAKEN.name, "", HERE, ""]))
    assert not (tmp_path / "names.csv.noted.csv").exists()


@pytest.mark.parametrize(("written", "state"), CASES["export"]["states"])
@pytest.mark.parametrize("width", [str, lambda text: text.translate(NARROW)])
def test_the_states_of_the_publicity_system_are_known_in_any_width(export, written, state, width):
    assert "noted 0  refused 0" in load(export([TAKEN.name, "", width(written), "2026-01-05"]))
    assert RegisterEntry.objects.get().state == state


def test_a_branch_is_kept_and_never_compared(export):
    bank, branch = CASES["export"]["units"]
    load(export([bank, "", "", ""], [branch, "", "", ""]))
    assert RegisterEntry.objects.count() == 2 and NameKey.objects.count() == 0


def test_a_stray_byte_is_one_rows_fault(export):
    path = export([TAKEN.name, "", HERE, ""])
    path.write_bytes(path.read_bytes() + f"{CASES['clean'][1]},,{HERE},\n".encode("gbk"))
    said = load(path, fails=True)
    assert "new 1" in said and "refused 1" in said


def test_running_it_again_changes_nothing(export, monkeypatch):
    monkeypatch.setattr(register_import, "BATCH", 2)
    rows = [[name, "", "", ""] for name in CASES["clean"]]
    assert f"new {len(rows)}" in load(export(*rows))
    keys = set(NameKey.objects.values_list("key", "industry", "entry_id"))
    assert f"new 0  changed 0  unchanged {len(rows)}" in load(export(*rows))
    assert set(NameKey.objects.values_list("key", "industry", "entry_id")) == keys
    assert {entry.pk for entry in RegisterEntry.objects.all()} == {
        pk for _key, _industry, pk in keys
    }


def test_a_later_export_changes_what_it_says_otherwise(export):
    load(export([TAKEN.name, "", HERE, ""]))
    assert "changed 1" in load(export([TAKEN.name, "", GONE, "2026/01/05"]))
    entry = RegisterEntry.objects.get()
    assert (entry.state, entry.ended_on) == ("deregistered", date(2026, 1, 5))
    load(export([TAKEN.name, "", GONE, "2025-01-05"]))
    assert rules_met() == []


def test_parts_that_the_export_knows_are_taken_as_they_are(export):
    headings = [*HEADINGS, *CASES["export"]["parts"]]
    load(
        export(
            [TAKEN.name, "", "", "", TAKEN.trade_name + TAKEN.industry_term, ""], headings=headings
        )
    )
    assert RegisterEntry.objects.get().trade_name == TAKEN.trade_name + TAKEN.industry_term
    load(export([TAKEN.name, "", "", "", "", ""], headings=headings))
    assert rules_met() == ["same"], "the keys follow the parts"


def test_an_export_may_know_the_trade_name_alone(export):
    load(
        export(
            [TAKEN.name, "", "", "", TAKEN.trade_name],
            headings=[*HEADINGS, CASES["export"]["parts"][0]],
        )
    )
    entry = RegisterEntry.objects.get()
    assert (entry.trade_name, entry.industry_term) == (TAKEN.trade_name, TAKEN.industry_term)


def test_codes_are_kept_in_plain_letters(export):
    code = make_uscc("370303", 427)
    load(export([TAKEN.name, f"{code[:8].lower()}-{code[8:].lower()}", HERE, ""]))
    assert RegisterEntry.objects.get().uscc == code


def test_every_refused_row_is_written_down_with_its_reason(export, tmp_path):
    path = export(
        ["", "", HERE, ""],
        ["x" * 101, "", HERE, ""],
        [f"{TAKEN.name}\0", "", HERE, ""],
        [TAKEN.name, "", HERE, "", "one too many"],
        [CASES["clean"][0], "", HERE, ""],
    )
    said = load(path, fails=True)
    assert "new 1" in said and "refused 4" in said
    with (tmp_path / "names.csv.refused.csv").open(encoding="utf-8-sig", newline="") as stream:
        refused = list(csv.reader(stream))
    assert refused[0][:2] == ["line", "reason"]
    assert [row[0] for row in refused[1:]] == ["2", "3", "4", "5"]
    assert len({row[1] for row in refused[1:]}) == 3
    assert refused[4][2] == TAKEN.name
    load(export([CASES["clean"][0], "", HERE, ""]))
    assert not (tmp_path / "names.csv.refused.csv").exists(), (
        "a run without refusals leaves no old ones"
    )


def test_bytes_of_no_encoding_are_refused_row_by_row(export):
    path = export([TAKEN.name, "", HERE, ""], [CASES["clean"][1], "", HERE, ""], encoding="gbk")
    path.write_bytes(path.read_bytes().replace(TAKEN.trade_name.encode("gbk"), b"\xff\xff"))
    assert "refused 1" in load(path, fails=True)


def test_of_a_row_that_stands_twice_the_later_counts(export):
    said = load(export([TAKEN.name, "", HERE, ""], [TAKEN.name, "", GONE, "2026-01-05"]))
    assert "new 1  changed 0  unchanged 0  repeated 1  noted 0  refused 0" in said
    assert RegisterEntry.objects.get().state == "deregistered"


def test_what_is_no_csv_any_more_is_said_with_its_line(export):
    path = export([TAKEN.name, "", HERE, ""])
    path.write_text(path.read_text(encoding="utf-8") + '"' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(CommandError, match="3"):
        load(path)


def test_an_encoding_that_nobody_knows_is_said(export):
    with pytest.raises(CommandError, match="klingon"):
        load(export([TAKEN.name, "", HERE, ""]), encoding="klingon")


def test_a_row_without_a_registry_is_refused(export):
    assert "refused 1" in load(export([TAKEN.name, "", "", ""]), fails=True, registry="")


def test_a_file_without_names_is_no_export(export, tmp_path):
    with pytest.raises(CommandError):
        load(export(["x"], headings=["y"]))
    with pytest.raises(CommandError):
        load(tmp_path / "nothing.csv")


def test_a_company_opened_here_is_one_with_the_registrys_row(export):
    zone = factories.ZoneFactory()
    case = submit(draft(zone=zone))
    officers = driving.staff(zone)
    for department in flow.usual():
        driving.work(department, officers[department], case)
    case.refresh_from_db()
    load(export([case.name, case.uscc, HERE, ""]))
    assert RegisterEntry.objects.filter(name=case.name).count() == 1
    assert rules_met(case.name) == ["same"]
    load(export([case.name, case.uscc, GONE, f"{localdate(now()).replace(year=2024)}"]))
    assert rules_met(case.name) == []
    assert Application.objects.get(pk=case.pk).name_claim is None
    again = draft(case.name)
    assert factories.submit(actor=again.applicant, application_id=again.pk).name == case.name


def test_the_register_speaks_of_states(export):
    load(export([TAKEN.name, "", GONE, "2026-01-05"]))
    (finding,) = register.conflicts_of(filing_of(draft()))
    assert finding.taken.state == "deregistered" and finding.severity == names.BLOCK


def test_the_demonstration_has_names_to_run_into():
    zone = factories.ZoneFactory()
    load_names(zone)
    count = RegisterEntry.objects.count()
    load_names(zone)
    assert count == RegisterEntry.objects.count() > 10
    assert rules_met()[0] == "same"


def test_a_registry_that_no_zone_compares_with_is_told(export):
    """Its names are kept, and would be missed by nobody."""
    zone = factories.ZoneFactory()
    told = "No zone compares its names with this registry"
    path = export([HERE, "", "", ""])
    assert told not in load(path, registry=register.registry_of(zone))
    assert told not in load(path, registry="370000")
    assert f"{told}: 370391" in load(path, registry="370391")
