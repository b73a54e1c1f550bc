"""The review standards for everybody: part by part what is in force, each version, and what changed."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils.timezone import localdate

from kernel.core.moment import now
from kernel.standards import comparing, publishing
from kernel.standards.records import Version


@dataclass(frozen=True)
class Sheet:
    """A version of one part beside the other ones that were published, the latest first."""

    version: Version
    others: list[Version]

    @property
    def begins_later(self) -> bool:
        return self.version.effective_from > localdate(now())

    @property
    def before(self) -> Version | None:
        earlier = (version for version in self.others if version.number < self.version.number)
        return next(earlier, None)

    @property
    def rules(self) -> int:
        """How many of its standards the system decides."""
        return sum(not standard.is_question for standard in self.version.standards)


def standards(request):
    """Everything a desk may check today: of each part the version in force."""
    try:
        in_force = publishing.current(localdate(now())).versions
    except publishing.NotPublished:
        in_force = ()
    return render(
        request, "pages/standards.html", {"sheets": [_sheet(version) for version in in_force]}
    )


def version(request, part, number):
    """One published version of one part, whether or not it is in force."""
    shown = _published(part, number)
    return render(request, "pages/standards_version.html", {"sheet": _sheet(shown)})


def since(request, part, number, since):
    """Two published versions of a part side by side."""
    compared = comparing.compare(_published(part, since), _published(part, number))
    return render(request, "pages/standards_since.html", {"compared": compared})


def _published(part: str, number: int) -> Version:
    version = next(
        (version for version in publishing.published(part) if version.number == number), None
    )
    if version is None:
        raise Http404
    return version


def _sheet(shown: Version) -> Sheet:
    published = publishing.published(shown.part)
    return Sheet(shown, [version for version in published if version.number != shown.number])
