"""Argo Rollouts: AnalysisRuns, their verdicts derived again from the measurements they count.

Argo ends a run Successful when it was terminated, and when measurement after measurement failed to
be taken: errors are no failures there. Here a metric without a successful measurement, one that
still runs, and one that was stopped before the count it asked for are no evidence. Rules as in
Argo's analysis of 2026-08: failed above failureLimit (0), then inconclusive above
inconclusiveLimit (0), then consecutive errors above consecutiveErrorLimit (4), a run is as its
worst metric, and dry runs do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    listed,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)

TOOL = "argo-rollouts"
KIND = "AnalysisRun"
FAILURE_LIMIT, INCONCLUSIVE_LIMIT, ERROR_LIMIT = 0, 0, 4
#: What a phase says: good, bad, or neither.
MEANS: Mapping[str, bool] = {"Successful": True, "Failed": False}
_ENDED = frozenset({"Successful", "Failed", "Error", "Inconclusive"})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many measurements ended how, and what the last of them gave."""

    successful: int
    failed: int
    inconclusive: int
    error: int
    errors_in_a_row: int
    successes_in_a_row: int
    value: float | str | None

    @property
    def measured(self) -> int:
        """Measurements that gave a value and were judged."""
        return self.successful + self.failed + self.inconclusive


def read(run: Mapping[str, object], asked: Asked) -> Results:
    """Return a check for each metric of an AnalysisRun, and one for the run."""
    status, spec = mapping(run.get("status")), mapping(run.get("spec"))
    collector = told(TOOL, asked, _ended_at(run, status), _subject(run))
    rules = {word(one.get("name")): one for one in objects(spec.get("metrics"))}
    name = word(mapping(run.get("metadata")).get("name")) or "analysis run"
    derived: list[bool | None] = []
    for result in objects(status.get("metricResults")):
        metric = word(result.get("name"))
        passed = _metric(collector, result, rules.pop(metric, {}), is_stopped=_is_stopped(spec))
        if result.get("dryRun") not in (True, "true"):
            derived.append(passed)
    for metric in rules:
        derived.append(None)
        collector.check(
            metric,
            passed=None,
            raw="none",
            rows=0,
            dimension="quality",
            sentence="The run asks for this metric and has no result of it: no evidence.",
        )
    _whole(collector, name, status, derived)
    return collector.results()


def _whole(
    collector: Told, name: str, status: Mapping[str, object], derived: list[bool | None]
) -> None:
    """Tell the run as its worst metric, and beside it what Argo calls it."""
    phase = word(status.get("phase")) or "none"
    passed: bool | None = True
    if False in derived:
        passed = False
    elif None in derived or not derived:
        passed = None
    counts = Counter(derived)
    why = (
        f"Of {len(derived)} metrics {counts[True]} are met, {counts[False]} unmet, "
        f"{counts[None]} without evidence."
    )
    if passed and phase not in _ENDED:
        passed, why = None, f"The run has not ended ({phase}). {why}"
    message = cut(word(status.get("message")), 200)
    collector.check(
        f"analysis run {name}",
        passed=passed,
        raw=phase,
        observed=counts[True],
        bound=len(derived),
        rows=len(derived) - counts[None],
        rows_bad=counts[False],
        dimension="quality",
        sentence=against(phase, passed, MEANS.get(phase), why)
        + (f" Argo adds: {message}" if message else ""),
    )


def _metric(
    collector: Told, result: Mapping[str, object], rule: Mapping[str, object], *, is_stopped: bool
) -> bool | None:
    """Tell one metric and return what its measurements say."""
    tally, wrong = _tally(result)
    phase = word(result.get("phase")) or "none"
    passed, why = _judged(tally, rule, phase, is_stopped=is_stopped)
    bound = word(rule.get("successCondition")) or word(rule.get("failureCondition")) or None
    is_dry = result.get("dryRun") in (True, "true")
    message = cut(word(result.get("message")), 200)
    collector.check(
        word(result.get("name")),
        passed=passed,
        raw=phase,
        observed=tally.value,
        bound=bound,
        rows=tally.measured,
        rows_bad=tally.failed,
        is_warning=is_dry,
        dimension="quality",
        sentence=" ".join(
            [
                against(phase, passed, MEANS.get(phase), why),
                *wrong,
                *(["It is a dry run and does not count."] if is_dry else []),
                *([f"Argo adds: {message}"] if message else []),
            ]
        ),
    )
    return passed


def _judged(
    tally: Tally, rule: Mapping[str, object], phase: str, *, is_stopped: bool
) -> tuple[bool | None, str]:
    """Return what the measurements of a metric say, and why."""
    said = (
        f"{tally.successful} successful, {tally.failed} failed, {tally.inconclusive} "
        f"inconclusive, {tally.error} not taken"
    )
    limit = _limit(rule, "failureLimit", FAILURE_LIMIT)
    if 0 <= limit < tally.failed:
        return False, f"{said}; more than {limit} may not fail."
    limit = _limit(rule, "inconclusiveLimit", INCONCLUSIVE_LIMIT)
    if 0 <= limit < tally.inconclusive:
        return None, f"{said}; more than {limit} are inconclusive, so a person decides."
    limit = _limit(rule, "consecutiveErrorLimit", ERROR_LIMIT)
    if 0 <= limit < tally.errors_in_a_row:
        return None, f"{said}; the last {tally.errors_in_a_row} could not be taken."
    if not tally.successful:
        return None, f"{said}: without a successful measurement there is no evidence."
    if phase not in _ENDED:
        return None, f"{said}, and it has not ended ({phase})."
    return _counted(tally, rule, said, is_stopped=is_stopped)


def _counted(
    tally: Tally, rule: Mapping[str, object], said: str, *, is_stopped: bool
) -> tuple[bool | None, str]:
    """Return what a metric says that broke no limit: whether it measured as often as asked."""
    wanted = count(rule.get("count")) or 0
    row = count(rule.get("consecutiveSuccessLimit")) or 0
    taken = tally.measured + tally.error
    if row and tally.successes_in_a_row < row:
        return None, f"{said}; {row} successes in a row were asked for."
    if not row and wanted and taken < wanted:
        how = "It was terminated" if is_stopped else "It ended"
        return None, f"{said}. {how} after {taken} of {wanted} measurements."
    return True, f"{said}."


def _tally(result: Mapping[str, object]) -> tuple[Tally, list[str]]:
    """Return the counts of a metric; where its list of measurements says less, that is noted.

    Argo keeps the counts of all measurements and the last ten in full.
    """
    measurements = list(objects(result.get("measurements")))
    phases = [word(one.get("phase")) for one in measurements]
    listed_counts = Counter(phases)
    words = ("successful", "failed", "inconclusive", "error")
    names = {"successful": "Successful", "failed": "Failed", "inconclusive": "Inconclusive"}
    names["error"] = "Error"
    has_counts = any(key in result for key in (*words, "count"))
    counts = {
        key: (count(result.get(key)) or 0) if has_counts else listed_counts[names[key]]
        for key in words
    }
    wrong = [
        f"It counts {counts[key]} {key} and lists {listed_counts[names[key]]}."
        for key in words
        if listed_counts[names[key]] > counts[key]
    ]
    in_a_row = count(result.get("consecutiveError")) if has_counts else _last_errors(phases)
    values = [one.get("value") for one in measurements if word(one.get("value"))]
    value = values[-1] if values else None
    # Prometheus' provider gives a list of one: [0.99].
    known = number(value.strip("[] ")) if isinstance(value, str) else number(value)
    shown = cut(value, 100) if value is not None and known is None else known
    successes = count(result.get("consecutiveSuccess")) or 0
    return Tally(
        **counts, errors_in_a_row=in_a_row or 0, successes_in_a_row=successes, value=shown
    ), wrong


def _last_errors(phases: list[str]) -> int:
    errors = 0
    for phase in reversed(phases):
        if phase != "Error":
            break
        errors += 1
    return errors


def _limit(rule: Mapping[str, object], key: str, default: int) -> int:
    """Return a limit; -1 disables it. One that is an argument (`{{args.x}}`) is the default."""
    found = number(rule.get(key))
    return default if found is None else int(found)


def _is_stopped(spec: Mapping[str, object]) -> bool:
    return spec.get("terminate") in (True, "true")


def _ended_at(run: Mapping[str, object], status: Mapping[str, object]) -> datetime | None:
    """Return when the run ended, else its last measurement, else its start."""
    finished = [
        found
        for result in objects(status.get("metricResults"))
        for one in objects(result.get("measurements"))
        if (found := moment(one.get("finishedAt")))
    ]
    latest = max(finished, default=None)
    return (
        moment(status.get("completedAt"))
        or latest
        or moment(status.get("startedAt"))
        or moment(mapping(run.get("metadata")).get("creationTimestamp"))
    )


def _subject(run: Mapping[str, object]) -> str:
    """Return what was rolled out: the owner of the run, at the template that was tried."""
    about = mapping(run.get("metadata"))
    owner = next((word(one.get("name")) for one in objects(about.get("ownerReferences"))), "")
    name = owner or word(about.get("name"))
    if not name:
        return ""
    place = word(about.get("namespace")) or "default"
    tried = word(mapping(about.get("labels")).get("rollouts-pod-template-hash"))
    return f"deployment:{place}/{name}" + (f"@{tried}" if tried else "")


def looks(document: object) -> bool:
    """Say whether a document is an AnalysisRun, or a list that begins with one."""
    return kind_in(document) == KIND


def kind_in(document: object) -> str:
    """Return the kind of a Kubernetes object, of a list the kind of its first member."""
    whole = mapping(document)
    kind = word(whole.get("kind"))
    if kind.endswith("List"):
        members = listed(whole.get("items"))
        return kind_in(members[0]) if members and not _is_list(members[0]) else kind[:-4]
    return kind if word(whole.get("apiVersion")) else ""


def _is_list(member: object) -> bool:
    return word(mapping(member).get("kind")).endswith("List")
