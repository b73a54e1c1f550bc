"""Names for the register of the demonstration, so that there is something to run into. Safe to run again."""

from kernel.cases.register_import import Tally, take_in
from kernel.cases.register_rows import read_rows
from kernel.form.filing import registry_of
from portal.demo.draw import DATA


def load_names(zone) -> None:
    with (DATA / "register.csv").open(encoding="utf-8", newline="") as stream:
        take_in([row for _line, _raw, row in read_rows(stream, registry_of(zone))], Tally())
