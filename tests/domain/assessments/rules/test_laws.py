"""What must hold of every criterion and every evidence, tried by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT
from tests.domain.assessments.rules.facts import RECALL, a_check, measured

from headway.domain.assessments.rules import Criterion, Evidence, Verdict, all_of, assess
from headway.domain.assessments.rules.project import ProjectEvidence, assess_project_data
from headway.domain.programs.rules import CriterionFacts

DAYS = st.integers(-40, 40)
SUBJECTS = [*(f"model:meter@{n}" for n in (1, 2, 3)), "run:lab/1", "run:lab/2", "run:lab/3"]

criteria = st.builds(
    lambda subject, direction, segment, basis, days: replace(
        RECALL,
        subject=subject,
        direction=direction,
        segment=segment,
        basis=basis,
        freshness_days=days,
        due=None,
    ),
    st.sampled_from(["model:meter", "model:meter@2", "run:*", "run:lab/1"]),
    st.sampled_from(["maximise", "minimise"]),
    st.sampled_from(["", "*", "a"]),
    st.sampled_from(["estimate", "interval"]),
    st.none() | st.integers(1, 30),
)
values = st.none() | st.sampled_from([0.8, 0.94, 0.95, 0.96, 1.0])


@st.composite
def pieces(draw: st.DrawFn) -> Evidence:
    subject = draw(st.sampled_from(SUBJECTS))
    kind = (
        draw(st.sampled_from(["run", "evaluation"])) if subject.startswith("run") else "evaluation"
    )
    return measured(
        draw(values),
        days=draw(DAYS),
        record=draw(st.integers(1, 9)),
        subject=subject,
        kind=kind,
        segment="" if kind == "run" else draw(st.sampled_from(["", "a", "b"])),
        low=draw(values),
        high=draw(values),
        n=draw(st.none() | st.integers(0, 100)),
        is_estimated=draw(st.booleans()),
        valid_until=draw(st.none() | st.builds(lambda d: AT + timedelta(days=d), DAYS)),
    )


evidence = st.lists(pieces(), max_size=8)


def versions_in(found: list[Evidence]) -> list[str]:
    return sorted({item.subject for item in found if item.subject.startswith("model")})


@given(criteria, evidence, st.sampled_from(SUBJECTS), st.sampled_from(["run", "evaluation"]))
def test_nothing_turns_into_met_when_a_source_falls_silent(
    criterion: Criterion, found: list[Evidence], subject: str, kind: str
) -> None:
    versions = versions_in(found)  # a subject stays known when its evidence falls silent
    left = [item for item in found if (item.subject, item.kind) != (subject, kind)]
    if assess(criterion, left, AT, versions).verdict is Verdict.MET:
        assert assess(criterion, found, AT, versions).verdict is Verdict.MET


@given(criteria, evidence, DAYS.map(abs))
def test_time_alone_never_gives_met(criterion: Criterion, found: list[Evidence], days: int) -> None:
    versions = versions_in(found)
    if assess(criterion, found, AT + timedelta(days=days), versions).verdict is Verdict.MET:
        assert assess(criterion, found, AT, versions).verdict is Verdict.MET


@given(criteria, evidence)
def test_the_same_question_has_the_same_answer(criterion: Criterion, found: list[Evidence]) -> None:
    unlike = list(
        {(item.record, item.subject, item.kind, item.segment): item for item in found}.values()
    )
    versions = versions_in(found)
    answer = assess(criterion, unlike, AT, versions)
    assert assess(criterion, unlike[::-1], AT, versions).verdict is answer.verdict


parts = st.lists(
    st.tuples(
        criteria, evidence, st.none() | st.builds(lambda d: (AT + timedelta(days=d)).date(), DAYS)
    ),
    max_size=4,
)


@given(parts, st.sampled_from(SUBJECTS), DAYS.map(abs))
def test_no_silence_and_no_time_turns_all_criteria_together_into_met(
    parts: list[tuple[Criterion, list[Evidence], object]], subject: str, days: int
) -> None:
    def whole(at_days: int, silent: str) -> Verdict:
        moment = AT + timedelta(days=at_days)
        answers = [
            assess(
                replace(criterion, due=due),  # type: ignore[arg-type]
                [item for item in found if item.subject != silent],
                moment,
                versions_in(found),
            )
            for criterion, found, due in parts
        ]
        return all_of(answers, rule="all", nothing="nothing").verdict

    if Verdict.MET in (whole(0, subject), whole(days, "")):
        assert whole(0, "") in (Verdict.MET, Verdict.NOT_DUE)
    if whole(0, subject) is Verdict.MET:
        assert whole(0, "") is Verdict.MET


checks = st.builds(
    lambda name, version, what, passed, rows, days, until: a_check(
        subject=f"dataset:{name}@{version}",
        name=what,
        passed=passed,
        rows=rows,
        observed_at=AT - timedelta(days=days),
        valid_until=AT + timedelta(days=until) if until is not None else None,
    ),
    st.sampled_from(["x", "y"]),
    st.integers(1, 2),
    st.sampled_from(["nulls", "range"]),
    st.none() | st.booleans(),
    st.none() | st.integers(0, 2),
    DAYS,
    st.none() | DAYS,
)


@given(st.lists(checks, min_size=1, max_size=6), st.data())
def test_a_dataset_whose_checks_fall_silent_does_not_turn_the_rest_green(
    found: list[object], data: st.DataObject
) -> None:
    rows = {(item.subject, item.name): item for item in found}  # type: ignore[attr-defined]
    versions: dict[str, list[str]] = {}
    for subject in sorted({subject for subject, _ in rows}):
        versions.setdefault(subject.partition("@")[0], []).append(subject)
    silent = data.draw(st.sampled_from(sorted({subject for subject, _ in rows})))

    def verdict(gone: str, days: int = 0) -> Verdict:
        kept = [("data", item) for (subject, _), item in rows.items() if subject != gone]
        known = ProjectEvidence(checks=kept, versions=versions)
        return assess_project_data(known, AT + timedelta(days=days)).verdict

    later = data.draw(st.integers(0, 90))
    if Verdict.MET in (verdict(silent), verdict("", later)):
        assert verdict("") is Verdict.MET


def test_the_builder_of_criteria_is_the_one_that_programs_keep() -> None:
    assert set(Criterion.__dataclass_fields__) <= set(CriterionFacts.__dataclass_fields__)
