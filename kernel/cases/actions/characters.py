"""A character that no font has: the window attaches its picture, and papers and seals are drawn with it."""

from django.utils.translation import gettext_lazy as _

from kernel.cases import founders_papers, rights
from kernel.cases.locked_case import locked_stage
from kernel.cases.models import DrawnCharacter, Event
from kernel.core.errors import Refused, Stale
from kernel.form import flow


def attach_character(*, actor, stage_id: int, character: str, path: str) -> DrawnCharacter:
    """Keep the outline of a character of this case; a later one takes the place of an earlier. `path` is what
    `kernel.form.uploads.character` made of the picture.

    Raises Stale once the stage is closed, Refused for a character that the case doesn't lack.
    """
    with locked_stage(stage_id, actor) as (case, stage):
        rights.require_work(actor, stage)
        if stage.state != flow.OPEN:
            raise Stale
        if character not in founders_papers.without_font(case):
            raise Refused(_("This case has no such character, or a font here has it."))
        row, _made = DrawnCharacter.objects.update_or_create(
            application=case.application,
            character=character,
            defaults={"path": path, "attached_at": case.at, "attached_by": actor},
        )
        case.record(Event.Kind.DRAWN, stage)
    return row
