"""Schedule quality: is a plan worth simulating? Found before any simulation, told in sentences.

The tripwires are those that schedulers use: the fourteen points of the US Defense Contract
Management Agency (2005; thresholds of 5 %, 44 working days and 0.95), the practice of two relations
an item before a risk analysis, and a few of our own for plans with ranges, experiments and risks.
A plan has 100 points; each rule takes some of its own away, in proportion to how much of the plan
it touches beyond what it allows.
"""

from __future__ import annotations

from collections.abc import Mapping

from headway.analysis.schedule.plan import Moment, Plan
from headway.analysis.schedule.quality.agreed import AGREED
from headway.analysis.schedule.quality.finding import Finding, PlanCheck, Severity
from headway.analysis.schedule.quality.logic import LOGIC
from headway.analysis.schedule.quality.rule import Rule, checked
from headway.analysis.schedule.quality.times import TIMES
from headway.analysis.schedule.quality.uncertainty import UNCERTAINTY
from headway.analysis.schedule.soundness import problems

__all__ = ["RULES", "Finding", "PlanCheck", "Severity", "check_plan"]

RULES: tuple[Rule, ...] = (*LOGIC, *TIMES, *UNCERTAINTY, *AGREED)


def check_plan(
    plan: Plan,
    as_of: Moment | None = None,
    names: Mapping[str, str] | None = None,
    baseline: Mapping[str, Moment] | None = None,
) -> PlanCheck:
    """Return the score of `plan` and what was found, what costs most first.

    `as_of` is the status date: work that should have happened is judged by it. Sentences call items
    by `names`, else by their ids. `baseline` has the agreed finish of items by id. A plan that
    makes no sense (a cycle, an unknown item) scores 0, and each problem is a finding.
    """
    unsound = problems(plan)
    if unsound:
        found = [
            Finding("unsound", Severity.ERROR, (), f"{one.where}: {one.sentence}", 100.0)
            for one in unsound
        ]
        return PlanCheck(0, tuple(found), (), tuple(rule.id for rule in RULES))
    facts = checked(plan, as_of, names or {}, baseline or {})
    found, passed, silent = [], [], []
    for rule in RULES:
        if not rule.applies(facts):
            silent.append(rule.id)
            continue
        finding = rule.finding(facts)
        if finding is None:
            passed.append(rule.id)
        else:
            found.append(finding)
    found.sort(key=lambda finding: (-finding.points, finding.rule))
    lost = sum(finding.points for finding in found)
    return PlanCheck(max(0, round(100.0 - lost)), tuple(found), tuple(passed), tuple(silent))
