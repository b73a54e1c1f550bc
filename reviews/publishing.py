"""What the rules of the public sentence, and of words that a desk reads, need to know of a review: from its case."""

from datetime import timedelta

from kernel.accounts.models import User
from kernel.cases.models import Application
from kernel.core.moment import now
from kernel.core.words import Words
from reviews.models import BAD_LEVELS, Review
from reviews.moderation import NAMED, rule_against
from reviews.public_sentence import Known, address_parts, faults, names
from reviews.themes import theme_of

KIND_DAYS = 365  # within which reviews are of one kind


def sentence_faults(review: Review, sentence: str) -> list[Words]:
    """What is wrong with a sentence for the public about this review; empty where nothing is."""
    return faults(sentence, known_of(review), of_its_kind(review))


class Kept:
    """By which rule words about a review are kept from the desk (a key of `moderation.REASONS`), empty where by none:
    also whatever says who wrote a confidential one."""

    def __init__(self, review: Review):
        self._known = known_of(review) if review.confidential else Known()

    def why(self, text: str) -> str:
        return rule_against(text) or (NAMED if names(text, self._known) else "")


def of_its_kind(review: Review) -> int:
    """How many bad reviews of the same service and theme the zone has had within a year, this one among them."""
    rows = Review.objects.filter(
        zone=review.zone_id,
        service=review.service,
        level__in=BAD_LEVELS,
        created_at__gte=now() - timedelta(days=KIND_DAYS),
    )
    theme = theme_of(review.tags)
    return sum(theme_of(tags) == theme for tags in rows.values_list("tags", flat=True))


def known_of(review: Review) -> Known:
    """By what the writer, or the case, could be known."""
    application, writer = review.application, review.reviewer
    names = {writer.real_name} if writer else set()
    numbers = {writer.phone} if writer else set()
    if application is None:
        return Known(names=_written(names), numbers=_written(numbers))
    return _of_case(application, names, numbers)


def _of_case(application: Application, names: set[str], numbers: set[str]) -> Known:
    applicant: User = application.applicant
    answers, people = application.answers, list(application.people.all())
    names |= {person.data.get("name", "") for person in people}
    names |= {applicant.real_name, application.legal_representative}
    numbers |= {applicant.phone, application.number, application.uscc or ""}
    numbers |= {application.review_code or "", *(person.data.get("phone", "") for person in people)}
    trade_name = answers.get("name", {}).get("trade_name", "")
    address = answers.get("address", {}).get("detail", "")
    return Known(
        _written(names),
        _written({application.name, trade_name}),
        _written(numbers),
        address_parts(address) | _written({address}),
    )


def _written(parts) -> frozenset[str]:
    return frozenset(part for part in parts if part)
