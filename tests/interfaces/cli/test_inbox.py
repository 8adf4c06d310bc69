"""`headway inbox` and `headway rule`: the clicks of the inbox, on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import Cast, a_project
from tests.domain.evidence.many_runs import synced, untagged_runs

Ask = Callable[..., Any]

ACME = ("--workspace", "acme")


@pytest.fixture
def acme(cast: Cast) -> Cast:
    """Acme with two projects and fifty runs that belong to neither yet."""
    for slug in ("fraud", "meter-reading"):
        a_project(cast.acme, slug)
    synced(cast.bob, list(untagged_runs(50)))
    return cast


def test_the_inbox_is_mapped_by_a_script_that_follows_its_proposals(
    acme: Cast, answered: Ask, asked: Ask
) -> None:
    found = answered("inbox", *ACME)
    assert (found["subjects"], len(found["groups"])) == (50, 5)
    for group in found["groups"]:
        says = ("--project", group["proposed"]) if group["proposed"] else ("--scratch",)
        ruled = answered("rule add", "--group", group["condition"]["group"], *says, *ACME)
        assert ruled["moved"] == 10
    assert asked("inbox", *ACME)[1] == "The inbox is empty.\n"
    assert len(answered("rule list", *ACME)) == 5


def test_groups_and_rules_are_read_by_people(acme: Cast, asked: Ask) -> None:
    code, out, err = asked("inbox", *ACME)
    assert code == 0
    assert "50 subjects belong to no project yet." in out
    assert "run group ‘fraud-scoring’" in out
    assert "headway rule add" in err
    code, out, _ = asked(
        "rule add --group fraud-* --project fraud --tag team=risk --reason theirs", *ACME
    )
    assert (code, out.endswith(": counts for fraud; 0 subjects moved.\n")) == (0, True)
    assert "tag_value risk" in asked("rule list", *ACME)[1]


def test_a_rule_is_removed_by_the_beginning_of_its_key(
    acme: Cast, answered: Ask, asked: Ask
) -> None:
    ruled = answered("rule add --group fraud-* --project fraud", *ACME)
    key = ruled["rule"]["key"]
    assert asked(f"rule remove {key[:3]}", *ACME)[0] == 2
    code, out, _ = asked(f"rule remove {key[:6]}", *ACME)
    assert (code, out) == (0, f"Rule {key} is gone; 20 subjects moved.\n")
    assert answered("inbox", *ACME)["subjects"] == 50
    assert asked("rule list", *ACME)[1] == "No rule is remembered.\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("rule add --group x", "either which project"),
        ("rule add --group x --project nobody", "no project 'nobody'"),
        ("rule add --project fraud", "asks nothing"),
        ("rule remove ffffffff", "no such rule"),
    ],
)
def test_a_bad_question_is_one_sentence_and_exit_code_two(
    acme: Cast, asked: Ask, line: str, why: str
) -> None:
    code, _, err = asked(line, *ACME)
    assert code == 2
    assert why in err


def test_who_only_looks_cannot_say(acme: Cast, asked: Ask) -> None:
    line = "rule add --group x --project fraud --as vera@example.com"
    assert asked(line, *ACME)[0] == 2
