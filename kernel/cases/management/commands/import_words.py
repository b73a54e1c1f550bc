"""Take a province's list of words in company names (CSV) into the administered one, as a new version.

    manage.py import_words words.csv --source shandong-2026

Columns: word, severity (refused, consent, approval, look), match (part, whole, word, front, sound), group, ground, law;
their Chinese names and values stand in kernel/names/data/word_columns.json. Only the word and the severity are needed.
A word that the list has already takes what the file says, beside the words that the product comes with; words of the
same source that the file no longer holds end, unless --keep is given. The same file again changes nothing. A file with
a fault changes nothing either. A word that counts by its sound may be written in characters or in pinyin without tones.
"""

import csv
import io
import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kernel import names
from kernel.cases import name_words
from kernel.cases.models import NameWord
from kernel.core.encoding import encoding_of
from kernel.core.fields import longest
from kernel.names.data_files import data

_TOO_MANY = "more columns than headings"
_PINYIN = re.compile("[a-z]+")


class Command(BaseCommand):
    help = __doc__.splitlines()[0]

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", help="whose list it is; the file's name when not given")
        parser.add_argument("--encoding", help="the file's; found out when not given")
        parser.add_argument(
            "--keep", action="store_true", help="end no word of this source that the file lacks"
        )

    def handle(self, *, file: Path, source: str | None, encoding: str | None, keep, **options):
        source = source or file.stem
        if len(source) > longest(NameWord, "source"):
            raise CommandError("The source is too long: say it shorter by --source.")
        try:
            text = file.read_text(encoding=encoding or encoding_of(file))
        except (OSError, LookupError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        words = list(read(text))
        name_words.load()  # of an empty list the province's words would be all there are
        held = {word.text for word in words}
        old = () if keep else NameWord.objects.filter(until=None, source=source)
        ending = [word for word in old if word.text not in held]
        version = name_words.change(words, source, ending=ending)
        if version is None:
            self.stdout.write("Nothing differs.")
        else:
            began, ended = version.begun.count(), version.ended.count()
            self.stdout.write(f"Version {version.number}: {began} words begin, {ended} rows end.")


def read(text: str):
    """The words of the file. Raises CommandError that names each line at fault."""
    aliases = data("word_columns")
    reader = csv.DictReader(io.StringIO(text))
    meant = {alias: key for key, names in aliases["columns"].items() for alias in names}
    columns = {
        meant[names.tidy(heading).lower()]: heading
        for heading in reader.fieldnames or ()
        if names.tidy(heading).lower() in meant
    }
    if not {"text", "severity"} <= set(columns):
        raise CommandError("The file needs a column of words (word) and of severities (severity).")
    words: dict[str, NameWord] = {}
    faults: list[str] = []
    for row in reader:
        values = {key: (row.get(heading) or "").strip() for key, heading in columns.items()}
        word = _TOO_MANY if None in row else word_of(values, aliases)
        if isinstance(word, NameWord) and _differs(word, words.get(word.text)):
            word = f"the word stands in the file already, and otherwise: {word.text}"
        if isinstance(word, str):
            faults.append(f"line {reader.line_num}: {word}")
        elif word is not None:
            words[word.text] = word
    if faults:
        raise CommandError("\n".join(faults))
    return words.values()


def _differs(word: NameWord, known: NameWord | None) -> bool:
    return known is not None and any(
        getattr(word, key) != getattr(known, key) for key in name_words.OF_WORD
    )


def word_of(values: dict, aliases: dict) -> NameWord | str | None:
    """The word of a row, what is wrong with it, or None for an empty row."""
    text = names.tidy(values["text"])
    if not text:
        return None
    severity = aliases["severities"].get(values["severity"])
    match = aliases["matches"].get(values.get("match") or "part")
    if severity is None:
        return f"the severity isn't known: {values['severity'] or '–'}"
    if match is None:
        return f"the match isn't known: {values['match']}"
    if match == names.SOUND:
        text = names.usual_sound(text.lower())
        if not _PINYIN.fullmatch(text):
            return f"a sound is written in characters or in pinyin without tones: {text}"
    ground, law = values.get("ground") or aliases["ground"], values.get("law", "")
    word = NameWord(
        text=text,
        severity=severity,
        match=match,
        group=values.get("group") or "province",
        ground_zh=ground,
        ground_en=values.get("ground_en", ""),
        law_zh=law,
        law_en=law,
    )
    long = [
        field.name
        for field in NameWord._meta.fields
        if field.max_length and len(str(getattr(word, field.attname) or "")) > field.max_length
    ]
    return f"too long: {', '.join(long)}" if long else word
