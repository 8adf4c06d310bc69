"""What a person may say of a criterion: an answer, by whom, written down where and done when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from headway.domain.maturity.rules.answering import REVIEW_DAYS
from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.errors import Invalid

#: What a person can answer, in words. What is taken back counts as never said.
ANSWERS: Mapping[str, str] = {"met": "It is done", "unmet": "It is not done"}

ATTEST_FIELDS: Mapping[str, Reader] = {
    "answer": choice(*ANSWERS),
    "role": text(100, required=True),
    "link": text(300),
    "done_on": day,
    "review_on": day,
    "statement": text(2_000),
}


def check_attestation(fields: Mapping[str, object], at: datetime) -> None:
    """Raise Invalid where an answer does not hold what makes it count."""
    link, done_on, review_on = fields.get("link"), fields.get("done_on"), fields.get("review_on")
    if link and not str(link).startswith(("https://", "http://")):
        sentence = f"The link '{str(link)[:60]}' is no web address; begin it with https://."
        raise Invalid(sentence)
    if fields.get("answer") == "met" and not (link and done_on):
        lacking = "a link to where it is written down" if not link else "the day it was done"
        sentence = f"Something done by hand counts with {lacking}; add it."
        raise Invalid(sentence)
    if isinstance(done_on, date) and done_on > at.date():
        sentence = f"It cannot have been done on {done_on}, which is still to come."
        raise Invalid(sentence)
    if isinstance(review_on, date) and review_on <= at.date():
        sentence = f"The day to look at it again, {review_on}, has passed; name a later one."
        raise Invalid(sentence)


def review_day(fields: Mapping[str, object], at: datetime) -> date:
    """Return the day until which an answer holds: as asked, else a year from now."""
    asked = fields.get("review_on")
    return asked if isinstance(asked, date) else (at + timedelta(days=REVIEW_DAYS)).date()
