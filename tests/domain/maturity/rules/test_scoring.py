"""Levels and the ML Test Score from given answers, against the published rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from tests.domain.maturity.rules.knowing import AT, fact, known, passing, word

from headway.domain.maturity.rules import (
    Known,
    answers,
    band_of,
    model_of,
    next_of,
    next_of_model,
    next_of_score,
    score_of,
    standings,
)

CASE = yaml.safe_load(
    (Path(__file__).parents[3] / "cases/maturity/ml-test-score.yaml").read_text("utf-8")
)


def of_section(counts: Mapping[str, int], skip: Mapping[str, int] | None = None) -> list[str]:
    skip = skip or {}
    return [
        f"mlts:{section}-{number + 1 + skip.get(section, 0)}"
        for section, count in counts.items()
        for number in range(count)
    ]


@pytest.mark.parametrize("case", CASE["scores"])
def test_the_score_is_the_least_of_the_four_sums(case: Mapping[str, Mapping[str, int]]) -> None:
    full, half = of_section(case["full"]), of_section(case["half"], case["full"])
    found = answers(known(passing(full), [word(name) for name in half]), AT)
    assert score_of(found).final == case["final"]


def test_the_bands_begin_where_the_paper_says() -> None:
    bands = [band.says for band in model_of("mlts").bands]
    assert [bands.index(band_of(score)) for score, _ in CASE["bands"]] == [
        band for _, band in CASE["bands"]
    ]


def test_unknown_scores_nothing_and_is_counted_as_unknown() -> None:
    score = score_of(answers(Known(), AT))
    assert (score.final, score.unknown) == (0, 28)
    assert [one.unknown for one in score.sections] == [7, 7, 7, 7]


def test_a_column_stands_on_the_highest_level_below_which_nothing_is_open() -> None:
    all_of_release = ["release-1-script", "release-2-tested", "release-2-owned"]
    words = [word(f"microsoft:{name}") for name in all_of_release]
    people, creation, release, integration = standings(
        answers(known((), words), AT), model_of("microsoft")
    )
    assert (people.level, creation.level, release.level, integration.level) == (0, 0, 2, 0)
    assert release.next_level == 3
    assert release.says.startswith("Released by software engineers")
    assert [one.criterion.id for one in release.unknown] == [
        "microsoft:release-3-delivered",
        "microsoft:release-3-traced",
        "microsoft:release-3-compared",
    ]


def test_a_higher_level_does_not_count_over_a_gap() -> None:
    words = [word(one.id) for one in model_of("google").criteria if one.level == 2]
    (stand,) = standings(answers(known((), words), AT), model_of("google"))
    assert stand.level == 0


def test_everything_met_is_the_top_and_has_no_next() -> None:
    words = [word(one.id) for name in ("google", "aws") for one in model_of(name).criteria]
    found = answers(known(passing(of_section(CASE["sections"])), words), AT)
    assert [s.level for n in ("google", "aws") for s in standings(found, model_of(n))] == [2, 4]
    assert next_of_model(standings(found, model_of("aws"))) is None
    assert next_of_score(score_of(found)) is None


def test_the_next_criterion_is_the_one_that_takes_least_and_says_why() -> None:
    google = model_of("google")
    (stand,) = standings(answers(Known(), AT), google)
    found = next_of(stand)
    assert found is not None
    blocking = [one.criterion for one in stand.blocking]
    assert found.step.days == min(one.effort[1] for one in blocking)
    assert found.why.startswith("Of the 7 between here and level 1")
    done = [word(one.id) for one in blocking if one.id != "google:1-features"]
    (stand,) = standings(answers(known((), done), AT), google)
    last = next_of(stand)
    assert last is not None
    assert last.criterion.id == "google:1-features"
    assert last.why.startswith("It alone")


def test_the_next_test_raises_the_least_section() -> None:
    full = of_section({"data": 3, "model": 3, "infra": 3})
    found = next_of_score(score_of(answers(known(passing(full)), AT)))
    assert found is not None
    assert found.column == "monitor"
    assert found.step.by_hand
    assert found.step.days == 0.5


def test_where_sections_tie_each_has_to_rise() -> None:
    found = next_of_score(score_of(answers(Known(), AT)))
    assert found is not None
    assert found.steps_to_rise == 4
    assert "each of them" in found.why


def test_a_fact_of_a_rollback_drill_answers_its_test() -> None:
    drill = fact("drill", {"drill": "rollback", "passed": True}, days=30)
    found = answers(known([drill]), AT)["mlts:infra-7"]
    assert (found.answer, found.credit, found.records) == ("met", 1.0, (1,))
