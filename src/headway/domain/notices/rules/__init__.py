"""Judgements about notices: what is worth telling, how soon, when not, and how it is put."""

from headway.domain.notices.rules.letters import (
    digest_letter,
    invitation_letter,
    question_letter,
)
from headway.domain.notices.rules.preferences import (
    CHOICES,
    KIND_WORDS,
    PREFERENCE_FIELDS,
    How,
    Kind,
    Preferences,
    usual_how,
)
from headway.domain.notices.rules.telling import (
    MOST_TRIES,
    Telling,
    is_worth_telling,
    next_mail_in,
    shift_sentence,
)

__all__ = [
    "CHOICES",
    "KIND_WORDS",
    "MOST_TRIES",
    "PREFERENCE_FIELDS",
    "How",
    "Kind",
    "Preferences",
    "Telling",
    "digest_letter",
    "invitation_letter",
    "is_worth_telling",
    "next_mail_in",
    "question_letter",
    "shift_sentence",
    "usual_how",
]
