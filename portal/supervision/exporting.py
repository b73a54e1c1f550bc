"""Lists as files: CSV and Excel. What people typed stays text there: no cell begins a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import NamedTemporaryFile

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.timezone import localtime

from portal.supervision.tables import Table, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CHUNK = 500  # rows read at once
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ILLEGAL = dict.fromkeys(
    code for code in range(32) if chr(code) not in "\t\n\r"
)  # XML has no place for them


def plain(value: Value) -> str | int | float:
    """A value as a cell: moments in the zone's time, texts with nothing that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, int | float):
        return value
    text = str(value).translate(ILLEGAL)
    return f"'{text}" if text.startswith(FORMULA) else text


def rounded(minutes: float | None) -> float | str:
    """An average as a cell."""
    return "" if minutes is None else round(minutes, 1)


def cells(table: Table, rows: QuerySet, at: datetime) -> Iterator[list]:
    """All rows of a query as cells, read in chunks by their keys: memory stays small whatever its length.

    No cursor stays open meanwhile: behind PgBouncer it would end with its transaction, and the file in its middle.
    """
    keys = list(
        rows.values_list("pk", flat=True)
    )  # now, so that a database that is lost costs no file cut short
    chunks = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    return (
        [plain(value) for value in values]
        for chunk in chunks
        for values in table.read(list(rows.filter(pk__in=chunk)), at)
    )


class _Echo:
    """A file that hands back what is written."""

    @staticmethod
    def write(text: str) -> str:
        return text


def as_csv(name: str, head: Iterable[str], rows: Iterable[list]) -> StreamingHttpResponse:
    """CSV in UTF-8 with the mark by which Excel knows it."""
    writer = csv.writer(_Echo)

    def lines():
        yield "\ufeff" + writer.writerow([str(label) for label in head])
        for row in rows:
            yield writer.writerow(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_excel(
    name: str, sheets: Iterable[tuple[str, Iterable[str], Iterable[list]]]
) -> FileResponse:
    """A workbook with a sheet for each (title, head, rows of cells), each head in bold and fixed."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for title, head, rows in sheets:
        sheet = book.create_sheet(str(title)[:31])
        sheet.freeze_panes = "A2"
        labels = [WriteOnlyCell(sheet, value=str(label)) for label in head]
        for label in labels:
            label.font = Font(bold=True)
        for place in range(len(labels)):
            sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place]].width = 18
        sheet.append(labels)
        for row in rows:
            sheet.append(row)
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it, which removes it)
    book.save(file.name)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=SPREADSHEET)
