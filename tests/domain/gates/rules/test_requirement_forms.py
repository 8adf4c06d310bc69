"""A requirement comes back from its form as it was; what is wrong is said at its field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.assessments.rules.terms import Comparison, Given, Joined, Term
from headway.domain.gates.rules import Requirement
from headway.domain.gates.rules.gate_files import read_requirement
from headway.domain.gates.rules.requirement_forms import (
    GIVENS,
    form_values,
    is_in_form,
    read_form,
)
from headway.domain.gates.rules.requirements import with_requirement, without_requirement
from headway.domain.gates.rules.shipped import shipped_templates
from headway.errors import Invalid, NotFound

SHIPPED = [
    one for made in shipped_templates() for stage in made.stages for one in stage.requirements
]
RECALL: dict[str, object] = {
    "key": "recall",
    "name": "Recall",
    "waivable": True,
    "judged": "evidence",
    "evidence": "evaluation",
    "about": "model:{model}@{version}",
    "where": "metric: recall",
    "compare": "at_least",
    "bound": "0.95",
    "realised": True,
}


def test_every_shipped_requirement_comes_back_from_its_form_as_it_was() -> None:
    simple = [one for one in SHIPPED if is_in_form(one.tree)]
    assert len(simple) >= 80
    assert all(read_form(form_values(one)) == one for one in simple)
    # The others keep their rule; what stands around it is the form's.
    for one in SHIPPED:
        values = form_values(one) | {"name": "Renamed", "waivable": False}
        told = read_form(values, one)
        assert (told.key, told.tree, told.name) == (one.key, one.tree, "Renamed")
        assert not told.is_waivable


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["split", "segment", "commit", "dataset"]),
        st.one_of(
            st.booleans(),
            st.integers(-(10**12), 10**12).map(float),
            st.decimals(-1000, 1000, places=4).map(float),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
            st.sampled_from(["true", "null", "1.5", '"', "a: b", " x", "a, b", "{release}"]),
        ),
    ).map(lambda found: {"metric": "recall", **found}),
    st.lists(st.sampled_from(["a", "a, b", "true", '"q"', "3", "é"]), min_size=1, max_size=4),
)
def test_any_value_of_a_term_survives_the_form(where: dict[str, object], bound: list[str]) -> None:
    term = Term(
        evidence="evaluation",
        about=("model:{model}@{version}", "model:x@*"),
        field="metric",
        compare=Comparison.IN,
        bound=tuple(bound),
        where=tuple(sorted(where.items())),  # type: ignore[arg-type]  # scalars, drawn above
    )
    one = Requirement("k", "K", "owner", "", term, tiers=("medium", "high"))
    assert read_form(form_values(one), one) == one


@pytest.mark.parametrize("name", [*GIVENS[:3], "criterion:recall", "monitors:drift", "unknown:x"])
def test_what_headway_works_out_survives_the_form(name: str) -> None:
    one = Requirement("k", "K", "", "", Given(name))
    assert read_form(form_values(one)) == one


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"key": "Not a key"}, "key", "small letters"),
        ({"key": "taken"}, "key", "is taken in this stage"),
        ({"about": ""}, "about", "Say what the evidence is `about`"),
        ({"about": "model:{modle}"}, "about", "cannot be filled"),
        ({"where": ""}, "where", "which metric is meant"),
        ({"where": "metrics: recall"}, "where", "did you mean 'metric'"),
        ({"where": "recall"}, "where", "is not a line like"),
        ({"where": 'metric: "recall'}, "where", "begins with a quote"),
        ({"field": "vaule"}, "field", "did you mean 'value'"),
        ({"bound": "NaN"}, "bound", "finite number"),
        ({"bound": ""}, "bound", "names no bound"),
        ({"compare": ""}, "compare", "how the value is held"),
        ({"compare": "", "bound": ""}, "field", "one comparison"),
        ({"compare": "is"}, "bound", "`is` is true or false"),
        ({"evidence": "evalution"}, "evidence", "no evidence of kind"),
        ({"fresh_days": "0"}, "fresh_days", "more than 0"),
        ({"fresh_days": "soon"}, "fresh_days", "finite number"),
        ({"minimum_n": "1.5"}, "minimum_n", "whole number"),
        ({"role": "legal"}, "role", "of an approval or an attestation"),
        ({"reduce": "count", "compare": "at_most"}, "reduce", "a silent source would pass"),
        ({"judged": "given", "given": "criterion:"}, "given_of", "needs its name"),
        ({"judged": "given", "given": ""}, "given", "1 to 200 printable"),
        ({"name": "x" * 300}, "name", "200 printable"),
    ],
)
def test_a_fault_is_said_at_its_field(change: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(Invalid) as told:
        read_form(RECALL | change, taken=["taken"])
    found = [(one.where, one.sentence) for one in told.value.problems]
    assert any(where == field and sentence in words for where, words in found), found


def test_one_requirement_is_set_or_taken_out_and_all_else_stays() -> None:
    template = shipped_templates()[0]
    stage, last = template.stages[0], template.stages[-1]
    new = read_form(RECALL)
    more = with_requirement(template, stage.stage, new)
    assert more.stages[0].requirements == (*stage.requirements, new)
    assert more.stages[1:] == template.stages[1:]
    again = with_requirement(more, stage.stage, read_form(RECALL | {"bound": "0.97"}))
    assert [one.key for one in again.stages[0].requirements][-1] == "recall"
    assert len(again.stages[0].requirements) == len(more.stages[0].requirements)
    assert without_requirement(again, stage.stage, "recall") == template
    with pytest.raises(NotFound, match="no requirement 'recal' before .*did you mean 'recall'"):
        without_requirement(more, stage.stage, "recal")
    with pytest.raises(NotFound, match="asks nothing before 'ramp'"):
        with_requirement(template, "ramp", new)
    for one in last.requirements[1:]:
        template = without_requirement(template, last.stage, one.key)
    with pytest.raises(Invalid, match="take the whole stage out"):
        without_requirement(template, last.stage, last.requirements[0].key)


def test_the_shape_of_the_file_is_read_with_its_faults_and_depth_is_refused() -> None:
    told = {"key": "fair", "rule": {"any": [{"given": "criteria"}, {"given": "monitors"}]}}
    found = read_requirement(told)
    assert isinstance(found.tree, Joined)
    assert not is_in_form(found.tree)
    with pytest.raises(Invalid, match="'givn' is unknown"):
        read_requirement({"key": "fair", "rule": {"evidence": "card", "givn": 1}, "giv": 1})
    deep: object = {"given": "criteria"}
    for _ in range(2_000):
        deep = {"not": deep}
    with pytest.raises(Invalid):
        read_requirement({"key": "fair", "rule": deep})
