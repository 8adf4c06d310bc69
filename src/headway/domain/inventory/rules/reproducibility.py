"""Could somebody make this run again and get the same numbers? Seven terms, each with evidence.

Missing evidence is missing and never passes. Which tags and parameters are read stands in
docs/reference/reproducibility.md; whoever trains sets them, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose

from headway.analysis.verdicts import Verdict
from headway.domain.inventory.rules.judged import Judged, worst_of

#: The version of this rule: it stands in every verdict.
RULE = "reproducible 1"

#: Two numbers are the same when they differ by no more than this share of the larger one, or by
#: less than `ABSOLUTE` near zero.
TOLERANCE, ABSOLUTE = 1e-6, 1e-12

DIRTY_TAGS = ("headway.git.dirty", "mlflow.source.git.dirty")
CLEAN_TAGS = ("headway.git.clean", "git.clean")
ENVIRONMENT_TAGS = ("headway.environment", "headway.environment.lock", "headway.image")
SEED_TAGS = ("headway.seed", "seed")
SEED_NAMES = ("seed", "random_state", "random_seed", "rng_seed")
DETERMINISTIC_TAG = "headway.deterministic"
PARAMETERS_TAG = "headway.parameters"
RERUN_TAG = "headway.rerun_of"

_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run as its record tells it. `data` are (name, digest, use) of what went in."""

    record: int
    subject: str
    run_id: str
    status: str
    commit: str
    params: Mapping[str, str]
    metrics: Mapping[str, float | None]
    tags: Mapping[str, str]
    data: tuple[tuple[str, str, str], ...]

    @property
    def recipe(self) -> tuple[object, ...]:
        """Return what makes two runs the same work: commit, parameters, data."""
        return (self.commit, tuple(sorted(self.params.items())), self.data)


@dataclass(frozen=True, slots=True)
class Reproducibility:
    """The verdict on a run, and each term of it by its key."""

    whole: Judged
    terms: Mapping[str, Judged]


def reproducibility(run: RunFacts, others: Sequence[RunFacts] = ()) -> Reproducibility:
    """Return whether `run` can be made again; `others` are runs that may be its rerun."""
    terms = {key: term(run) for key, term in _TERMS.items()}
    terms["rerun"] = _rerun(run, others)
    verdict = worst_of(list(terms.values()))
    deciding = [term.sentence for term in terms.values() if term.verdict is verdict]
    met = sum(term.verdict is Verdict.MET for term in terms.values())
    if verdict is Verdict.MET:
        sentence = "Reproducible: all seven terms are met, and a rerun gave the same numbers."
    else:
        sentence = f"{' '.join(deciding)} {met} of {len(terms)} terms are met."
    records = sorted({record for term in terms.values() for record in term.records})
    return Reproducibility(Judged(verdict, sentence, RULE, tuple(records)), terms)


def without_run(about: str) -> Judged:
    """Return the verdict on a version of which no run is known."""
    sentence = f"No run is known behind {about}: nothing says how it was made."
    return Judged(Verdict.MISSING, sentence, RULE)


def _commit(run: RunFacts) -> Judged:
    if run.commit:
        return _said(run, Verdict.MET, f"Commit {run.commit[:12]}.")
    return _said(run, Verdict.MISSING, "The commit is not known.")


def _clean(run: RunFacts) -> Judged:
    found = _flag(run, CLEAN_TAGS)
    if found is None:
        dirty = _flag(run, DIRTY_TAGS)
        found = None if dirty is None else not dirty
    if found is None:
        return _said(run, Verdict.MISSING, "Nothing says whether the code was as committed.")
    if found:
        return _said(run, Verdict.MET, "The code was as committed.")
    return _said(run, Verdict.UNMET, "The code differed from its commit.")


def _parameters(run: RunFacts) -> Judged:
    if run.params:
        return _said(run, Verdict.MET, f"{len(run.params)} parameters are logged.")
    if run.tags.get(PARAMETERS_TAG, "").lower() == "none":
        return _said(run, Verdict.MET, "The run says that it takes no parameters.")
    return _said(run, Verdict.MISSING, "No parameters are logged.")


def _data(run: RunFacts) -> Judged:
    if not run.data:
        return _said(run, Verdict.MISSING, "The data that went in is not named.")
    bare = [name for name, digest, _ in run.data if not digest]
    if bare:
        return _said(run, Verdict.MISSING, f"Data without a digest: {', '.join(bare[:3])}.")
    names = ", ".join(dict.fromkeys(name for name, _, _ in run.data))
    return _said(run, Verdict.MET, f"Data by digest: {names}.")


def _environment(run: RunFacts) -> Judged:
    found = next((run.tags[tag] for tag in ENVIRONMENT_TAGS if run.tags.get(tag)), "")
    if found:
        return _said(run, Verdict.MET, f"Environment {found[:40]}.")
    return _said(run, Verdict.MISSING, "No lock of the environment is named.")


def _seed(run: RunFacts) -> Judged:
    found = next((run.tags[tag] for tag in SEED_TAGS if run.tags.get(tag)), "")
    for name, value in sorted(run.params.items()):
        last = name.replace("__", ".").rpartition(".")[2].lower()
        if last in SEED_NAMES and value.strip().lower() not in ("", "none", "null"):
            found = found or value
    if found:
        return _said(run, Verdict.MET, f"Seed {found[:20]}.")
    if run.tags.get(DETERMINISTIC_TAG, "").strip().lower() in _YES:
        return _said(run, Verdict.MET, "The run says that nothing in it is random.")
    return _said(run, Verdict.MISSING, "No seed is logged.")


#: The terms that one run answers by itself, in the order in which they are shown.
_TERMS: Mapping[str, Callable[[RunFacts], Judged]] = {
    "commit": _commit,
    "clean": _clean,
    "parameters": _parameters,
    "data": _data,
    "environment": _environment,
    "seed": _seed,
}

#: What each term is called.
TERM_WORDS: Mapping[str, str] = {
    "commit": "Commit",
    "clean": "Clean tree",
    "parameters": "Parameters",
    "data": "Data digest",
    "environment": "Environment lock",
    "seed": "Seed",
    "rerun": "Same numbers on a rerun",
}


def _rerun(run: RunFacts, others: Sequence[RunFacts]) -> Judged:
    """Return whether another finished run of the same work gave the same numbers.

    Of several reruns the best one speaks, and the sentence counts those that came out differently:
    were it the newest, a rerun that falls silent could turn the verdict into met.
    """
    same = [one for one in others if _repeats(one, run)]
    if not same:
        return _said(run, Verdict.MISSING, "Nobody ran it again.")
    compared = [(_compared(run, again), again.record) for again in same]
    best, _ = min(compared, key=lambda one: (_MERIT.index(one[0].verdict), -one[1]))
    apart = sum(one.verdict is Verdict.UNMET for one, _ in compared)
    if best.verdict is Verdict.MET and apart:
        more = f"{best.sentence} {apart} of {len(same)} reruns gave others."
        return Judged(best.verdict, more, RULE, best.records)
    return best


#: Of several reruns the first of these speaks.
_MERIT = (Verdict.MET, Verdict.INSUFFICIENT, Verdict.UNMET)


def _compared(run: RunFacts, again: RunFacts) -> Judged:
    """Compare the numbers of a run with those of one of its reruns."""
    records = tuple(sorted((run.record, again.record)))
    lost = sorted(name for name in run.metrics if name not in again.metrics)
    shared = [name for name in run.metrics if name in again.metrics]
    apart = [name for name in shared if not _equal(run.metrics[name], again.metrics[name])]
    if apart:
        name = apart[0]
        before, after = _number(run.metrics[name]), _number(again.metrics[name])
        sentence = f"A rerun gave other numbers: {name} was {before}, then {after}."
        return Judged(Verdict.UNMET, sentence, RULE, records)
    if lost or not shared:
        missing = ", ".join(lost[:3]) or "any metric"
        sentence = f"The rerun did not log {missing}."
        return Judged(Verdict.INSUFFICIENT, sentence, RULE, records)
    count = "its number" if len(shared) == 1 else f"its {len(shared)} numbers"
    return Judged(Verdict.MET, f"A rerun gave {count} again.", RULE, records)


def _repeats(one: RunFacts, run: RunFacts) -> bool:
    """Say whether `one` is a finished run of the same commit, parameters and data as `run`."""
    if one.subject == run.subject or one.status != "finished":
        return False
    known = bool(run.commit and run.data and all(digest for _, digest, _ in run.data))
    return known and one.recipe == run.recipe


def _equal(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is None and second is None
    return isclose(first, second, rel_tol=TOLERANCE, abs_tol=ABSOLUTE)


def _flag(run: RunFacts, tags: Sequence[str]) -> bool | None:
    """Return what the first of `tags` that says yes or no says; anything else says nothing."""
    for tag in tags:
        word = run.tags.get(tag, "").strip().lower()
        if word in _YES or word in _NO:
            return word in _YES
    return None


def _said(run: RunFacts, verdict: Verdict, sentence: str) -> Judged:
    return Judged(verdict, sentence, RULE, (run.record,))


def _number(value: float | None) -> str:
    return "no value" if value is None else f"{value:.6g}"
