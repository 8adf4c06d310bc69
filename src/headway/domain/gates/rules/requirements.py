"""What a gate asks: requirements by stage, tailored by tier, and who owes each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from headway.domain.assessments.rules.terms import Term, Tree, leaves
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, NotFound
from headway.observation import canonical, digest

#: For what kind of model a template is made.
MADE_FOR = ("tabular", "vision", "forecasting", "language", "any")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a gate. `tiers` are those it is asked in; empty: in all.

    `owner` is the function or role that owes the evidence, `how` a sentence how to give it and
    `command` what does it. One that is not `is_waivable` can only be met.
    """

    key: str
    name: str
    owner: str
    how: str
    tree: Tree
    command: str = ""
    tiers: tuple[str, ...] = ()
    is_waivable: bool = True

    def is_asked(self, tier: str) -> bool:
        """Say whether it is asked of a system of this tier; one of an unknown tier is asked all."""
        return not self.tiers or tier in self.tiers or not tier


@dataclass(frozen=True, slots=True)
class StageRules:
    """What is asked before a release enters a stage.

    `most_waivers` may stand at a time, each for at most `waiver_days`; with `distinct_approvers`
    nobody answers for two functions.
    """

    stage: str
    requirements: tuple[Requirement, ...]
    words: str = ""
    most_waivers: int = 2
    waiver_days: int = 90
    distinct_approvers: bool = True

    def asked(self, tier: str) -> Sequence[Requirement]:
        """Return what is asked of a system of this tier."""
        return [one for one in self.requirements if one.is_asked(tier)]


@dataclass(frozen=True, slots=True)
class TemplateRules:
    """A whole template as a file holds it: its stages in order."""

    key: str
    name: str
    made_for: str
    stages: tuple[StageRules, ...]
    words: str = ""
    is_light: bool = False

    def stage(self, stage: str) -> StageRules | None:
        """Return what is asked before this stage; None where it is not gated."""
        return next((one for one in self.stages if one.stage == stage), None)


@dataclass(frozen=True, slots=True)
class GatedStage:
    """A stage of a template, by their keys: the place of a requirement."""

    template: str
    stage: str


def asked_before(template: TemplateRules, stage: str, key: str) -> Requirement:
    """Return the requirement `key` before `stage`. Raises NotFound."""
    known = {one.key: one for one in gated(template, stage).requirements}
    if key not in known:
        hint = meant(key, known) or "."
        sentence = f"{template.name} has no requirement '{key}' before {stage}{hint}"
        raise NotFound(sentence)
    return known[key]


def with_requirement(
    template: TemplateRules, stage: str, requirement: Requirement
) -> TemplateRules:
    """Return the rules with a requirement in the place of that with its key, or at the end.

    Raises NotFound for a stage before which nothing is asked.
    """
    held = gated(template, stage).requirements
    rows = tuple(requirement if one.key == requirement.key else one for one in held)
    return _with_rows(template, stage, rows if requirement in rows else (*held, requirement))


def without_requirement(template: TemplateRules, stage: str, key: str) -> TemplateRules:
    """Return the rules without a requirement. Raises NotFound; Invalid for the last of a stage."""
    gone = asked_before(template, stage, key)
    rows = tuple(one for one in gated(template, stage).requirements if one.key != key)
    if not rows:
        sentence = (
            f"{gone.name} is all that is asked before {stage}; edit the rules as a file to take "
            "the whole stage out."
        )
        raise Invalid(sentence)
    return _with_rows(template, stage, rows)


def gated(template: TemplateRules, stage: str) -> StageRules:
    """Return what is asked before a stage. Raises NotFound where nothing is."""
    found = template.stage(stage)
    if found is None:
        known = ", ".join(one.stage for one in template.stages)
        sentence = f"{template.name} asks nothing before '{stage}'; it gates: {known}."
        raise NotFound(sentence)
    return found


def _with_rows(template: TemplateRules, stage: str, rows: tuple[Requirement, ...]) -> TemplateRules:
    stages = tuple(
        replace(one, requirements=rows) if one.stage == stage else one for one in template.stages
    )
    return replace(template, stages=stages)


def approving_functions(requirement: Requirement) -> Sequence[str]:
    """Return the functions whose approval a requirement asks for."""
    roles = [
        leaf.role or str(dict(leaf.where).get("function", ""))
        for leaf in leaves(requirement.tree)
        if isinstance(leaf, Term) and leaf.evidence == "approval"
    ]
    return list(dict.fromkeys(role for role in roles if role))


def content_digest(content: Mapping[str, object]) -> str:
    """Return the digest of a template's rules as they are stored."""
    return digest(canonical(content))
