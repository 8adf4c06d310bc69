"""A stored baseline answers as its data did, adds up, and is refused when it was changed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.drift import planted

from headway.analysis.drift import compare, compare_tables, compare_with
from headway.analysis.drift.baselines import Baseline, Part, digest_of, loads, read_baseline
from headway.analysis.summaries import embedded, from_arrow
from headway.analysis.summaries.profiles import Profile, profile
from headway.errors import Invalid

pa = pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def sides() -> tuple[Profile, Profile]:
    a, b = (planted.table(seed, 8000, drifts=seed > 1) for seed in (1, 2))
    kept = ["n00", "n01", "n03", "c00"]
    before = planted.counted(a.select(kept))
    return before, planted.counted(b.select(kept), like=before)


def test_a_baseline_read_back_gives_the_same_bits(sides: tuple[Profile, Profile]) -> None:
    before, now = sides
    read = loads(Baseline(before, (Part("a", 8000),)).dumps()).profile
    first, second = compare(before, now), compare(read, now)
    for name, one in first.columns.items():
        other = second.columns[name]
        assert one.sentence == other.sentence
        assert (one.column.ks, one.column.wasserstein) == (
            other.column.ks,
            other.column.wasserstein,
        )
        assert (one.column.psi, one.column.js) == (other.column.psi, other.column.js)


def test_only_the_new_data_are_read_and_the_answer_is_that_of_both(tmp_path: Path) -> None:
    kept = [f"n{n:02}" for n in range(10)] + ["c00", "c01"]
    a, b = (planted.table(seed, 6000, drifts=seed > 1).select(kept) for seed in (1, 2))
    with embedded() as engine:
        tables = [from_arrow(one, name=name, engine=engine) for one, name in ((a, "a"), (b, "b"))]
        whole = compare_tables(*tables)
        file = tmp_path / "a.json"
        file.write_text(Baseline(profile(tables[0])).dumps())
        answer, _ = compare_with(read_baseline(file).profile, tables[1])
    assert {name for name, one in answer.columns.items() if one.drifted} == {
        name for name, one in whole.columns.items() if one.drifted
    }


def test_baselines_add_up_to_all_their_days(sides: tuple[Profile, Profile]) -> None:
    before, now = sides
    both = Baseline(before, (Part("a", 8000, "sha256:1"),)) + Baseline(
        now, (Part("b", 8000, "sha256:2"),)
    )
    read = loads(both.dumps())
    assert [part.name for part in read.parts] == ["a", "b"]
    assert read.profile.rows == 16_000
    assert read.profile.columns["n01"].n == before.columns["n01"].n + now.columns["n01"].n
    with pytest.raises(Invalid, match="b is part of the baseline already"):
        both + Baseline(now, (Part("b", 8000, "sha256:2"),))


def test_histograms_of_other_scales_do_not_add() -> None:
    rng = np.random.default_rng(1)
    with embedded(threads=1) as engine:
        one, two = (
            profile(from_arrow(pa.table({"x": rng.normal(size=9000)}), engine=engine)) for _ in "ab"
        )
    with pytest.raises(Invalid, match="x was counted in other buckets"):
        Baseline(one) + Baseline(two)


def test_what_is_no_baseline_is_refused_by_name(
    sides: tuple[Profile, Profile], tmp_path: Path
) -> None:
    good = json.loads(Baseline(sides[0]).dumps())
    changed = json.loads(json.dumps(good))
    changed["columns"]["c00"]["counts"]["v0"] += 1
    broken = json.loads(json.dumps(good))
    broken["columns"] = {"x": {}}
    for document, said in (
        (changed, "was changed after it was made"),
        (good | {"version": 9}, "version 9"),
        (good | {"format": "x"}, "not a drift baseline"),
        (broken, "was changed after"),
        ([], "not a drift baseline"),
    ):
        with pytest.raises(Invalid, match=said):
            loads(json.dumps(document), "b.json")
    with pytest.raises(Invalid, match="is not JSON"):
        loads("{", "b.json")
    with pytest.raises(Invalid, match="no baseline"):
        read_baseline(tmp_path / "none.json")


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert digest_of(tmp_path / "a").startswith("sha256:ba7816bf8f01cfea")
    assert digest_of(tmp_path) == ""
