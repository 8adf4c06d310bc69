"""The part of the sample's story in which risks end, one becomes an issue, and the radar is told.

No risk of this part is open when a forecast is made: the stored forecasts know none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import program_named
from headway.domain.radar.actions import dismiss_proposal
from headway.domain.risks.actions import (
    close_risk,
    occur_risk,
    resolve_issue,
    set_issue,
    set_risk,
    set_risk_policy,
)
from headway.domain.risks.queries import issues_of

Event = tuple[datetime, int, Callable[[], object]]

#: What an entry says besides the fields of the risk.
_ABOUT = frozenset({"key", "at", "ended", "occurred", "note", "issue"})


def risk_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what became of risks, before the forecasts of a moment; the radar's answer after."""
    told = story["raid"]
    policy = {name: value for name, value in told["policy"].items() if name != "at"}
    when = told["policy"]["at"]
    yield (when, 4, partial(set_risk_policy, actor, program, policy, when))
    for one in told["ended"]:
        fields = {name: value for name, value in one.items() if name not in _ABOUT}
        yield (one["at"], 4, partial(set_risk, actor, program, one["key"], fields, one["at"]))
        yield (one["ended"], 4, partial(_end, actor, program, one))
    risen = told["escalated"]
    whom = {"escalated_to": risen["to"]}
    yield (risen["at"], 4, partial(set_risk, actor, program, risen["risk"], whom, risen["at"]))
    answer, today = told["dismissed"], story["as_of"]
    say = partial(dismiss_proposal, actor, program, answer["proposal"], answer["reason"], today)
    yield (today, 12, say)


def _end(actor: Actor, program: str, one: Mapping[str, Any]) -> None:
    """End a risk; what occurred is in the plan by its items, so that the risk itself is closed."""
    at = one["ended"]
    if one["occurred"]:
        occur_risk(actor, program, one["key"], at)
        held = issues_of(actor, program_named(actor, program), None)
        (issue,) = [each for each in held if each.risk_key == one["key"]]
        if "issue" in one:
            set_issue(actor, program, issue.key, dict(one["issue"]), at)
        else:
            resolve_issue(actor, program, issue.key, at, how=one["note"])
    close_risk(actor, program, one["key"], at)
