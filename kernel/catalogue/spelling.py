"""How a record is spelt when somebody types: Chinese, pinyin, its initials, English, or the code."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

from pypinyin import lazy_pinyin

from kernel.catalogue.language import Bilingual

CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Spelling:
    """A record's texts, made ready for comparison; `tails` is its pinyin from each syllable on, `sounds` the pinyin of
    the everyday words `also`."""

    code: str
    chinese: str
    english: str
    initials: str
    tails: tuple[str, ...]
    also: str
    sounds: tuple[str, ...]

    def rank(self, word: str) -> int | None:
        """How closely a plain word fits, 0 best; None when it doesn't."""
        if word in (self.chinese, self.code):
            return 0
        if self.chinese.startswith(word) or self.code.startswith(word):
            return 1
        if word in self.chinese:
            return 2
        if word in self.also or word in self.sounds:
            return 3
        if self.initials.startswith(word) or self.tails[0].startswith(word):
            return 4
        if word in self.english:
            return 5
        if word in self.initials or any(
            sound.startswith(word) for sound in (*self.tails, *self.sounds)
        ):
            return 6
        return None


class Spelled(Bilingual):
    """Gives a record its spelling, worked out when it is first looked for."""

    code: str
    also: tuple[str, ...]

    @cached_property
    def spelling(self) -> Spelling:
        chinese, words = plain(self.name_zh), [plain(word) for word in self.also]
        syllables = pinyin(chinese)
        return Spelling(
            code=self.code.lower(),
            chinese=chinese,
            english=self.name_en.lower(),
            initials="".join(syllable[0] for syllable in syllables),
            tails=tuple("".join(syllables[start:]) for start in range(len(syllables))) or ("",),
            also=" ".join(words),
            sounds=tuple("".join(pinyin(word)) for word in words),
        )


# Words of trades whose characters are read otherwise there than alone.
READINGS = {
    word: reading.split()
    for word, reading in {
        "银行": "yin hang",
        "行业": "hang ye",
        "车行": "che hang",
        "音乐": "yin yue",
        "乐器": "yue qi",
        "声乐": "sheng yue",
        "乐队": "yue dui",
        "空调": "kong tiao",
        "调料": "tiao liao",
        "调味": "tiao wei",
        "调音": "tiao yin",
        "调解": "tiao jie",
        "人参": "ren shen",
        "海参": "hai shen",
        "丹参": "dan shen",
        "模具": "mu ju",
        "会计": "kuai ji",
        "校准": "jiao zhun",
        "弹簧": "tan huang",
        "弹射": "tan she",
        "畜牧": "xu mu",
        "粘合": "nian he",
        "切削": "qie xiao",
        "刀削": "dao xiao",
        "轧钢": "zha gang",
        "长途": "chang tu",
        "瑜伽": "yu jia",
        "类似": "lei si",
        "隔音": "ge yin",
        "的士": "di shi",
        "刨冰": "bao bing",
        "刨花": "bao hua",
    }.items()
}
_READ_OTHERWISE = re.compile("|".join(READINGS))


def pinyin(text: str) -> list[str]:
    """A syllable for each Chinese character; others are left out.

    Read character by character, which is ten times as fast as by pypinyin's phrases.
    """
    found, done = [], 0
    for word in _READ_OTHERWISE.finditer(text):
        found += [syllable for char in text[done : word.start()] for syllable in _syllable(char)]
        found += READINGS[word[0]]
        done = word.end()
    return found + [syllable for char in text[done:] for syllable in _syllable(char)]


@cache
def _syllable(char: str) -> tuple[str, ...]:
    return tuple(filter(None, lazy_pinyin(char, errors="ignore")))


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
