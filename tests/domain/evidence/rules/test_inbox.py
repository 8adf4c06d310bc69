"""Thousands of subjects are a handful of groups, and a group's rule takes just what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT

from headway.domain.evidence.rules.inbox import HANDFUL, InboxGroup, Waiting, group_inbox, stem_of
from headway.domain.evidence.rules.placing import Told, fits


def a_run(
    group: str, name: str = "run", tags: Mapping[str, str] | None = None, source: str = "mlflow:ml"
) -> Waiting:
    told = Told(source, f"run:{name}", True, group, name, dict(tags or {}))
    return Waiting(uuid4(), f"run:ml/{name}", told, AT)


def a_model(name: str, version: int) -> Waiting:
    told = Told("mlflow:ml", f"model:{name}")
    return Waiting(uuid4(), f"model:{name}@{version}", told, AT + timedelta(hours=version))


def shown(groups: object) -> list[tuple[str, int]]:
    return [(one.condition.words, one.count) for one in groups]  # type: ignore[attr-defined]


def words_of(lines: list[Waiting]) -> list[str]:
    return [one.condition.words.replace(" from mlflow:ml", "") for one in group_inbox(lines)]


class TestGroups:
    def test_experiments_are_groups_the_largest_first(self) -> None:
        lines = [a_run("a"), *[a_run("b", f"n{n}") for n in range(3)]]
        assert shown(group_inbox(lines)) == [
            ("run group ‘b’ from mlflow:ml", 3),
            ("run group ‘a’ from mlflow:ml", 1),
        ]

    def test_two_servers_with_one_experiment_are_two_groups(self) -> None:
        lines = [a_run("a"), a_run("a", source="mlflow:other")]
        assert len(group_inbox(lines)) == 2

    def test_a_group_that_says_nothing_is_shown_in_parts_by_the_stem_of_the_name(self) -> None:
        lines = [
            a_run("Default", f"{stem}-{n:03}")
            for stem in ("fraud-lgbm", "meter-cnn")
            for n in range(5)
        ]
        assert words_of(lines) == [
            "run group ‘Default’ and name ‘fraud-lgbm-*’",
            "run group ‘Default’ and name ‘meter-cnn-*’",
        ]

    def test_what_no_part_holds_is_taken_with_the_whole_which_says_so(self) -> None:
        lines = [a_run("Default", f"fraud-{n}") for n in range(5)]
        lines += [a_run("Default", name) for name in ("bold-fox", "calm-owl", "shy-cat")]
        part, whole = group_inbox(lines)
        assert (part.count, part.is_part, part.has_parts) == (5, True, False)
        assert (whole.count, whole.is_part, whole.has_parts) == (8, False, True)

    def test_names_made_at_random_are_not_a_thousand_groups(self) -> None:
        lines = [a_run("Default", f"w{n}x-y{n}") for n in range(1_000)]
        (whole,) = group_inbox(lines)
        assert (whole.count, whole.has_parts) == (1_000, False)

    def test_a_tag_that_most_runs_carry_divides_better_than_names(self) -> None:
        teams = ("risk", "ocr")
        lines = [
            a_run("Default", f"run-{n}", {"team": teams[n % 2], "seed": str(n)}) for n in range(10)
        ]
        assert words_of(lines) == [
            "run group ‘Default’ and tag team ‘ocr’",
            "run group ‘Default’ and tag team ‘risk’",
        ]

    def test_runs_of_no_group_are_shown_in_parts_too(self) -> None:
        lines = [a_run("", f"{stem} {n}") for stem in ("fraud", "meter") for n in range(3)]
        assert words_of(lines) == ["name ‘fraud *’", "name ‘meter *’"]

    def test_a_part_of_no_group_counts_runs_of_that_name_elsewhere_too(self) -> None:
        lines = [a_run("", f"fraud {n}") for n in range(3)]
        lines += [a_run("", "x"), a_run("other", "fraud 9")]
        part = next(one for one in group_inbox(lines) if one.is_part)
        assert (part.condition.name, part.count) == ("fraud *", 4)

    def test_a_hundred_experiments_are_drawn_together_by_their_stems(self) -> None:
        lines = [a_run(f"{team}-exp-{n}") for team in ("fraud", "meter") for n in range(50)]
        assert shown(group_inbox(lines)) == [
            ("run group ‘fraud-exp-*’ from mlflow:ml", 50),
            ("run group ‘meter-exp-*’ from mlflow:ml", 50),
        ]

    def test_models_are_grouped_by_name_whatever_their_version(self) -> None:
        lines = [a_model("scorer", 1), a_model("scorer", 2), a_model("reader", 1)]
        found = group_inbox(lines)
        assert shown(found) == [("subject ‘model:scorer’", 2), ("subject ‘model:reader’", 1)]
        assert found[0].examples == ["model:scorer@2", "model:scorer@1"]

    def test_an_empty_inbox_has_no_group(self) -> None:
        assert group_inbox([]) == []


class TestLaws:
    lines = st.lists(
        st.builds(
            a_run,
            st.sampled_from(["", "Default", "fraud", "fraud-2", "a*[b]", " x "]),
            st.text("ab-12 *", max_size=6),
            st.dictionaries(st.sampled_from("pq"), st.sampled_from("uv"), max_size=2),
            st.sampled_from(["mlflow:ml", "push"]),
        )
        | st.builds(a_model, st.sampled_from(["m", "m-1", "n"]), st.integers(1, 3)),
        max_size=40,
    )

    @given(lines)
    def test_whatever_waits_is_in_a_group(self, lines: list[Waiting]) -> None:
        groups = group_inbox(lines)
        for line in lines:
            assert any(fits(group.condition, line.told) for group in groups)

    @given(lines)
    def test_a_groups_count_is_what_its_rule_would_take(self, lines: list[Waiting]) -> None:
        for group in group_inbox(lines):
            assert group.count == sum(fits(group.condition, line.told) for line in lines)

    @given(lines)
    def test_clicking_every_group_empties_the_inbox(self, lines: list[Waiting]) -> None:
        left = list(lines)
        clicks = 0
        while left:
            group: InboxGroup = group_inbox(left)[0]
            left = [line for line in left if not fits(group.condition, line.told)]
            clicks += 1
        assert clicks <= len(lines)

    @given(st.lists(st.text("abc-_1", min_size=1, max_size=12), min_size=1, max_size=200))
    def test_the_order_in_which_they_came_changes_nothing(self, names: list[str]) -> None:
        lines = [a_run(name, name) for name in names]
        assert shown(group_inbox(lines)) == shown(group_inbox(lines[::-1]))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("fraud-lgbm-0042", "fraud-lgbm"),
        ("train_2026_01", "train"),
        ("brave-owl", "brave-owl"),
        ("0042", ""),
        ("", ""),
        ("v2/model", ""),
        ("run 17", "run"),
    ],
)
def test_a_stem_is_the_words_before_the_first_number(name: str, stem: str) -> None:
    assert stem_of(name) == stem


def test_a_handful_is_a_page_and_not_a_list() -> None:
    lines = [a_run("Default", f"team{chr(97 + n)}-{m}") for n in range(26) for m in range(3)]
    assert len(group_inbox(lines)) <= HANDFUL + 1
