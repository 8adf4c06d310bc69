"""Flagger: Canary objects, their phase held against what the analysis was asked and how it failed.

Flagger keeps no values: a check that breached its bound, a query that failed and a query without
values all count one up in `failedChecks`, and it rolls back at `analysis.threshold`. So a canary
that succeeded was measured only if it had something to measure: one that skips its analysis, or
has no metrics and no webhooks, was promoted without evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from headway.connectors.results.argo import kind_in
from headway.connectors.results.base import (
    Asked,
    Results,
    against,
    count,
    cut,
    listed,
    mapping,
    moment,
    objects,
    told,
    word,
)

TOOL = "flagger"
KIND = "Canary"
MEANS: Mapping[str, bool] = {"Succeeded": True, "Failed": False}


def read(canary: Mapping[str, object], asked: Asked) -> Results:
    """Return one check: whether the canary's analysis was met."""
    about, status = mapping(canary.get("metadata")), mapping(canary.get("status"))
    collector = told(TOOL, asked, _changed_at(status), _subject(canary))
    phase = word(status.get("phase")) or "none"
    failed = count(status.get("failedChecks")) or 0
    passed, why, threshold = _judged(canary, phase, failed)
    collector.check(
        f"canary {word(about.get('name')) or 'without a name'}",
        passed=passed,
        raw=phase,
        observed=failed,
        bound=threshold,
        dimension="quality",
        sentence=against(phase, passed, MEANS.get(phase), why) + _added(status),
    )
    return collector.results()


def _judged(
    canary: Mapping[str, object], phase: str, failed: int
) -> tuple[bool | None, str, int | None]:
    """Return what a canary says, why, and how many failed checks it may have."""
    spec = mapping(canary.get("spec"))
    analysis = mapping(spec.get("analysis") or spec.get("canaryAnalysis"))
    threshold = count(analysis.get("threshold"))
    asked = len(listed(analysis.get("metrics"))) + len(listed(analysis.get("webhooks")))
    checks = f"{failed} failed checks" + (f", {threshold} roll it back" if threshold else "")
    if phase == "Failed" or (threshold and failed >= threshold):
        return False, f"{checks}.", threshold
    if phase != "Succeeded":
        return None, f"It has not ended ({phase}); {checks}.", threshold
    if spec.get("skipAnalysis") in (True, "true"):
        return None, "It was promoted with skipAnalysis: nothing was measured.", threshold
    if not asked:
        return None, "Its analysis has no metrics and no webhooks: nothing was measured.", threshold
    return True, f"{checks}; {asked} metrics and webhooks were asked each time.", threshold


def _changed_at(status: Mapping[str, object]) -> datetime | None:
    times = [moment(one.get("lastTransitionTime")) for one in objects(status.get("conditions"))]
    known = [one for one in times if one]
    return moment(status.get("lastTransitionTime")) or max(known, default=None)


def _subject(canary: Mapping[str, object]) -> str:
    about = mapping(canary.get("metadata"))
    target = mapping(mapping(canary.get("spec")).get("targetRef"))
    name = word(target.get("name")) or word(about.get("name"))
    tried = word(mapping(canary.get("status")).get("lastAppliedSpec"))
    place = word(about.get("namespace")) or "default"
    return f"deployment:{place}/{name}" + (f"@{cut(tried, 60)}" if tried else "") if name else ""


def _added(status: Mapping[str, object]) -> str:
    messages = [word(one.get("message")) for one in objects(status.get("conditions"))]
    last = cut(messages[-1], 200) if messages else ""
    return f" Flagger adds: {last}" if last else ""


def looks(document: object) -> bool:
    """Say whether a document is a Flagger Canary, or a list that begins with one."""
    return kind_in(document) == KIND
