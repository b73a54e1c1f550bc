"""What an action answers when it can't be done: a sentence for the person, saying what is wrong and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The action is not possible now. `sentence` is shown as it is."""

    sentence = _("This can't be done now. Reload the page to see where the case stands.")

    def __init__(self, sentence=None):
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)

    def __str__(self):
        return str(self.sentence)


class NotAllowed(Refused):
    sentence = _("Your role does not include this step.")


class Stale(Refused):
    """The page shows an older state of the case."""

    sentence = _(
        "The case has changed since you opened this page. What you typed is kept; check it again first."
    )


class NoRoom(Refused):
    """The disk is full, or can't be written to."""

    sentence = _(
        "The portal has no room for files at the moment, so this one was not kept. What was saved before is safe. "
        "Try again in an hour."
    )


class AlreadyDecided(Refused):
    """Somebody decided this round first; `repeated` says that it was the same person with the same decision."""

    def __init__(self, who: str, when: str, repeated: bool = False):
        self.repeated = repeated
        super().__init__(
            _(
                "This round was already decided by %(who)s at %(when)s. Nothing was done a second time."
            )
            % {"who": who, "when": when}
        )


class Incomplete(Refused):
    """Checks are still open; `problems` lists them as (sentence, field keys)."""

    def __init__(self, sentence, problems=()):
        self.problems = list(problems)
        super().__init__(sentence)


@contextmanager
def refusing_taken(model: type[Model], *columns: str, sentence) -> Iterator[None]:
    """Raises Refused with the sentence where what happens within gives a row a value that another one has.

    `columns` are unique ones of the model; whatever else the database refuses is raised as it is.
    """
    try:
        yield
    except IntegrityError as error:
        if not is_taken(error, model, *columns):
            raise
        raise Refused(sentence) from None


def is_taken(error: IntegrityError, model: type[Model], *columns: str) -> bool:
    """Whether the database refused a second row of the model with the same value in one of these unique columns.

    What else it may have refused is no matter of a number that somebody typed, and is for nobody to guess.
    """
    table, details = model._meta.db_table, getattr(error.__cause__, "diag", None)
    if details is None:  # SQLite names the columns
        return any(f"{table}.{column}" in str(error) for column in columns)
    if details.table_name != table:
        return False
    named = (
        details.constraint_name or ""
    )  # PostgreSQL: table, column, _key, or as the model calls it
    declared = [
        field
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.name == named
        for field in constraint.fields
    ]
    return any(column in declared or f"_{column}_" in named for column in columns)
