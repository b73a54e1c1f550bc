"""The door for what departments show on registration's pages: a template and a function that gives its context.

    panels.register(panels.CASE, "seals/panel.html", impressions_of)      # in the department's AppConfig.ready()

`context(subject)` gets the Application (CASE) or the Document (VERIFY), and gives the template's context, or None
when there is nothing to show yet. The template reads it as `panel`; it is a fragment that begins with its own
`<section class="sec">`.
"""

from collections.abc import Callable
from dataclasses import dataclass

CASE, VERIFY = "case", "verify"


@dataclass(frozen=True)
class Panel:
    """`order` places panels side by side: small comes first."""

    template: str
    context: Callable[[object], dict | None]
    order: int = 0


@dataclass(frozen=True)
class Shown:
    template: str
    context: dict


_panels: dict[str, dict[str, Panel]] = {CASE: {}, VERIFY: {}}


def register(place: str, template: str, context: Callable[[object], dict | None], order: int = 0) -> None:
    """Called by a department's AppConfig.ready(); a second call with the same template replaces the first."""
    _panels[place][template] = Panel(template, context, order)


def shown(place: str, subject) -> list[Shown]:
    """The panels that have something to show for this case or document, in their order."""
    panels = sorted(_panels[place].values(), key=lambda panel: panel.order)
    found = [(panel.template, panel.context(subject)) for panel in panels]
    return [Shown(template, context) for template, context in found if context is not None]
