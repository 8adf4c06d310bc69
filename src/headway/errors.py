"""The exceptions a person can do something about.

    HeadwayError
    ├── Invalid         the question is malformed: a field, a file, a value
    ├── NotFound        no such thing, or not yours to know about
    ├── Refused         you may not do this
    │   └── SignInNeeded    we do not know who you are
    ├── Conflict        it changed meanwhile, or was done already
    └── SourceError     another system did not answer as it should (retry says whether to try again)

A bad answer (a failed check, an infeasible plan, missing evidence) is a value, never one of these.
`str(error)` is a whole sentence for a person: what, the value, the rule, the next step.
Each interface translates HeadwayError once; anything else that escapes is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    `where` names the place in the words of the input ("item B", "line 12", "/estimate/0"),
    `sentence` says what, the value, the rule and the next step.
    """

    where: str
    sentence: str


class HeadwayError(Exception):
    """Base of everything an interface may show to a person."""


class Invalid(HeadwayError):
    """The question is malformed. Nothing was changed."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = ()) -> None:
        """Say what is wrong in one `sentence`; `problems` locate each fault."""
        super().__init__(sentence)
        self.problems = tuple(problems)


class NotFound(HeadwayError):
    """There is no such thing, or it belongs to somebody else: the two look the same."""


class Refused(HeadwayError):
    """The actor is known and may not do this."""


class SignInNeeded(Refused):
    """Nobody is signed in, or the token is unknown, expired or revoked."""


class Conflict(HeadwayError):
    """The thing changed since it was read, or the act was done already."""


class SourceError(HeadwayError):
    """Another system failed us. `retry` says whether the same call may work later."""

    def __init__(self, sentence: str, *, retry: bool) -> None:
        """Say which system and what it did in one `sentence`."""
        super().__init__(sentence)
        self.retry = retry
