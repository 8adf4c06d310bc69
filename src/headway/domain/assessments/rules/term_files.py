"""Terms as a file writes them, read strictly: a misspelt key is a question that nobody asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headway.analysis.documents.fields import Fields
from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.domain.assessments.rules.phrasing import bound_of
from headway.domain.assessments.rules.terms import (
    PLACEHOLDERS,
    Binding,
    Comparison,
    Given,
    Joined,
    Joint,
    Reducer,
    Soak,
    Term,
    Tree,
    unfilled,
)
from headway.domain.assessments.rules.terms import Scalar as Value
from headway.domain.evidence.rules import KINDS
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, Problem
from headway.observation import SubjectRef

_TERM = (
    *("evidence", "about", "where", "field", "reduce", "fresh_days", "bind", "role", "expected"),
    *("may_be_estimated", "minimum_n"),
    *(str(word) for word in Comparison),
)
_SOAK = ("soak_days", "about", "statuses", "gap_days", "cover")
_JOINTS = ("all", "any", "not", "at_least", "of")

#: What is compared where a term does not say, and with what.
DEFAULTS: Mapping[str, tuple[str, Comparison | None, Value]] = {
    "evaluation": ("value", None, 0.0),
    "kpi": ("value", None, 0.0),
    "card": ("completeness", None, 0.0),
    "check": ("passed", Comparison.IS, True),
    "drill": ("passed", Comparison.IS, True),
    "approval": ("decision", Comparison.EQUALS, "approved"),
    "attestation": ("answer", Comparison.EQUALS, "met"),
    "audit": ("verdict", Comparison.EQUALS, "met"),
    "deployment": ("status", Comparison.EQUALS, "live"),
    "pipeline_run": ("status", Comparison.EQUALS, "succeeded"),
    "run": ("status", Comparison.EQUALS, "finished"),
}

#: What a member of a record holds besides the record's own keys.
_MEMBER_KEYS: Mapping[str, tuple[str, ...]] = {
    "evaluation": ("segment",),
    "audit": ("id", "verdict", "sentence", "evidence"),
}

#: Evidence of which a count or a reducer says nothing without naming what is meant.
_NAMED = {"evaluation": "metric", "kpi": "kpi"}

DEEPEST, MOST_PARTS = 6, 600


def read_tree(node: Node, where: str, problems: list[Problem], depth: int = 0) -> Tree | None:
    """Return the tree written at `node`; None with the reasons in `problems` when it is none."""
    if not isinstance(node, Table):
        problems.append(_problem(where, node.line, f"A rule is a mapping; this is {node}."))
        return None
    if depth > DEEPEST:
        sentence = f"Rules are nested more than {DEEPEST} deep; flatten them."
        problems.append(_problem(where, node.line, sentence))
        return None
    keys = {key.text for key, _ in node.pairs}
    if "evidence" in keys:
        return _term(Fields(node, where, problems, _TERM))
    if "soak_days" in keys:
        return _soak(Fields(node, where, problems, _SOAK))
    if "given" in keys:
        return _given(Fields(node, where, problems, ("given",)))
    return _joined(Fields(node, where, problems, _JOINTS), depth)


def _problem(where: str, line: int, sentence: str) -> Problem:
    return Problem(f"{where}, line {line}" if where else f"line {line}", sentence)


def _joined(fields: Fields, depth: int) -> Tree | None:
    how = [key for key in ("all", "any", "not", "at_least") if key in fields.nodes]
    line = fields.table.line
    if len(how) != 1:
        fields.note(
            "A rule holds one of evidence, given, soak_days, all, any, not, at_least.", line
        )
        return None
    joint = Joint(how[0])
    key = "of" if joint is Joint.AT_LEAST else how[0]
    nodes = [fields.nodes["not"]] if joint is Joint.NOT else list(fields.entries(key))
    if not nodes:
        fields.note(f"`{key}` lists no rule; all of nothing is missing.", line)
    if len(nodes) > MOST_PARTS:
        fields.note(f"`{key}` lists {len(nodes)} rules; {MOST_PARTS} are the most.", line)
        return None
    parts = [read_tree(one, fields.where, fields.problems, depth + 1) for one in nodes]
    least = (fields.whole("at_least") or 0) if joint is Joint.AT_LEAST else 0
    if joint is Joint.AT_LEAST and not 1 <= least <= len(parts):
        fields.note(f"`at_least` is {least} of {len(parts)}; it lies from 1 to their number.", line)
    return Joined(joint, tuple(part for part in parts if part is not None), least)


def _given(fields: Fields) -> Given | None:
    name = fields.text("given")
    return Given(name) if name else None


def _soak(fields: Fields) -> Soak | None:
    about, days = fields.text("about"), fields.number("soak_days")
    node = fields.node("cover")
    if about is None or days is None or node is None:
        fields.note(
            "A soak names `about`, `soak_days` and what has to `cover` it.", fields.table.line
        )
        return None
    cover = read_tree(node, fields.where, fields.problems)
    if not isinstance(cover, Term) or not 0 < days <= 730:
        sentence = "`cover` asks for evidence, and `soak_days` lies above 0 and at most 730."
        fields.note(sentence, fields.table.line)
        return None
    statuses = tuple(scalar.text for scalar in fields.texts("statuses"))
    gap = fields.number("gap_days")
    kept = Soak(about, days, cover)
    return Soak(about, days, cover, statuses or kept.statuses, gap or kept.gap_days)


def _term(fields: Fields) -> Term | None:
    kind = fields.text("evidence") or ""
    if kind not in KINDS:
        sentence = f"There is no evidence of kind {kind!r}{meant(kind, list(KINDS)) or '.'}"
        fields.note(sentence, _line_of(fields, "evidence"))
        return None
    about = tuple(scalar.text.strip() for scalar in fields.texts("about"))
    field, compare, bound = _comparison(fields, kind)
    expected = tuple(scalar.text for scalar in fields.texts("expected"))
    default = Reducer.WORST if expected else Reducer.LATEST
    term = Term(
        evidence=kind,
        about=about,
        field=field,
        compare=compare,
        bound=bound,
        where=_where(fields, kind),
        reduce=fields.word("reduce", Reducer, default),
        fresh_days=fields.number("fresh_days"),
        bind=_binding(fields),
        may_be_estimated=_truth(fields, "may_be_estimated"),
        minimum_n=fields.whole("minimum_n"),
        role=fields.text("role") or "",
        expected=expected,
    )
    for key, sentence in _flaws(term):
        fields.note(sentence, _line_of(fields, key))
    return term


def _line_of(fields: Fields, key: str) -> int:
    """Return the line on which `key` stands; that of the whole where it does not."""
    return fields.nodes[key].line if key in fields.nodes else fields.table.line


def _comparison(fields: Fields, kind: str) -> tuple[str, Comparison, Value | tuple[Value, ...]]:
    field, compare, bound = DEFAULTS.get(kind, ("", None, 0.0))
    field = fields.text("field") or field
    given = [word for word in Comparison if str(word) in fields.nodes]
    if len(given) > 1 or (not given and compare is None) or not field:
        words = ", ".join(Comparison)
        line = _line_of(fields, "field")
        fields.note(f"Say the `field` and one comparison: {words}.", line)
        return field, Comparison.EQUALS, ""
    if not given:
        return field, compare or Comparison.EQUALS, bound
    return field, given[0], _bound(fields, given[0])


def _bound(fields: Fields, compare: Comparison) -> Value | tuple[Value, ...]:
    key = str(compare)
    if fields.node(key) is None:
        fields.note(
            f"`{key}` names no bound; write what it is held against.", _line_of(fields, key)
        )
        return 0.0
    if compare in (Comparison.AT_LEAST, Comparison.AT_MOST):
        return fields.number(key) or 0.0
    if compare is Comparison.IN:
        return tuple(_value(node, fields) for node in fields.entries(key))
    node = fields.node(key)
    found = _value(node, fields) if node is not None else ""
    if compare is Comparison.IS and not isinstance(found, bool):
        fields.note("`is` is true or false.", _line_of(fields, key))
    return found


def _value(node: Node, fields: Fields) -> Value:
    if not isinstance(node, Scalar):
        fields.note(f"One value is compared; this is {node}.", node.line)
        return ""
    found = plain(node)
    return float(found) if isinstance(found, int) and not isinstance(found, bool) else _text(found)


def _text(found: object) -> Value:
    return found if isinstance(found, bool | float | str) else ""


def _where(fields: Fields, kind: str) -> tuple[tuple[str, Value], ...]:
    table = fields.table_of("where", (*KINDS[kind].model_fields, *_MEMBER_KEYS.get(kind, ())))
    if table is None:
        return ()
    return tuple(sorted((key, _value(node, fields)) for key, node in table.nodes.items()))


def _binding(fields: Fields) -> tuple[Binding, ...]:
    found = []
    for scalar in fields.texts("bind"):
        if scalar.text not in tuple(Binding):
            fields.note(f"`bind` is {scalar}; choose of {', '.join(Binding)}.", scalar.line)
        else:
            found.append(Binding(scalar.text))
    return tuple(dict.fromkeys(found))


def _truth(fields: Fields, key: str) -> bool:
    scalar = fields.scalar(key, "true or false")
    if scalar is not None and scalar.text not in ("true", "false"):
        fields.note(f"`{key}` is {scalar}; write true or false.", scalar.line)
    return scalar is not None and scalar.text == "true"


def _flaws(term: Term) -> Sequence[tuple[str, str]]:
    """Return what is wrong with a term as a whole: the key that it lies in, and a sentence."""
    found = [*_subject_flaws(term), *_field_flaws(term)]
    if term.reduce is Reducer.COUNT and term.compare is not Comparison.AT_LEAST:
        sentence = "A count is asked `at_least`: below a bound, a silent source would pass."
        found.append(("reduce", sentence))
    if term.reduce is Reducer.BY_SEGMENT and term.evidence != "evaluation":
        found.append(("reduce", "Only an evaluation has segments; reduce `worst` instead."))
    if term.role and term.evidence not in ("approval", "attestation"):
        found.append(("role", "`role` is asked of an approval or an attestation."))
    if term.fresh_days is not None and term.fresh_days <= 0:
        sentence = f"`fresh_days` is {term.fresh_days:g}; it has to be more than 0."
        found.append(("fresh_days", sentence))
    return found


def _field_flaws(term: Term) -> Sequence[tuple[str, str]]:
    found, where = [], dict(term.where)
    known = (*KINDS[term.evidence].model_fields, *_MEMBER_KEYS.get(term.evidence, ()))
    if term.field not in known:
        hint = meant(term.field, known) or f". It has {', '.join(known)}."
        found.append(("field", f"A {term.evidence} has no {term.field!r}{hint}"))
    name = _NAMED.get(term.evidence)
    if name and name not in where:
        found.append(("where", f"Say under `where` which {name} is meant."))
    return found


def _subject_flaws(term: Term) -> Sequence[tuple[str, str]]:
    if not term.about:
        return [("about", "Say what the evidence is `about`, like model:{model}@{version}.")]
    found = []
    for text in term.about:
        unknown = set(unfilled((text,))) - set(PLACEHOLDERS)
        if unknown:
            names = ", ".join(PLACEHOLDERS)
            found.append(f"{sorted(unknown)} cannot be filled; known are {names}.")
        try:
            SubjectRef.parse(text)
        except Invalid as error:
            found.append(str(error))
    return [("about", sentence) for sentence in found]


def written_tree(tree: Tree) -> dict[str, Any]:
    """Return a tree as the file writes it: what `read_tree` reads back as the same."""
    match tree:
        case Given():
            return {"given": tree.name}
        case Soak():
            return {
                "soak_days": tree.days,
                "about": tree.about,
                "statuses": _alone(tree.statuses),
                "gap_days": tree.gap_days,
                "cover": written_tree(tree.cover),
            }
        case Term():
            return _written_term(tree)
        case Joined():
            parts = [written_tree(part) for part in tree.parts]
            if tree.how is Joint.NOT:
                return {"not": parts[0]}
            if tree.how is Joint.AT_LEAST:
                return {"at_least": tree.least, "of": parts}
            return {str(tree.how): parts}


def _written_term(term: Term) -> dict[str, Any]:
    usual = Term(term.evidence, (), "", Comparison.EQUALS, "")
    told: dict[str, Any] = {
        "evidence": term.evidence,
        "about": _alone(term.about),
        "where": {key: _tidy(value) for key, value in term.where},
        "field": term.field,
        str(term.compare): _tidy(bound_of(term.bound)),
    }
    if term.reduce is not (Reducer.WORST if term.expected else Reducer.LATEST):
        told["reduce"] = str(term.reduce)
    if term.fresh_days is not None:
        told["fresh_days"] = _tidy(term.fresh_days)
    told |= {"bind": _alone([str(one) for one in term.bind]), "expected": _alone(term.expected)}
    for key in ("may_be_estimated", "minimum_n", "role"):
        if getattr(term, key) != getattr(usual, key):
            told[key] = getattr(term, key)
    return {key: value for key, value in told.items() if value not in ([], {})}


def _alone(values: Sequence[str]) -> object:
    """Return a list of one as its member: no deeper than somebody may have written it."""
    return values[0] if len(values) == 1 else list(values)


def _tidy(value: object) -> object:
    """Return a whole number without its point, as people write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def node_of(value: object) -> Node:
    """Return JSON-like values as a document without lines: what was stored is read as a file is."""
    match value:
        case Mapping():
            pairs = tuple((Scalar(str(key), False, 0), node_of(one)) for key, one in value.items())
            return Table(pairs, 0)
        case list() | tuple():
            return Entries(tuple(node_of(one) for one in value), 0)
        case bool() | None:
            return Scalar({True: "true", False: "false", None: "null"}[value], True, 0)
        case str():
            return Scalar(value, False, 0)
        case _:
            return Scalar(repr(value), True, 0)
