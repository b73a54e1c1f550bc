"""The door for what departments show on the page of a case: a template and a function that gives its context.

    panels.register("DEPARTMENT/panel.html", context)      # in the department's AppConfig.ready()

`context(application, user, filing)` gives the template's context for whoever reads the page, or None when there is
nothing to show them yet. The template reads it as `panel`; it is a fragment that begins with its own
`<section class="sec">`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.accounts.models import User
from kernel.cases.models import Application
from kernel.form.filing import Filing

Context = Callable[[Application, User, Filing], dict | None]


@dataclass(frozen=True)
class Shown:
    template: str
    context: dict


_panels: dict[str, Context] = {}


def register(template: str, context: Context) -> None:
    """Called by a department's AppConfig.ready(); a second call with the same template replaces the first."""
    _panels[template] = context


def shown(application: Application, user: User, filing: Filing) -> list[Shown]:
    """The panels that have something to show for this case, in the order of the departments."""
    panels = [
        (template, context(application, user, filing)) for template, context in _panels.items()
    ]
    return [Shown(template, context) for template, context in panels if context is not None]
