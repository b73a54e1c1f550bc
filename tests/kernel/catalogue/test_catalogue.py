"""The catalogue is complete and consistent, speaks both languages, and is found by what people type."""

import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from kernel import catalogue
from kernel.catalogue import search_industries, search_scope
from kernel.catalogue.scope import permits
from kernel.core.departments import codes

RECORDS = [
    *catalogue.company_types(),
    *catalogue.industries(),
    *catalogue.scope_items(),
    *catalogue.divisions(),
    *catalogue.materials(),
    *catalogue.former_materials(),
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    "loader",
    [
        catalogue.company_types,
        catalogue.industries,
        catalogue.scope_items,
        catalogue.divisions,
        catalogue.materials,
    ],
)
def test_codes_are_unique(loader):
    codes = [record.code for record in loader()]
    assert len(codes) == len(set(codes))


def test_every_record_has_a_chinese_and_an_english_name():
    for record in RECORDS:
        assert CHINESE.search(record.name_zh), record
        assert record.name_en and not CHINESE.search(record.name_en), record


def test_the_name_follows_the_active_language():
    kind = catalogue.company_type("1151")
    with override("zh-hans"):
        assert kind.name == str(kind) == kind.name_zh
        assert kind.licence_type == kind.licence_type_zh
    with override("en"):
        assert kind.name == str(kind) == kind.name_en
        assert catalogue.scope_items["L001"].permit.name == "Food business permit"


def test_company_types_that_can_be_filed():
    assert {"1130", "1151", "1152"} <= {
        kind.code for kind in catalogue.company_types() if kind.enabled
    }
    assert catalogue.company_type("1130").max_shareholders == 50
    assert catalogue.company_type("1152").takes("legal")
    assert not catalogue.company_type("1152").takes("natural")
    with pytest.raises(KeyError):
        catalogue.company_type("0000")


def test_all_sections_and_divisions_of_the_industry_standard_are_there():
    by_level = {"section": [], "division": [], "group": [], "class": []}
    for entry in catalogue.industries():
        by_level[entry.level].append(entry.code)
    assert by_level["section"] == list("ABCDEFGHIJKLMNOPQRST")
    assert by_level["division"] == [f"{number:02}" for number in range(1, 98)]
    assert len(by_level["class"]) >= 480
    assert {code[:3] for code in by_level["class"]} <= set(by_level["group"])


def test_industries_form_a_tree():
    assert [entry.code for entry in catalogue.industry_path("6513")] == ["I", "65", "651", "6513"]
    for entry in catalogue.industries():
        assert catalogue.industry_path(entry.code)[0].level == "section"


def test_every_class_has_a_standard_item_and_every_item_a_class_of_its_own():
    classes = {entry.code for entry in catalogue.industries() if entry.level == "class"}
    served = {code for item in catalogue.scope_items() for code in item.industries}
    assert not classes - served
    assert {catalogue.industry(code).level for code in served} <= {"class", "division"}
    assert all(item.industries for item in catalogue.scope_items())


def test_licensed_items_say_permit_and_authority_in_both_languages_and_are_coded_as_such():
    assert (
        len({item.name_zh for item in catalogue.scope_items()})
        == len(catalogue.scope_items())
        > 800
    )
    assert {item.permit for item in catalogue.scope_items() if item.permit} == set(permits())
    for permit in permits():
        assert CHINESE.search(permit.by_zh) and not CHINESE.search(permit.name_en + permit.by_en), (
            permit
        )
    for item in catalogue.scope_items():
        assert item.code[0] == ("L" if item.is_licensed else "G"), item


@pytest.mark.parametrize(
    "text", ["6513", "yyrjkf", "yingyongruanjian", "application software", "ruanjiankaifa 65"]
)
def test_an_industry_is_found_in_every_way_of_typing(text):
    assert "6513" in [entry.code for entry in search_industries(text, limit=5)]


@pytest.mark.parametrize("text", ["rjkf", "ruanjiankaifa", "RuanJian", "software development"])
def test_a_scope_item_is_found_in_every_way_of_typing(text):
    assert "G001" in [item.code for item in search_scope(text, limit=5)]


def test_the_exact_chinese_name_comes_first():
    for item in catalogue.scope_items()[::6]:
        assert search_scope(item.name_zh, limit=1) == [item]
    for entry in catalogue.industries()[::6]:
        assert search_industries(entry.name_zh, limit=1)[0].name_zh == entry.name_zh


def test_a_part_of_the_chinese_name_is_enough():
    name = catalogue.scope_items["G001"].name_zh
    assert all(name[:2] in item.name_zh for item in search_scope(name[:2], limit=3))


def test_the_industry_brings_its_own_items_first_then_those_around_it():
    found = search_scope("", limit=500, industry="6513")
    for around in ("6513", "651", "65", "I"):
        inside = [around in item.within for item in found]
        assert inside == sorted(inside, reverse=True), around
    assert all("I" in item.within for item in found)
    assert search_scope("", limit=3, industry="0000") == search_scope("", limit=3)
    shop = search_scope(catalogue.scope_items["G080"].name_zh[:2], limit=3, industry="5232")
    assert shop[0] == catalogue.scope_items["G080"], "retail of clothing before its manufacture"


def test_an_everyday_word_for_the_industry_finds_its_items():
    (word,) = catalogue.industry("6239").also
    assert catalogue.scope_items["L002"] in search_scope(word, limit=3)
    assert "8010" in [entry.code for entry in search_industries("jiazheng")]


def test_limits_hold_and_nonsense_finds_nothing():
    assert len(search_scope("", limit=7)) == 7
    assert search_industries("zzzzqq") == []
    assert search_scope("<script>") == []


def test_divisions_lead_from_the_province_to_the_districts():
    assert [entry.code for entry in catalogue.division_path("370303")] == [
        "370000",
        "370300",
        "370303",
    ]
    assert len(catalogue.divisions_in("370300")) == 9
    assert len(catalogue.divisions_in("370000")) == 16
    zone = catalogue.division("3703GX")
    assert zone.level == "zone"
    assert zone.full_name != zone.name


def test_every_district_of_the_province_is_there():
    cities = catalogue.divisions_in("370000")
    assert (
        sum(
            entry.level == "district"
            for city in cities
            for entry in catalogue.divisions_in(city.code)
        )
        == 136
    )
    assert catalogue.home_city("370399") == catalogue.home_city("370303") == "370300"
    assert catalogue.home_city("110101") in {city.code for city in cities}


NAMES = [catalogue.industry(code).name_zh for code in ("0112", "0113")]
TABLE = """code,parent,name_zh,name_en,also
A0161,,{0}x,,
,,,,
016,,{0}y,,
6513,,{1},Application software,apps;programs
Z9,,{1},,
7777,,{1},,
6513,,{1},,
0132,,,,
0133,,Sugar,,
B0119,,{1},,
0121,02,{1},,
0540,,{0}z,,
""".format(*NAMES)
REFUSED = [
    "line 6 refused: “Z9” is not a letter, or 2 to 4 digits",
    "line 7 refused: 7777: 777 is not in the table",
    "line 8 refused: 6513 stands in line 5 already",
    "line 9 refused: 0132 has no name",
    "line 10 refused: 0133: “Sugar” is not a Chinese name",
    "line 11 refused: B0119: 0119 belongs to 011 in section A, not to B",
    "line 12 refused: 0121: 0121 belongs to 012 in section A, not to 02",
]


@pytest.fixture
def imported(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    yield tmp_path / "table.csv"
    settings.MEDIA_ROOT = tmp_path / "none"
    catalogue.industries.forget()


def take(file, text: str, encoding="utf-8-sig") -> tuple[str, list[str]]:
    file.write_text(text, encoding=encoding)
    said, refused = io.StringIO(), io.StringIO()
    call_command("import_industries", str(file), stdout=said, stderr=refused)
    return said.getvalue(), refused.getvalue().splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_complete_table_is_imported_once_with_every_refusal_named(imported, encoding):
    said, refused = take(imported, TABLE, encoding)
    assert refused == REFUSED
    assert "4 new, 1 changed, 0 as before, 7 refused" in said
    assert [entry.code for entry in catalogue.industry_path("0161")] == ["A", "01", "016", "0161"]
    assert [entry.name_zh[-1] for entry in catalogue.industry_path("0540")[2:]] == ["z", "z"], (
        "brings its group along"
    )
    assert catalogue.industry("6513").name_en == "Application software"
    assert search_industries(f"{NAMES[0]}x", limit=1)[0].code == "0161"
    assert not catalogue.industry("0161").common and catalogue.industry("6513").common
    assert "0 new, 0 changed, 4 as before" in take(imported, TABLE, encoding)[0]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("number,title\n1,2\n", "utf-8", "columns"),
        ("", "utf-8", "columns"),
        (
            f"code,name_zh\n1,{NAMES[0]}\n",
            "utf-8",
            "Line 2: the code “1” has lost its leading zero",
        ),
        (f"code,name_zh\n0112,{'x' * 200_000}\n", "utf-8", "Line 2: field larger"),
        ("code,name_zh\n0112,\xff\xff\n", "latin-1", "neither in UTF-8 nor in GBK"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(imported, text, encoding, said):
    with pytest.raises(CommandError, match=said):
        take(imported, text, encoding)
    assert not imported.with_name("media").exists()


def test_fifteen_materials_became_nine():
    kept = [material for material in catalogue.materials() if material.is_kept]
    assert [material.number for material in kept] == list(range(1, 10))
    before = sorted(number for material in catalogue.materials() for number in material.before)
    assert (
        before == [former.number for former in catalogue.former_materials()] == list(range(1, 16))
    )


def test_materials_say_who_reuses_them_and_where_dropped_ones_went():
    for material in catalogue.materials():
        assert set(material.reused_by) <= set(codes())
        assert bool(material.reused_by) == material.is_kept == (material.how != "dropped")
        assert material.how in {"generated", "uploaded", "entered", "dropped"}
        if material.into:
            assert catalogue.materials[material.into].is_kept
    only_one = {m.code: m.reused_by for m in catalogue.materials() if len(m.reused_by) == 1}
    assert only_one == {"seal_identity": ("seals",), "account_opening": ("banking",)}
