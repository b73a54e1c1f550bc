"""The only writers of reviews and of what follows them. Each locks the review and leaves an event."""

from reviews.actions.answering import answer_repair, let_answer_go, take_consent_back
from reviews.actions.asking import ask_for_review
from reviews.actions.contacting import record_follow_up, write_to_writer
from reviews.actions.deciding import close_repair, decide_extension, reassign_repair
from reviews.actions.leaving import (
    AlreadyReviewed,
    case_of_code,
    leave_review,
    leave_review_of_thing,
)
from reviews.actions.repairing import ask_extension, hand_back, submit_repair

__all__ = [
    "AlreadyReviewed",
    "answer_repair",
    "ask_extension",
    "ask_for_review",
    "case_of_code",
    "close_repair",
    "decide_extension",
    "hand_back",
    "leave_review",
    "leave_review_of_thing",
    "let_answer_go",
    "reassign_repair",
    "record_follow_up",
    "submit_repair",
    "take_consent_back",
    "write_to_writer",
]
