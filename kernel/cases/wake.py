"""Waking those who make papers."""

from kernel.core.wake import wake


def wake_papers() -> None:
    wake("kernel.cases.tasks.make_papers")
