"""How often a minute a view may be asked for, said where the view is; `portal.rates` counts."""

UNLIMITED = -1


def at_most(times: int):
    """Marks a view that costs more than a page: so often a minute it may be asked for, apart from all others."""

    def mark(view):
        view.most_a_minute = times  # as `csrf_exempt` marks one: decorators carry it on
        return view

    return mark


def unlimited(view):
    """Marks a view that machines of our own ask for."""
    return at_most(UNLIMITED)(view)
