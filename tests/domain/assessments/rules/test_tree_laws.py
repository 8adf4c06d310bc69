"""What must hold of every rule of a gate over every evidence, tried by Hypothesis."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT
from tests.domain.assessments.rules.grounds import a_fact, a_ground, a_term, segments

from headway.analysis.documents.text import Form, compose
from headway.domain.assessments.rules.ground import Fact, Ground, Pinned
from headway.domain.assessments.rules.term_files import node_of, read_tree, written_tree
from headway.domain.assessments.rules.terms import (
    Binding,
    Comparison,
    Given,
    Joined,
    Joint,
    Reducer,
    Soak,
    Tree,
)
from headway.domain.assessments.rules.trace import Trace, written
from headway.domain.assessments.rules.tree import (
    join_all,
    join_any,
    join_at_least,
    join_not,
    judge,
)
from headway.domain.assessments.rules.verdicts import Assessment, Level, Verdict
from headway.errors import Problem

SUBJECTS = ("model:meter@2", "model:meter@3", "dataset:a@1", "dataset:b@1", "project:p")
KINDS = ("check", "evaluation", "approval")
DIGESTS = (None, "d1", "d2")
MOMENTS = st.integers(-40, 40)

terms = st.builds(
    lambda kind, about, reduce, fresh, bind, more: a_term(
        kind,
        about=about,
        fresh_days=fresh,
        bind=bind,
        **(
            {"reduce": reduce, **({} if reduce is Reducer.COUNT else more)}
            if kind == "evaluation"
            else {"reduce": Reducer.LATEST if reduce is Reducer.BY_SEGMENT else reduce}
            if reduce is not Reducer.COUNT
            else {"reduce": reduce, "compare": Comparison.AT_LEAST, "bound": 2.0}
        ),
    ),
    st.sampled_from(KINDS),
    st.sampled_from(
        [
            ("model:{model}@{version}",),
            ("model:meter",),
            ("model:{model}@*",),
            ("dataset:*",),
            ("project:{project}", "model:{model}@*"),
        ]
    ),
    st.sampled_from(Reducer),
    st.none() | st.integers(1, 30),
    st.sampled_from([(), (Binding.VERSION,), (Binding.DATASET,), (Binding.COMMIT,)]),
    st.sampled_from(
        [{}, {"minimum_n": 30}, {"compare": Comparison.AT_MOST}, {"may_be_estimated": True}]
    ),
)
trees: st.SearchStrategy[Tree] = st.recursive(
    terms | st.sampled_from([Given("yes"), Given("no"), Given("unsaid")]),
    lambda parts: st.builds(
        lambda how, found, least: Joined(
            how,
            tuple(found[:1] if how is Joint.NOT else found),
            min(least, len(found)) if how is Joint.AT_LEAST else 0,
        ),
        st.sampled_from(Joint),
        st.lists(parts, min_size=1, max_size=4),
        st.integers(1, 3),
    ),
    max_leaves=6,
)


@st.composite
def evidence(draw: st.DrawFn) -> list[Fact]:
    found: list[Fact] = []
    for record in range(1, draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(KINDS))
        values: dict[str, object] = {
            "dataset_digest": draw(st.sampled_from(DIGESTS)),
            "commit": draw(st.sampled_from([None, "c1", "c2"])),
        }
        if kind == "check":
            values |= {
                "passed": draw(st.sampled_from([True, False, None])),
                "check": draw(st.sampled_from(["load", "contract"])),
            }
        if kind == "evaluation":
            values |= {
                "value": draw(st.sampled_from([None, 0.8, 0.9, 0.95])),
                "n": draw(st.sampled_from([10, 50])),
                "estimated": draw(st.booleans()),
                "segment": draw(st.sampled_from(["", "", "x", "y"])),
            }
        if kind == "approval":
            values |= {"decision": draw(st.sampled_from(["approved", "refused"]))}
        lasts = draw(st.none() | st.integers(0, 40))
        subject = draw(st.sampled_from(SUBJECTS))
        found.append(a_fact(record, kind, subject, draw(MOMENTS), lasts, **values))
    return found


def on(facts: list[Fact], of: list[Fact] | None = None) -> Ground:
    """Return a ground of `facts` in a ledger that holds `of`: subjects stay known."""
    whole = a_ground(facts if of is None else of)
    met = Assessment(Verdict.MET, Level.GOOD, "Yes.", "given", (99,))
    unmet = Assessment(Verdict.UNMET, Level.BAD, "No.", "given", (98,))
    return Ground(
        facts=facts,
        known=whole.known,
        heard=whole.heard,
        words=whole.words,
        digests={"a": Pinned("d1", (90,)), "d": Pinned("d1", (91,))},
        commit=Pinned("c1", (92,)),
        given={"yes": met, "no": unmet},
    )


def after(days: float) -> datetime:
    return AT + timedelta(days=days)


@given(trees, evidence(), st.sampled_from(SUBJECTS), st.sampled_from(KINDS))
def test_nothing_turns_into_met_when_a_source_falls_silent(
    tree: Tree, facts: list[Fact], subject: str, kind: str
) -> None:
    left = [fact for fact in facts if (fact.subject, fact.kind) != (subject, kind)]
    if judge(tree, on(left, facts), AT).verdict is Verdict.MET:
        assert judge(tree, on(facts), AT).verdict is Verdict.MET


@given(terms, evidence(), MOMENTS.map(abs))
def test_time_alone_makes_of_a_term_nothing_but_stale(
    term: Tree, facts: list[Fact], days: int
) -> None:
    before, then = (judge(term, on(facts), moment).verdict for moment in (AT, after(days)))
    assert then is before or (before, then) in (
        (Verdict.MET, Verdict.STALE),
        (Verdict.UNMET, Verdict.STALE),
        # Of several members the one that failed went stale first: unmet, then the worst unknown.
        *((Verdict.UNMET, word) for word in (Verdict.MISSING, Verdict.INSUFFICIENT)),
        *((word, Verdict.STALE) for word in (Verdict.INSUFFICIENT,)),
    )


@given(trees, evidence(), MOMENTS.map(abs))
def test_time_alone_never_gives_met_and_it_is_told_when_it_takes_it_away(
    tree: Tree, facts: list[Fact], days: int
) -> None:
    now = judge(tree, on(facts), AT)
    if judge(tree, on(facts), after(days)).verdict is Verdict.MET:
        assert now.verdict is Verdict.MET
    if now.verdict is Verdict.MET:
        end = now.stale_at or after(1_000)
        assert judge(tree, on(facts), end).verdict is Verdict.MET
        past = judge(tree, on(facts), end + timedelta(microseconds=1)).verdict
        assert past is (Verdict.MET if now.stale_at is None else Verdict.STALE)


@given(trees, evidence(), st.randoms(use_true_random=False))
def test_the_same_evidence_gives_the_same_bytes_in_any_order_and_without_what_was_not_read(
    tree: Tree, facts: list[Fact], random: object
) -> None:
    found = judge(tree, on(facts), AT)
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert written(judge(tree, on(shuffled, facts), AT)) == written(found)
    read = set(found.read)
    only = [fact for fact in facts if fact.record in read]
    assert written(judge(tree, on(only, facts), AT)) == written(found)
    assert read <= {fact.record for fact in facts} | {90, 91, 92, 98, 99}
    json.loads(written(found))


@given(trees)
def test_a_file_reads_back_as_the_tree_that_was_written(tree: Tree) -> None:
    told = written_tree(tree)
    problems: list[Problem] = []
    assert read_tree(node_of(told), "", problems) == _numbered(tree)
    text = json.dumps({"rule": told})
    node = compose(text, "it", Form("rule", "a rule", "shorten it")).pairs[0][1]
    assert read_tree(node, "", problems) == _numbered(tree)
    assert not problems


def _numbered(tree: Tree) -> Tree:
    """Return a tree as reading gives it: a freshness is a number with a point."""
    match tree:
        case Joined():
            return replace(tree, parts=tuple(_numbered(part) for part in tree.parts))
        case Given() | Soak():
            return tree
    fresh = None if tree.fresh_days is None else float(tree.fresh_days)
    return replace(tree, fresh_days=fresh)


def leaf(verdict: Verdict) -> Trace:
    return Trace("x", verdict, f"{verdict}.")


words = st.lists(st.sampled_from([*Verdict]), min_size=1, max_size=5)


@given(words, st.integers(1, 5))
def test_joined_by_kleene(found: list[Verdict], least: int) -> None:
    parts = [leaf(word) for word in found]
    whole, one = join_all(parts).verdict, join_any(parts).verdict
    assert (whole is Verdict.UNMET) is (Verdict.UNMET in found)
    assert (one is Verdict.MET) is (Verdict.MET in found)
    assert join_at_least(parts, 1).verdict is one
    so_many = join_at_least(parts, least).verdict
    if set(found) != {Verdict.NOT_APPLICABLE}:
        assert (so_many is Verdict.MET) is (found.count(Verdict.MET) >= least)
        could = sum(word not in (Verdict.UNMET, Verdict.NOT_APPLICABLE) for word in found)
        assert (so_many is Verdict.UNMET) is (could < least)
    for word in found:
        opposite = {Verdict.MET: Verdict.UNMET, Verdict.UNMET: Verdict.MET}.get(word, word)
        assert join_not([leaf(word)]).verdict is opposite
    # De Morgan: not all is any of the opposites, where everything applies.
    if Verdict.NOT_APPLICABLE not in found:
        assert (
            join_not([join_all(parts)]).verdict is join_any([join_not([p]) for p in parts]).verdict
        )


@given(st.lists(st.sampled_from([0.85, 0.9, 0.95, None]), min_size=1, max_size=6))
def test_by_segment_the_worst_segment_speaks(values: list[float | None]) -> None:
    named = {f"s{place}": value for place, value in enumerate(values)}
    found = judge(
        a_term("evaluation", reduce=Reducer.BY_SEGMENT), a_ground(segments(1, **named)), AT
    )
    if 0.85 in values:
        assert found.verdict is Verdict.UNMET
    elif None in values:
        assert found.verdict is Verdict.INSUFFICIENT
    else:
        assert found.verdict is Verdict.MET
