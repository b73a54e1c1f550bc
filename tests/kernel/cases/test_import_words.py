"""A province's list of words comes in as a version, once however often, with its faults told."""

import pytest
from django.core.management import CommandError, call_command

from kernel import names
from kernel.cases import name_words
from kernel.cases.models import NameWord, NameWordVersion
from tests.kernel.names.test_names import CASES

pytestmark = pytest.mark.django_db
HEADINGS = "字词,处理,位置,理由,依据"
WORD, OTHER = "明德", "宏远"


@pytest.fixture
def words_file(tmp_path):
    def write(*rows, headings=HEADINGS):
        path = tmp_path / "province.csv"
        path.write_text("\n".join([headings, *rows]), encoding="gbk")
        return path

    return write


def load(path, **options) -> str:
    from io import StringIO

    out = StringIO()
    call_command("import_words", path, stdout=out, **options)
    return out.getvalue()


def rules() -> set[tuple[str, str]]:
    found = names.check({**CASES["parts"], "trade_name": WORD})
    return {(one.rule, one.severity) for one in found if one.asks}


def test_a_word_counts_once_it_is_in(words_file):
    name_words.load()
    path = words_file(f"{WORD},禁止,字号全部,属于试点保留字号,某省规定")
    assert "Version 2: 1 words begin, 0 rows end" in load(path)
    assert rules() == {("forbidden_province", "block")} and names.words().version == 2
    (finding,) = (one for one in names.check({**CASES["parts"], "trade_name": WORD}) if one.asks)
    assert str(finding.ground) == "某省规定"
    assert "Nothing differs" in load(path) and NameWordVersion.objects.count() == 2


def test_what_a_later_list_lacks_ends_and_its_row_stays(words_file):
    load(words_file(f"{WORD},禁止,,,", f"{OTHER},look,,,"))
    load(words_file(f"{OTHER},look,,,"))
    assert rules() == set()
    ended = NameWord.objects.get(text=WORD)
    assert (ended.since.number, ended.until.number) == (2, 3)
    load(words_file(f"{WORD},人工核对,,,"), keep=True)
    assert rules() == {("look_province", "warn")}
    assert NameWord.objects.get(text=OTHER).until is None


@pytest.mark.parametrize(
    "row", [f"{WORD},?,,,", f"{WORD},禁止,?,,", f"{'明' * 31},禁止,,,", f"{WORD},,,,"]
)
def test_a_file_with_a_fault_changes_nothing(words_file, row):
    with pytest.raises(CommandError, match="line 3"):
        load(words_file(f"{OTHER},禁止,,,", row))
    assert not NameWord.objects.exists()


def test_a_file_without_its_columns_is_no_list(words_file, tmp_path):
    with pytest.raises(CommandError):
        load(words_file("x", headings="y"))
    with pytest.raises(CommandError):
        load(tmp_path / "nothing.csv")


def test_a_word_that_counts_by_its_sound_may_be_written_in_characters(words_file):
    load(words_file("草妮马,禁止,读音,粗俗,"))
    assert NameWord.objects.get(source="province").text == "caonima"
    found = names.check({**CASES["parts"], "trade_name": "曹尼玛"})
    assert "forbidden_province" in {one.rule for one in found}


@pytest.mark.parametrize(
    "row", [f"{OTHER},人工核对,,,", f"{WORD},禁止,,一个理由,一条依据,多出一列"]
)
def test_a_word_said_twice_or_a_comma_too_many_is_a_fault(words_file, row):
    with pytest.raises(CommandError, match="line 3"):
        load(words_file(f"{OTHER},禁止,,,", row))
    assert not NameWord.objects.exists()


def test_the_words_of_the_product_stay_beside_a_province_s(words_file):
    """Also where the list was empty: a province's file is no list of its own."""
    load(words_file(f"{WORD},禁止,,,"))
    assert len(names.words().entries) == len(names.words_in_file().entries) + 1
