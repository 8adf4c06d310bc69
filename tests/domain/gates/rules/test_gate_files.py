"""Gate files: the shipped ones are whole, a round trip loses nothing, faults have their line."""

from __future__ import annotations

import pytest

from headway.domain.assessments.rules.terms import Given, Term, leaves
from headway.domain.evidence.rules import KINDS
from headway.domain.gates.rules import TemplateRules, approving_functions
from headway.domain.gates.rules.gate_files import (
    file_text,
    read_gate_text,
    read_stored,
    written_template,
)
from headway.domain.gates.rules.shipped import shipped_templates
from headway.domain.programs.rules import DEFAULT_STAGES
from headway.errors import Invalid

TEMPLATES = {one.key: one for one in shipped_templates()}

#: What the whole of a template has to ask, wherever it does.
ASKED = {
    "criteria-met",
    "data-checked",
    "compared-to-champion",
    "integrated",
    "card-complete",
    "security-approved",
    "rollback-drilled",
    "within-budget",
    "risks-below-appetite",
}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_shipped_template_is_whole(template: TemplateRules) -> None:
    assert read_gate_text(file_text(template)) == template
    assert read_stored(written_template(template)) == template
    assert {one.stage for one in template.stages} <= {one.id for one in DEFAULT_STAGES}
    asked = [one for stage in template.stages for one in stage.requirements]
    assert all(one.owner and one.how for one in asked)
    if not template.is_light:
        assert {one.key for one in asked} >= ASKED
    for one in asked:
        for leaf in leaves(one.tree):
            assert isinstance(leaf, Given) or not isinstance(leaf, Term) or leaf.evidence in KINDS


def test_a_high_tier_is_asked_more_and_an_unknown_one_everything() -> None:
    live = TEMPLATES["tabular"].stage("live")
    assert live is not None
    high, standard = ({one.key for one in live.asked(tier)} for tier in ("high", "standard"))
    assert high - standard == {"soaked", "legal-approved", "privacy-approved"}
    assert {one.key for one in live.asked("")} == high
    asked = {one.key: approving_functions(one) for one in live.requirements}
    assert asked["security-approved"] == ["security"]
    assert asked["criteria-met"] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("key: x\nname: X", "`stages` says before which stages"),
        ("key: x\nname: X\nstages: {live: []}", "Nothing is asked here"),
        ("key: x\nname: X\nstage: {}", "line 3: The key 'stage' is unknown; did you mean 'stages'"),
        ("name: X\nstages: {live: [{key: a, rule: {given: b}}]}", "has a `key` and a `name`"),
        ("key: X y\nname: X\nstages: {live: [{key: a, rule: {given: b}}]}", "key"),
        (
            "key: x\nname: X\nmade_for: fun\nstages: {live: [{key: a, rule: {given: b}}]}",
            "choose one of tabular, vision",
        ),
        (
            "key: x\nname: X\nstages:\n  live:\n    - {key: a, rule: {given: b}}\n"
            "    - {key: a, rule: {given: c}}",
            "stage live, line 6: The requirement 'a' stands there twice",
        ),
        ("key: x\nname: X\nstages: {live: [{key: a}]}", "has a `key` and a `rule`"),
        ("key: &a x\nname: *a\nstages: {}", "refers to another place"),
        ("[1]", "is not a gate file"),
    ],
)
def test_a_faulty_file_is_refused_with_the_line(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as told:
        read_gate_text(text)
    problems = [f"{one.where}: {one.sentence}" for one in told.value.problems]
    assert any(sentence in one for one in [*problems, str(told.value)]), problems
