"""Facts and wording → what a template prints. A line whose facts are missing or empty is left out."""

from collections.abc import Iterator
from string import Formatter

from kernel.papers.authority import authority_seal
from kernel.papers.capital import in_capitals
from kernel.papers.facts import require
from kernel.papers.fitting import cut, lines, step
from kernel.papers.wording import as_date, long_date, long_moment, words

LICENCE_SCOPE = ((4.3, 1.65), (3.8, 1.6), (3.3, 1.55), (2.8, 1.5), (2.4, 1.45), (2.1, 1.42))
LICENCE_NAME = ((4.8, 1.55), (4.2, 1.5), (3.6, 1.45))
LICENCE_ADDRESS = ((4.8, 1.55), (4.2, 1.5), (3.6, 1.45), (3.0, 1.4), (2.6, 1.38))
LICENCE_LINE = (4.8, 1.55)  # size in mm and leading in ems, as of the steps
VALUE_WIDTH, SIDE_WIDTH = 114.0, 60.0  # mm: the value columns of the sheet's two halves
LEFT_HEIGHT, RIGHT_HEIGHT = (
    106.0,
    53.0,
)  # mm from the first line to the line above the foot, and to the seal
ROW_GAP = 4.2


def context(kind: str, facts: dict, *, sample: bool) -> dict:
    """The template's name and values for one paper. Raises MissingFacts, KeyError (no such kind or company type)."""
    require(kind, facts)
    wording, common = words(kind), words("common")
    printed = printed_facts(facts)
    called = common["called"]
    printed = called["all"] | called.get(facts.get("company_type"), {}) | printed
    values = {
        "template": wording["template"],
        "title": wording.get("titles", {}).get(
            form_of(kind, facts.get("company_type", "")), wording["title"]
        ),
        "common": common,
        "sample": common["sample"] if sample else "",
        "sample_note": common["sample_note"] if sample else "",
        "code_line": common["verify_code"].format(code=facts["verify_code"])
        if facts.get("verify_code")
        else "",
        "facts": printed,
    }
    if wording["template"] == "licence":
        return values | _licence(wording, facts, printed, sample)
    return values | _letter(wording, facts, printed, sample)


def applies(kind: str, company_type: str) -> bool:
    """Whether companies of this type have a paper of this kind: sole proprietorships have no articles."""
    types = words(kind).get("types")
    return types is None or company_type in types


def form_of(kind: str, company_type: str) -> str | None:
    """Which of its forms a paper takes for a company type; None where it has but one."""
    return words(kind).get("types", {}).get(company_type)


def printed_facts(facts: dict) -> dict:
    """Facts as papers say them: dates in words, lists joined, fen as yuan, ten thousands and capital numerals."""
    printed = {}
    for name, value in facts.items():
        if value in (None, "", []):
            continue
        if name.endswith("_fen"):
            stem = name.removesuffix("_fen")
            printed[f"{stem}_yuan"], printed[f"{stem}_wan"] = _plain(value, 2), _plain(value, 6)
            printed[f"{stem}_capitals"] = in_capitals(value)
        elif name.endswith("_on"):
            printed[name] = long_date(value)
        elif name.endswith("_at"):
            printed[name] = long_moment(value)
        elif name == "scope":
            text = value if isinstance(value, str) else words("common")["scope_joint"].join(value)
            printed[name] = text.rstrip(words("common")["scope_end"])
        else:
            printed[name] = value
    return printed


def _plain(fen: int, places: int) -> str:
    """fen as a decimal number shifted by `places`, without trailing zeros: 200_000_000, 6 → 200."""
    whole, rest = divmod(fen, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def filled(pattern: str, printed: dict) -> str:
    """The pattern with its facts, or nothing where one of them is missing."""
    names = [name for _, name, _, _ in Formatter().parse(pattern) if name]
    return (
        pattern.format_map(printed)
        if all(printed.get(name) not in (None, "", []) for name in names)
        else ""
    )


def _letter(wording: dict, facts: dict, printed: dict, sample: bool) -> dict:
    signed = wording.get("signature", {})
    signer = filled(signed.get("name", ""), printed)
    return {
        "number": filled(wording.get("number", ""), printed),
        "address_line": filled(wording.get("address_line", ""), printed),
        "blocks": [
            block
            for pattern in _blocks(wording, facts, printed)
            if (block := _block(pattern, facts, printed))
        ],
        "signer": signer,
        "signer_seal": authority_seal(signer, sample=sample)
        if signer and signed.get("seal")
        else "",
        "signed_on": filled(signed.get("date", ""), printed),
        "foot": wording.get("foot", ""),
    }


def _blocks(wording: dict, facts: dict, printed: dict) -> Iterator[dict]:
    """The blocks of this paper; articles of association take those of the company's type, numbered through."""
    types = wording.get("types")
    if types and facts["company_type"] not in types:
        raise KeyError(f"no wording for company type {facts['company_type']}")
    form = types[facts["company_type"]] if types else None
    chapter = article = 0
    for block in wording["blocks"]:
        if form and form not in block.get("forms", [form]):
            continue
        if "articles" in block:
            chapter += 1
            texts = [text for item in block["articles"] if (text := _line(item, printed))]
            block = block | {"chapter_number": chapter, "first": article + 1, "articles": texts}
            article += len(texts)
        yield block


def _block(pattern: dict, facts: dict, printed: dict) -> dict | None:
    """One block ready to print, or None where it has nothing to say."""
    if "when" in pattern and printed.get(pattern["when"]) in (None, "", []):
        return None
    block = {
        "heading": pattern.get("heading", ""),
        "note": filled(pattern.get("note", ""), printed),
    }
    if "text" in pattern:
        block["paragraphs"] = [line for text in pattern["text"] if (line := filled(text, printed))]
    elif "pairs" in pattern:
        called = words("common")["called"]
        names = called["all"] | called.get(facts.get("company_type"), {})
        lines = [
            (label.format_map(names), filled(text, printed)) for label, text in pattern["pairs"]
        ]
        block["pairs"] = [line for line in lines if line[1]]
    elif "steps" in pattern:
        block["steps"] = [line for item in pattern["steps"] if (line := _line(item, printed))]
    elif "choose" in pattern:
        chosen = facts.get(pattern["choose"]) or pattern["options"]
        block["steps"] = [text for option, text in pattern["options"].items() if option in chosen]
    elif "articles" in pattern:
        block |= _chapter(pattern)
    else:
        block |= _grid(pattern, facts)
    empty = not any(
        block.get(part)
        for part in ("paragraphs", "pairs", "steps", "articles", "rows", "impressions")
    )
    return None if empty else block


def _line(item: str | dict, printed: dict) -> str:
    """A line's text. One written as {text, …} stands while the fact `unless` is missing, `when` is there, or for the
    company types `only`."""
    if isinstance(item, str):
        return filled(item, printed)
    stands = (
        not printed.get(item.get("unless"))
        and ("when" not in item or printed.get(item["when"]))
        and ("only" not in item or printed.get("company_type") in item["only"])
    )
    return filled(item["text"], printed) if stands else ""


def _chapter(pattern: dict) -> dict:
    signs = words("articles")
    heading = signs["chapter"].format(
        number=in_words(pattern["chapter_number"]), title=pattern["heading"]
    )
    numbered = enumerate(pattern["articles"], pattern["first"])
    return {
        "heading": heading,
        "articles": [
            (signs["article"].format(number=in_words(number)), text) for number, text in numbered
        ],
    }


def in_words(number: int) -> str:
    """1 to 99 as articles are counted."""
    digits, ten = words("articles")["digits"], words("articles")["ten"]
    tens, ones = divmod(number, 10)
    return (
        (digits[tens] if tens > 1 else "") + (ten if tens else "") + (digits[ones] if ones else "")
    )


def _grid(pattern: dict, facts: dict) -> dict:
    """A table of a list of facts, without columns that nobody fills; or the impressions of seals."""
    items = facts.get(pattern["each"]) or []
    if pattern.get("impressions"):
        return {"impressions": items}
    none = words("common")["none"]
    printed = [printed_facts(item) for item in items]
    columns = [
        column for column in pattern["columns"] if any(filled(column[1], item) for item in printed)
    ]
    rows = [
        [(filled(value, item) or none, style) for _, value, style in columns] for item in printed
    ]
    return {"heads": [(head, style) for head, _, style in columns], "rows": rows}


def licence_labels(company_type: str) -> dict[str, str]:
    """What the licence calls its lines for a company type, by the line; empty for one that it doesn't print."""
    labels = words("licence")["labels"]
    return {"composition": ""} | labels["all"] | labels.get(company_type, {})


def _licence(wording: dict, facts: dict, printed: dict, sample: bool) -> dict:
    labels = licence_labels(facts["company_type"])
    name = step(facts["company_name"], VALUE_WIDTH, 16, LICENCE_NAME)
    left = _shown(
        [
            (labels["name"], facts["company_name"], f"name-{name}"),
            (labels["type"], facts["company_type_label"], ""),
            (labels["legal_representative"], facts["legal_representative"], ""),
            (labels["composition"], facts.get("composition", ""), ""),
        ]
    )
    right = _shown(
        [
            (labels["capital"], printed.get("capital_capitals", ""), ""),
            (labels["established_on"], long_date(facts["established_on"], "padded_date"), ""),
        ]
    )
    sizes = [LICENCE_NAME[name], *[LICENCE_LINE] * (len(left) - 1)]
    scope, size = _scope(wording, printed, LEFT_HEIGHT - _height(left, sizes, VALUE_WIDTH))
    room = RIGHT_HEIGHT - _height(right, [LICENCE_LINE] * len(right), SIDE_WIDTH)
    address = step(facts["address"], SIDE_WIDTH, room, LICENCE_ADDRESS)
    return {
        "wording": wording,
        "left": [*left, (labels["scope"], scope, f"scope scope-{size}")],
        "right": [*right, (labels["address"], facts["address"], f"address-{address}")],
        "sheet": wording.get("sheet", ""),
        "copy": wording["copy"].format(copy=facts.get("copy", "1-1")),
        "signer_seal": authority_seal(facts["authority"], sample=sample),
        "signed_on": long_date(facts["issued_on"], "padded_date"),
        "issued_iso": as_date(facts["issued_on"]).isoformat(),
    }


def _shown(rows: list[tuple]) -> list[tuple]:
    """The rows (label, text, class) that say something and that the company type has."""
    return [row for row in rows if row[0] and row[1]]


def _height(rows: list[tuple], sizes: list[tuple[float, float]], width: float) -> float:
    """What the rows take in mm, with the gap below each."""
    texts = [text for _label, text, _class in rows]
    taken = zip(texts, sizes, strict=True)
    return sum(
        lines(text, size, width) * size * leading + ROW_GAP for text, (size, leading) in taken
    )


def _scope(wording: dict, printed: dict, height: float) -> tuple[str, int]:
    """The scope and its size step; what even the smallest print cannot hold is left to the publicity system."""
    chosen = step(printed["scope"], VALUE_WIDTH, height, LICENCE_SCOPE)
    return cut(
        printed["scope"], VALUE_WIDTH, height, *LICENCE_SCOPE[chosen], wording["scope_continued"]
    ), chosen
