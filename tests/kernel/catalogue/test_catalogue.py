"""The catalogue is complete and consistent, speaks both languages, and is found by what people type."""

import io
import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from kernel import catalogue
from kernel.catalogue import search_industries, search_scope
from kernel.catalogue.closest import Index
from kernel.catalogue.scope import approvals, permits
from kernel.catalogue.search import industry_terms
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


def test_every_record_has_a_chinese_name_and_shows_it_where_it_has_no_english_one():
    for record in RECORDS:
        assert CHINESE.search(record.name_zh), record
        assert not CHINESE.search(record.name_en), record
        with override("en"):
            assert record.name == (record.name_en or record.name_zh)


@pytest.mark.parametrize("table", [catalogue.industries, catalogue.scope_items])
def test_every_industry_and_every_item_has_an_english_name(table):
    assert [record.code for record in table() if not record.name_en] == []


def test_the_name_follows_the_active_language():
    kind = catalogue.company_type("1151")
    with override("zh-hans"):
        assert kind.name == str(kind) == kind.name_zh
        assert kind.licence_type == kind.licence_type_zh
    with override("en"):
        assert kind.name == str(kind) == kind.name_en
        assert catalogue.scope_items["H2002"].permit.name == "Food business permit"


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
    assert len(by_level["group"]) == 473
    assert len(by_level["class"]) == 1381
    assert {code[:3] for code in by_level["class"]} == set(by_level["group"])


def test_industries_form_a_tree():
    assert [entry.code for entry in catalogue.industry_path("6513")] == ["I", "65", "651", "6513"]
    for entry in catalogue.industries():
        assert catalogue.industry_path(entry.code)[0].level == "section"


# What nobody opens a company for: state, party, social insurance, public health and culture, lotteries;
# and five classes that the list of items passes over.
WITHOUT_ITEMS = (
    "S",
    "T",
    "94",
    "84",
    "85",
    "86",
    "88",
    "904",
    "89",
    "0330",
    "2190",
    "2519",
    "7930",
    "8350",
)


def test_every_item_has_classes_and_every_class_for_companies_an_item():
    classes = {entry.code for entry in catalogue.industries() if entry.level == "class"}
    served = {code for item in catalogue.scope_items() for code in item.industries}
    assert served <= classes and all(item.industries for item in catalogue.scope_items())
    for code in classes - served:
        section = catalogue.industry_path(code)[0].code
        assert code.startswith(WITHOUT_ITEMS) or section in WITHOUT_ITEMS, code


def test_items_have_the_codes_of_the_official_list_and_what_was_stored_before_is_still_known():
    for item in catalogue.scope_items():
        assert re.fullmatch(r"[A-R][A-Z]?\d{3,4}|Z\d{3}", item.code), item
    own = [item for item in catalogue.scope_items() if item.code.startswith("Z")]
    assert len(own) == 35 and all(item.is_usual for item in own), "later wordings of the list"
    software = catalogue.scope_items["I3006"]
    assert software.former == "G001" and catalogue.scope_items["G001"] is software
    assert catalogue.chosen_items(["G001", "I3006", "G002"]) == [
        software,
        catalogue.scope_items["F3134"],
    ]


def test_licensed_items_say_what_they_need_and_of_whom_where_the_source_does():
    assert (
        len({item.name_zh for item in catalogue.scope_items()})
        == len(catalogue.scope_items())
        > 2000
    )
    assert {item.permit for item in catalogue.scope_items() if item.permit} == set(permits())
    for permit in (*permits(), *approvals()):
        assert CHINESE.search(permit.name_zh)
        assert not CHINESE.search(permit.name_en + permit.by_en), permit
        assert bool(permit.by_zh) == bool(permit.name_en), "the draft's own come without authority"


@pytest.mark.parametrize(
    "text", ["6513", "yyrjkf", "yingyongruanjian", "application software", "ruanjiankaifa 65"]
)
def test_an_industry_is_found_in_every_way_of_typing(text):
    assert "6513" in [entry.code for entry in search_industries(text, limit=5)]


@pytest.mark.parametrize("text", ["rjkf", "ruanjiankaifa", "RuanJian", "software development"])
def test_a_scope_item_is_found_in_every_way_of_typing(text):
    assert "I3006" in [item.code for item in search_scope(text, limit=5)]


def test_the_exact_chinese_name_comes_first():
    for item in catalogue.scope_items()[::24]:
        assert search_scope(item.name_zh, limit=1) == [item]
    for entry in catalogue.industries()[::24]:
        names = [industry.name_zh for industry in search_industries(entry.name_zh, limit=3)]
        assert entry.name_zh == names[0] or (entry.level != "class" and entry.name_zh in names)


def test_a_part_of_the_chinese_name_is_enough():
    name = catalogue.scope_items["I3006"].name_zh
    assert all(name[:2] in item.name_zh for item in search_scope(name[:2], limit=3))


def test_the_industry_brings_its_own_items_first_then_those_around_it():
    items = search_scope("", limit=500, industry="6513")
    for around in ("6513", "651", "65", "I"):
        inside = [around in item.within for item in items]
        assert inside == sorted(inside, reverse=True), around
    assert all("I" in item.within for item in items)
    assert search_scope("", limit=3, industry="0000") == search_scope("", limit=3)
    shop = search_scope(catalogue.scope_items["F2010"].name_zh[:2], limit=3, industry="5232")
    assert shop[0] == catalogue.scope_items["F2010"], "retail of clothing before its manufacture"


def test_an_everyday_word_for_the_industry_finds_its_items():
    for word in catalogue.industry("6239").also[:5]:
        assert catalogue.scope_items["H2002"] in search_scope(word, limit=3), word
    assert "8010" in [entry.code for entry in search_industries("jiazheng")]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("火锅", "6210"),
        ("开个火锅店", "6210"),
        ("huoguo", "6210"),
        ("火过", "6210"),
        ("跨境电商", "5292"),
        ("月嫂", "8010"),
        ("卖水泵的", "3441"),
    ],
)
def test_what_nothing_is_called_by_finds_what_comes_closest(word, code):
    classes = [entry.code for entry in search_industries(word, 40) if entry.level == "class"]
    assert code in classes[:3], classes
    assert search_scope(word, limit=6)


@pytest.mark.parametrize(
    "word",
    [
        "水果店",
        "洗衣店",
        "婚庆公司",
        "修手机",
        "钢琴培训",
        "童装店",
        "拉面馆",
        "挖机出租",
        "汽修厂",
        "卖手机",
    ],
)
def test_a_word_that_is_not_in_the_table_is_found_by_its_parts(word):
    named = {entry.code for entry in catalogue.industries() if word in entry.also}
    others = [term for term in industry_terms(catalogue.industries()) if term.text != word]
    likeness = Index(others).closest(word)
    assert named & set(sorted(likeness, key=likeness.get, reverse=True)[:3])


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
0560,,{0}z,,
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
    assert "2 new, 3 changed, 0 as before, 7 refused" in said
    assert [entry.code for entry in catalogue.industry_path("0161")] == ["A", "01", "016", "0161"]
    assert [entry.name_zh[-1] for entry in catalogue.industry_path("0560")[2:]] == ["z", "z"], (
        "brings its group along"
    )
    assert catalogue.industry("6513").name_en == "Application software"
    assert search_industries(f"{NAMES[0]}x", limit=1)[0].code == "0161"
    assert not catalogue.industry("0161").common and catalogue.industry("6513").common
    assert "0 new, 0 changed, 4 as before" in take(imported, TABLE, encoding)[0]


@pytest.mark.parametrize(
    ("text", "encoding", "sentence"),
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
def test_a_file_of_another_kind_is_refused_whole(imported, text, encoding, sentence):
    with pytest.raises(CommandError, match=sentence):
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
