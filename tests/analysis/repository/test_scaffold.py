"""The scaffold is what it preaches: its audit has nothing to mend, its lock comes from ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.repository import locking
from tests.analysis.repository.made import audited

from headway.analysis.repository.scaffold import LICENCES, checked_name, scaffold
from headway.errors import Invalid


def files(name: str = "fraud-model", licence: str = "none") -> dict[str, str]:
    return scaffold(name, owner="@acme/ml", licence=licence, year=2026)


@pytest.mark.parametrize("licence", LICENCES)
def test_its_own_audit_has_nothing_to_mend(licence: str) -> None:
    answer = audited(files(licence=licence))
    assert [one.id for one in answer.findings if not one.is_fine] == []
    assert sum(one.verdict.value == "met" for one in answer.findings) == 35


def test_no_mark_of_a_template_is_left_and_the_name_is_everywhere() -> None:
    found = files("churn2")
    assert not [path for path, text in found.items() if "@@" in text.replace("@@{", "")]
    assert "src/churn2/train.py" in found
    assert "gate check churn2 " in found[".github/workflows/ci.yml"]


def test_its_lock_is_made_from_ours() -> None:
    told = "run `python -m tests.analysis.repository.locking` after a change of our locks"
    assert files()["constraints.txt"] == locking.lock(), told


def test_it_is_linted_by_its_own_rules(tmp_path: Path) -> None:
    for path, text in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    ruff = str(Path(sys.executable).with_name("ruff"))
    for words in (["check", "."], ["format", "--check", "."]):
        done = subprocess.run([ruff, *words], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "name",
    ["", "Fraud", "1st", "a--b", "-a", "a_b", "../x", "class", "json", "tests", "x" * 61, "ä"],
)
def test_a_name_that_no_package_can_bear_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked_name(name)


PART = st.text("abz09", min_size=1, max_size=4)


@given(st.lists(PART, min_size=1, max_size=4).map("-".join))
def test_a_name_that_is_taken_is_a_package(name: str) -> None:
    try:
        checked_name(name)
    except Invalid:
        return
    assert name.replace("-", "_").isidentifier()
