"""Papers: numerals, wording, facts that may not be missing, and pages that hold whatever is printed on them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.papers import checks as checks_papers
from kernel.papers import documents, licence_code, press
from kernel.papers.capital import LARGEST, in_capitals
from kernel.papers.context import applies, context, filled, in_words, printed_facts
from kernel.papers.facts import KINDS, PAPERS, MissingFacts
from kernel.papers.fitting import cut, ems, lines, step
from kernel.papers.wording import SAMPLES, as_date, long_moment, words

ROOT = Path(__file__).parents[3]
LISTED = (ROOT / "static/print/common_characters.txt").read_text(encoding="utf-8").replace("\n", "")
SIGNS = words("common")["capital"]
CASES = json.loads((Path(__file__).parent / "data" / "capitals.json").read_text(encoding="utf-8"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40mm" height="40mm"><circle r="9"/></svg>'


def sample(kind: str, **changes) -> dict:
    facts = SAMPLES[kind] | changes
    if kind == "seal_receipt" and "seals" not in changes:
        facts["seals"] = [seal | {"svg": SVG} for seal in facts["seals"]]
    return facts


def read_capitals(text: str) -> int:
    """Fen from capital numerals: an independent reader, for checking the writer."""
    text = text.removesuffix(SIGNS["whole"])
    whole, _, rest = text.partition(SIGNS["yuan"]) if SIGNS["yuan"] in text else ("", "", text)
    fen = 0
    for sign, worth in ((SIGNS["jiao"], 10), (SIGNS["fen"], 1)):
        if sign in rest:
            figure, _, rest = rest.partition(sign)
            fen += SIGNS["digits"].index(figure[-1]) * worth
    total = 0
    for power in (3, 2, 1, 0):
        sign = SIGNS["groups"][power]
        if power == 0:
            group, whole = whole, ""
        elif sign in whole:
            group, _, whole = whole.partition(sign)
        else:
            continue
        total += read_group(group) * 10_000**power
    return total * 100 + fen


def read_group(text: str) -> int:
    value = digit = 0
    for character in text:
        if character in SIGNS["digits"]:
            digit = SIGNS["digits"].index(character)
        else:
            value, digit = value + digit * 10 ** SIGNS["places"].index(character), 0
    return value + digit


class TestCapitals:
    @pytest.mark.parametrize(("fen", "text"), CASES)
    def test_known_amounts(self, fen, text):
        assert in_capitals(fen) == text

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**15))
    def test_reads_back(self, fen):
        assert read_capitals(in_capitals(fen)) == fen

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(st.integers(0, 9), min_size=1, max_size=13).map(
            lambda d: int("".join(map(str, d))) * 100
        )
    )
    def test_no_doubled_zero_and_ends_whole(self, fen):
        text = in_capitals(fen)
        assert SIGNS["digits"][0] * 2 not in text and text.endswith(SIGNS["yuan"] + SIGNS["whole"])

    @pytest.mark.parametrize("fen", [-1, LARGEST + 1])
    def test_out_of_range(self, fen):
        with pytest.raises(ValueError):
            in_capitals(fen)


class TestFonts:
    @pytest.mark.parametrize("weight", ["Regular", "Bold"])
    def test_the_vendored_fonts_have_every_listed_character(self, weight):
        from fontTools.ttLib import TTFont

        path = ROOT / f"static/fonts/PortalSong-{weight}.otf"
        with TTFont(path, lazy=True) as font:
            has = font.getBestCmap()
        assert len(set(LISTED)) == 8105
        assert not [character for character in LISTED if ord(character) not in has]
        assert path.stat().st_size < 6 * 2**20

    @pytest.mark.parametrize("weight", ["Regular", "Bold"])
    def test_and_every_character_of_the_wording(self, weight):
        from fontTools.ttLib import TTFont

        with TTFont(ROOT / f"static/fonts/PortalSong-{weight}.otf", lazy=True) as font:
            has = font.getBestCmap()
        folders = {ROOT / "kernel/papers/data", *(paper.data for paper in PAPERS.values())}
        for path in [path for folder in folders for path in folder.glob("*.json")]:
            text = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
            assert not {character for character in text if ord(character) not in has}, path.name

    def test_the_licence_of_the_fonts_lies_beside_them(self):
        assert "SIL OPEN FONT LICENSE" in (ROOT / "static/fonts/OFL.txt").read_text(
            encoding="utf-8"
        )


class TestFitting:
    @settings(max_examples=300, deadline=None)
    @given(st.integers(1, 3000), st.floats(20, 200), st.floats(10, 120))
    @example(93, 30.0, 21.0)
    def test_a_cut_text_fits(self, length, width, height):
        text, ending = (LISTED * 2)[:length], LISTED[:5]
        size, leading = 2.1, 1.42
        shorter = cut(text, width, height, size, leading, ending)
        assert lines(shorter, size, width) * size * leading <= height or len(shorter) <= len(ending)
        assert text.startswith(shorter) or shorter.endswith(ending)

    def test_longer_texts_take_smaller_steps(self):
        steps = ((4.3, 1.65), (3.3, 1.55), (2.1, 1.4))
        assert [step(LISTED[:n], 114, 70, steps) for n in (100, 400, 2000)] == [0, 1, 2]

    def test_latin_is_narrower(self):
        assert ems("ab") < ems(LISTED[:2])


class TestWords:
    def test_a_line_without_its_fact_is_left_out(self):
        assert filled("{a} {b}", {"a": "1"}) == "" and filled("{a}", {"a": "1"}) == "1"

    def test_dates_and_moments(self):
        assert as_date("2026-03-18") == as_date(date(2026, 3, 18)) == date(2026, 3, 18)
        assert as_date("2026-03-17T20:00:00+00:00") == date(2026, 3, 18)
        late = datetime(2026, 3, 17, 20, 5, tzinfo=UTC)
        assert long_moment(late) == long_moment(late.isoformat()) and "04:05" in long_moment(late)

    def test_amounts(self):
        printed = printed_facts({"capital_fen": 123_450_000})
        assert (printed["capital_yuan"], printed["capital_wan"]) == ("1234500", "123.45")

    def test_articles_are_counted_through(self):
        digits, ten = words("articles")["digits"], words("articles")["ten"]
        assert [in_words(n) for n in (1, 10, 11, 20, 28)] == [
            digits[1],
            ten,
            ten + digits[1],
            digits[2] + ten,
            digits[2] + ten + digits[8],
        ]


class TestContext:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_required_fact_is_missed(self, kind):
        for name in KINDS[kind].__required_keys__:
            facts = sample(kind)
            facts[name] = ""
            with pytest.raises(MissingFacts) as missed:
                context(kind, facts, sample=True)
            assert missed.value.names == [name]

    @pytest.mark.parametrize("kind", KINDS)
    def test_required_facts_are_enough(self, kind):
        facts = {
            name: value
            for name, value in sample(kind).items()
            if name in KINDS[kind].__required_keys__
        }
        assert context(kind, facts, sample=False)["sample"] == ""

    def test_an_unknown_kind(self):
        with pytest.raises(KeyError):
            context("diploma", {}, sample=True)

    @pytest.mark.parametrize("company_type", ["1130", "1151", "1152", "1190"])
    def test_articles_by_company_type(self, company_type):
        made = context("articles", sample("articles", company_type=company_type), sample=False)
        numbers = [number for block in made["blocks"] for number, _ in block.get("articles", ())]
        assert numbers == [
            words("articles")["article"].format(number=in_words(n + 1)) for n in range(len(numbers))
        ]
        assert applies("articles", company_type)

    def test_one_shareholder_has_no_meeting_and_no_transfer_chapter(self):
        chapters = [
            len(
                [
                    block
                    for block in context(
                        "articles", sample("articles", company_type=kind), sample=False
                    )["blocks"]
                ]
            )
            for kind in ("1130", "1151")
        ]
        assert chapters[0] == chapters[1] + 1

    def test_an_individual_business_has_no_articles(self):
        assert not applies("articles", "9500")
        with pytest.raises(KeyError):
            context("articles", sample("articles", company_type="9500"), sample=False)

    def test_a_supervisor_replaces_the_article_that_there_is_none(self):
        with_one = context("articles", sample("articles", supervisor=LISTED[900:903]), sample=False)
        without = context("articles", sample("articles"), sample=False)
        count = [
            sum(len(b.get("articles", ())) for b in made["blocks"]) for made in (with_one, without)
        ]
        assert count[0] == count[1]
        assert LISTED[900:903] in str(with_one["blocks"])

    def test_the_head_of_an_individual_business_is_called_the_operator(self):
        made = context(
            "approval_notice", sample("approval_notice", company_type="9500"), sample=False
        )
        labels = [label for block in made["blocks"] for label, _ in block.get("pairs", ())]
        called = words("common")["called"]
        assert called["9500"]["post"] in labels and called["all"]["post"] not in labels

    def test_a_column_that_nobody_fills_is_left_out(self):
        staff = [{"role": LISTED[:3], "person": LISTED[5:8]}]
        made = context("tax_confirmation", sample("tax_confirmation", staff=staff), sample=False)
        widths = [len(row) for block in made["blocks"] for row in block.get("rows", ())]
        assert 2 in widths and 4 not in widths

    def test_a_business_without_capital_shows_none(self):
        made = context("licence", sample("licence", company_type="9500"), sample=True)
        assert len(made["right"]) == 2


@pytest.fixture
def marked(settings):
    settings.SAMPLE_MARK = True
    settings.SITE_ADDRESS = "https://portal.example"
    return settings


def boxes(page, name: str):
    for box in page._page_box.descendants(placeholders=True):
        element = getattr(box, "element", None)
        if element is not None and name in (element.get("class") or "").split():
            yield box


@pytest.mark.usefixtures("marked")
class TestPages:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_prints_the_same_bytes_twice(self, kind):
        first, second = (documents.render(kind, sample(kind)) for _ in range(2))
        assert first.startswith(b"%PDF") and first == second

    @pytest.mark.parametrize(("length", "scope"), [(6, 20), (24, 200), (40, 900), (60, 4000)])
    @pytest.mark.parametrize("company_type", ["1130", "9500"])
    def test_the_longest_facts_stay_on_the_licence(self, length, scope, company_type):
        """The left half above the foot, the right half above the seal."""
        facts = sample(
            "licence",
            company_type=company_type,
            composition=LISTED[:4] if company_type == "9500" else "",
            company_name=LISTED[2000 : 2000 + length],
            scope=[LISTED[n : n + 9] for n in range(0, scope, 9)],
            address=LISTED[3000 : 3000 + length * 2],
            legal_representative=LISTED[100 : 100 + min(length, 24)],
            capital_fen=98_765_432_101,
        )
        laid = press.laid_out(documents.page("licence", facts), *press.prepared())
        assert len(laid.pages) == 1
        millimetre = laid.pages[0].width / 297
        left = [box for part in boxes(laid.pages[0], "l-a") for box in boxes_under(part, "pair")]
        right = [box for part in boxes(laid.pages[0], "l-b") for box in boxes_under(part, "pair")]
        assert max(box.position_y + box.height for box in left) < 186 * millimetre
        assert max(box.position_y + box.height for box in right) < 131 * millimetre

    def test_the_sample_mark_and_its_absence(self, settings):
        assert words("common")["sample_note"] in documents.page("licence", sample("licence"))
        settings.SAMPLE_MARK = False
        assert words("common")["sample"] not in documents.page("licence", sample("licence"))

    def test_facts_are_escaped(self):
        html = documents.page("approval_notice", sample("approval_notice", company_name="<b>&"))
        assert "<b>&" not in html and "&lt;b&gt;&amp;" in html

    def test_braces_in_facts_are_printed_as_they_are(self):
        assert "{uscc}" in documents.page(
            "approval_notice", sample("approval_notice", address="{uscc}")
        )

    def test_the_code_leads_to_the_verify_page(self):
        assert licence_code.address("7Q4M") == "https://portal.example/verify/7Q4M/"

    def test_no_code_no_square(self):
        assert (
            documents.context("receipt", sample("receipt", verify_code=""), sample=True)[
                "code_line"
            ]
            == ""
        )

    @pytest.mark.parametrize(
        "address", ["file:///etc/hostname", "http://127.0.0.1/x.svg", "../manage.py"]
    )
    def test_nothing_but_own_files_is_read(self, address):
        fetcher, _, _ = press.prepared()
        with pytest.raises(ValueError):
            fetcher.fetch(address if ":" in address else f"{press.STATIC.as_uri()}/{address}")


def boxes_under(part, name: str):
    for box in part.descendants(placeholders=True):
        element = getattr(box, "element", None)
        if element is not None and name in (element.get("class") or "").split():
            yield box


class TestCheck:
    def test_a_missing_subsetter_is_said(self, monkeypatch):
        monkeypatch.setattr(checks_papers, "quick_subsetter_present", lambda: False)
        assert [message.id for message in checks_papers.check_papers(None)] == ["cases.W101"]

    def test_a_present_one_is_not(self, monkeypatch):
        monkeypatch.setattr(checks_papers, "quick_subsetter_present", lambda: True)
        assert checks_papers.check_papers(None) == []
