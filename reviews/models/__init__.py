"""Reviews, what follows a bad one, and what was written down of both."""

from reviews.models.follow_up import FollowUp, Outcome, Repair
from reviews.models.history import ReviewEvent, ReviewRequest
from reviews.models.review import BAD_LEVELS, WHOLE, Level, Review, services

__all__ = [
    "BAD_LEVELS",
    "WHOLE",
    "FollowUp",
    "Level",
    "Outcome",
    "Repair",
    "Review",
    "ReviewEvent",
    "ReviewRequest",
    "services",
]
