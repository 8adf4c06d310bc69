"""A gate template as a file: read strictly, with a sentence and a line for each fault."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from headway.analysis.documents.fields import Fields
from headway.analysis.documents.text import Entries, Form, Node, Scalar, Table, compose, decoded
from headway.domain.assessments.rules.term_files import node_of, read_tree, written_tree
from headway.domain.gates.rules.requirements import (
    MADE_FOR,
    Requirement,
    StageRules,
    TemplateRules,
)
from headway.domain.programs.rules.fields import meant, slug
from headway.errors import Invalid, Problem

FORM = Form(
    noun="gate file",
    holds="`key`, `name` and `stages`",
    shorten="ask fewer requirements of one gate",
)
_TEMPLATE = ("key", "name", "made_for", "words", "is_light", "stages")
_STAGE = ("words", "waivers", "waiver_days", "distinct_approvers", "requirements")
_REQUIREMENT = ("key", "name", "owner", "how", "command", "tiers", "waivable", "rule")

MOST_REQUIREMENTS = 600


def read_gate_file(data: bytes, name: str) -> TemplateRules:
    """Return the template that a file holds (YAML or JSON). Raises Invalid with every fault."""
    return _read(compose(decoded(data, name, FORM.noun), name, FORM), name)


def read_gate_text(text: str, name: str = "The rules") -> TemplateRules:
    """Return the template that a text holds: what a form sends. Raises Invalid."""
    return read_gate_file(text.encode(), name)


def read_stored(content: Mapping[str, object]) -> TemplateRules:
    """Return the template that was stored by `written_template`."""
    node = node_of(content)
    assert isinstance(node, Table)  # a mapping is a table
    return _read(node, "The stored rules")


def read_requirement(values: Mapping[str, object]) -> Requirement:
    """Return one requirement from JSON-like values in the shape of the file. Raises Invalid."""
    problems: list[Problem] = []
    name = "The requirement"
    try:
        # By way of text, so that depth and size are refused as those of a file are.
        text = json.dumps(values)
    except RecursionError as error:
        sentence = f"{name} is nested too deep; flatten its rule."
        raise Invalid(sentence) from error
    found = requirement_at(compose(text, name, FORM), problems)
    if found is None or problems:
        listed = " ".join(dict.fromkeys(one.sentence for one in problems[:3]))
        sentence = f"{name} is not as it has to be: {listed}"
        raise Invalid(sentence, problems[:200])
    return found


def requirement_at(table: Table, problems: list[Problem]) -> Requirement | None:
    """Return the requirement that stands in `table`; its faults join `problems`."""
    return _requirement(Fields(table, "", problems, _REQUIREMENT))


def _read(table: Table, name: str) -> TemplateRules:
    problems: list[Problem] = []
    fields = Fields(table, "", problems, _TEMPLATE)
    key, title = _key(fields, "key"), fields.text("name")
    made_for = fields.text("made_for") or "any"
    if made_for not in MADE_FOR:
        sentence = f"`made_for` is {made_for!r}; choose one of {', '.join(MADE_FOR)}."
        fields.note(sentence, table.line)
    stages = _stages(fields)
    if key is None or title is None:
        fields.note("A gate file has a `key` and a `name`.", table.line)
    found = TemplateRules(
        key or "",
        title or "",
        made_for,
        stages,
        _long(fields, "words"),
        _truth(fields, "is_light", default=False),
    )
    if problems:
        listed = "; ".join(f"{one.where}: {one.sentence}" for one in problems[:3])
        sentence = f"{name} is not a gate file as it has to be: {listed}"
        raise Invalid(sentence, problems[:200])
    return found


def _stages(fields: Fields) -> tuple[StageRules, ...]:
    table = fields.table_of("stages", ())
    if table is None or not table.nodes:
        fields.note("`stages` says before which stages something is asked.", fields.table.line)
        return ()
    found = []
    for stage, node in table.nodes.items():
        where = f"stage {stage}"
        inner = _as_table(node, where, fields.problems, _STAGE)
        if inner is not None:
            found.append(_stage(stage, inner))
    return tuple(found)


def _stage(stage: str, fields: Fields) -> StageRules:
    usual = StageRules(stage, ())
    return StageRules(
        stage,
        _requirements(fields),
        _long(fields, "words"),
        _count(fields, "waivers", usual.most_waivers, most=50),
        _count(fields, "waiver_days", usual.waiver_days, most=730),
        _truth(fields, "distinct_approvers", default=usual.distinct_approvers),
    )


def _count(fields: Fields, key: str, usual: int, *, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    scalar = fields.scalar(key, "a whole number")
    if scalar is None:
        return usual
    if not (scalar.text.isascii() and scalar.text.isdigit() and int(scalar.text) <= most):
        fields.note(f"`{key}` is {scalar}; write a whole number from 0 to {most}.", scalar.line)
        return usual
    return int(scalar.text)


def _as_table(
    node: Node, where: str, problems: list[Problem], known: tuple[str, ...]
) -> Fields | None:
    """Return the fields of a mapping; a plain list under a stage is its requirements."""
    if isinstance(node, Entries) and known is _STAGE:
        pairs = ((Scalar("requirements", True, node.line), node),)
        return Fields(Table(pairs, node.line), where, problems, known)
    if isinstance(node, Table):
        return Fields(node, where, problems, known)
    problems.append(Problem(f"{where}, line {node.line}", f"This is {node}; write a mapping."))
    return None


def _requirements(fields: Fields) -> tuple[Requirement, ...]:
    found: dict[str, Requirement] = {}
    nodes = list(fields.entries("requirements"))
    if not nodes:
        fields.note("Nothing is asked here, and nothing is shown by that.", fields.table.line)
    if len(nodes) > MOST_REQUIREMENTS:
        sentence = f"{len(nodes)} requirements; {MOST_REQUIREMENTS} are the most of one gate."
        fields.note(sentence, fields.table.line)
        nodes = []
    for node in nodes:
        inner = _as_table(node, fields.where, fields.problems, _REQUIREMENT)
        one = _requirement(inner) if inner is not None else None
        if one is not None and one.key in found:
            fields.note(f"The requirement {one.key!r} stands there twice; keep one.", node.line)
        elif one is not None:
            found[one.key] = one
    return tuple(found.values())


def _requirement(fields: Fields) -> Requirement | None:
    key, node = _key(fields, "key"), fields.node("rule")
    if key is None or node is None:
        fields.note("A requirement has a `key` and a `rule`.", fields.table.line)
        return None
    fields.where = f"{fields.where}, {key}" if fields.where else key
    tree = read_tree(node, fields.where, fields.problems)
    if tree is None:
        return None
    return Requirement(
        key=key,
        name=fields.text("name") or key.replace("-", " ").capitalize(),
        owner=fields.text("owner") or "",
        how=_long(fields, "how"),
        tree=tree,
        command=_long(fields, "command"),
        tiers=tuple(scalar.text for scalar in fields.texts("tiers")),
        is_waivable=_truth(fields, "waivable", default=True),
    )


def _key(fields: Fields, name: str) -> str | None:
    text = fields.text(name)
    if text is None:
        return None
    try:
        return str(slug(name, text))
    except Invalid as error:
        fields.note(str(error), fields.nodes[name].line)
        return None


def _truth(fields: Fields, key: str, *, default: bool) -> bool:
    scalar = fields.scalar(key, "true or false")
    if scalar is None:
        return default
    if scalar.text not in ("true", "false"):
        fields.note(f"`{key}` is {scalar}; write true or false.", scalar.line)
    return scalar.text == "true"


def _long(fields: Fields, key: str) -> str:
    """Return a text of up to 2,000 characters."""
    scalar = fields.scalar(key, "a text")
    if scalar is not None and len(scalar.text) > 2_000:
        fields.note(
            f"`{key}` has {len(scalar.text):,} characters; write at most 2,000.", scalar.line
        )
    return " ".join(scalar.text.split()) if scalar is not None else ""


def written_template(template: TemplateRules) -> dict[str, Any]:
    """Return a template as JSON-like values: what is stored, and what `read_stored` reads."""
    return {
        "key": template.key,
        "name": template.name,
        "made_for": template.made_for,
        "words": template.words,
        "is_light": template.is_light,
        "stages": {one.stage: _written_stage(one) for one in template.stages},
    }


def _written_stage(one: StageRules) -> object:
    """Return a stage; where it says nothing else it is the list of its requirements."""
    requirements = [_written(requirement) for requirement in one.requirements]
    head = {**({"words": one.words} if one.words else {}), **_limits(one)}
    return {**head, "requirements": requirements} if head else requirements


def _limits(one: StageRules) -> dict[str, Any]:
    """Return what a stage says of waivers and approvers, where it is not what is usual."""
    usual = StageRules(one.stage, ())
    told = {
        "waivers": (one.most_waivers, usual.most_waivers),
        "waiver_days": (one.waiver_days, usual.waiver_days),
        "distinct_approvers": (one.distinct_approvers, usual.distinct_approvers),
    }
    return {key: value for key, (value, other) in told.items() if value != other}


def _written(one: Requirement) -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": one.key,
        "name": one.name,
        "owner": one.owner,
        "how": one.how,
        "command": one.command,
        "tiers": list(one.tiers),
    }
    told = {key: value for key, value in told.items() if value not in ("", [])}
    return {**told, "waivable": one.is_waivable, "rule": written_tree(one.tree)}


def file_text(template: TemplateRules) -> str:
    """Return a template as the text of a file that people edit."""
    import yaml

    return yaml.safe_dump(
        written_template(template), sort_keys=False, allow_unicode=True, width=100
    )


def require_stages(template: TemplateRules, stages: Sequence[str]) -> None:
    """Raise Invalid for a gate before a stage that no release goes through."""
    for one in template.stages:
        if one.stage not in stages:
            sentence = (
                f"There is no stage '{one.stage}'{meant(one.stage, stages)}. "
                f"Releases go through: {', '.join(stages)}."
            )
            raise Invalid(sentence)
