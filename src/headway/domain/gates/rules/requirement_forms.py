"""A requirement as a form edits it: every value in a field of its own, judged as a file's are.

The form is a way to write the same table that a gate file holds. What is wrong with it is said by
the reader of gate files, and the line that it names is the field: "line 7" is the seventh.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.domain.assessments.rules.term_files import node_of, written_tree
from headway.domain.assessments.rules.terms import Binding, Comparison, Given, Term, Tree
from headway.domain.assessments.rules.terms import Scalar as Value
from headway.domain.assessments.rules.verdicts import Dimension
from headway.domain.gates.rules.gate_files import requirement_at
from headway.domain.gates.rules.requirements import Requirement
from headway.errors import Invalid, Problem

#: The tiers that a form ticks; a file may name others, and those stay.
TIERS = ("standard", "high")

#: What Headway works out itself; one that ends in a colon is of something that has to be named.
GIVENS = (
    *("criteria", "criteria:segments", "criteria:guardrails", "criterion:"),
    *("monitors", "monitors:", "monitor:", "reproducible"),
    *(f"dimension:{one}" for one in Dimension),
)

EVIDENCE, GIVEN = "evidence", "given"

#: The fields of the form, and the key of the file that each of them writes.
_FIELDS: Mapping[str, str] = {
    "key": "key",
    "name": "name",
    "owner": "owner",
    "how": "how",
    "command": "command",
    "tier_standard": "tiers",
    "waivable": "waivable",
    "judged": "rule",
    "given": "given",
    "evidence": "evidence",
    "about": "about",
    "where": "where",
    "field": "field",
    "compare": "",
    "bound": "",
    "reduce": "reduce",
    "fresh_days": "fresh_days",
    "bind_version": "bind",
    "minimum_n": "minimum_n",
    "realised": "may_be_estimated",
    "role": "role",
}
_LINES = {field: number for number, field in enumerate(_FIELDS, 1)}
_BY_LINE = {number: field for field, number in _LINES.items()}
_HEAD = ("key", "name", "owner", "how", "command")
#: What a term holds as one text, whatever it means.
_PLAIN = ("evidence", "field", "reduce", "fresh_days", "minimum_n", "role")

_LINE = re.compile(r"line (\d+)$")
_LISTED = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]+)')


def is_in_form(tree: Tree) -> bool:
    """Say whether a form holds the whole rule: one term that expects no members, or one given."""
    return isinstance(tree, Given) or (isinstance(tree, Term) and not tree.expected)


def form_values(one: Requirement) -> dict[str, object]:
    """Return what the form's fields hold of a requirement: what `read_form` reads back."""
    told: dict[str, object] = {
        "key": one.key,
        "name": one.name,
        "owner": one.owner,
        "how": one.how,
        "command": one.command,
        "waivable": one.is_waivable,
        **{f"tier_{tier}": tier in one.tiers for tier in TIERS},
    }
    match one.tree:
        case Given(name):
            return told | _given_values(name)
        case Term() as term if is_in_form(term):
            return told | _term_values(term)
    return told


def _given_values(name: str) -> dict[str, object]:
    word, colon, rest = name.partition(":")
    if name in GIVENS or word + colon not in GIVENS:
        return {"judged": GIVEN, "given": name, "given_of": ""}
    return {"judged": GIVEN, "given": word + colon, "given_of": rest}


def _term_values(term: Term) -> dict[str, object]:
    bound = term.bound
    listed = [_shown(one, ",") for one in bound] if isinstance(bound, tuple) else [_shown(bound)]
    return {
        "judged": EVIDENCE,
        "evidence": term.evidence,
        "about": "\n".join(term.about),
        "where": "\n".join(f"{key}: {_shown(value)}" for key, value in term.where),
        "field": term.field,
        "compare": str(term.compare),
        "bound": ", ".join(listed),
        "reduce": str(term.reduce),
        "fresh_days": "" if term.fresh_days is None else _shown(term.fresh_days),
        **{f"bind_{one}": one in term.bind for one in Binding},
        "minimum_n": "" if term.minimum_n is None else str(term.minimum_n),
        "realised": not term.may_be_estimated,
        "role": term.role,
    }


def _shown(value: Value, parting: str = "") -> str:
    """Return a value as it is typed; a text that would be read as something else is quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    is_safe = value and value == value.strip() and value.isprintable() and value[0] != '"'
    if is_safe and plain(Scalar(value, True, 0)) == value and not (parting and parting in value):
        return value
    # What is not printable is escaped: some of it would end the line that it stands on.
    return json.dumps(value, ensure_ascii=not value.isprintable())


def read_form(
    values: Mapping[str, object], held: Requirement | None = None, taken: Collection[str] = ()
) -> Requirement:
    """Return the requirement that a form's values say.

    `held` is the one that is edited: it keeps its key, and its rule where no form holds that.
    `taken` are the keys that a new one cannot have. Raises Invalid; `where` of each problem is the
    name of a field, or empty for the form as a whole.
    """
    problems = list(_form_flaws(values, held, taken))
    found = requirement_at(_table(values, held, problems), problems)
    if found is None or problems:
        placed = [Problem(_field_of(one), one.sentence) for one in problems]
        sentence = " ".join(one.sentence for one in placed[:3]) or "The requirement is not whole."
        raise Invalid(sentence, placed[:200])
    return found


def _field_of(problem: Problem) -> str:
    line = _LINE.search(problem.where)
    return _BY_LINE.get(int(line[1]), "") if line else problem.where


def _form_flaws(
    values: Mapping[str, object], held: Requirement | None, taken: Collection[str]
) -> Sequence[Problem]:
    """Return what only a form can get wrong, where a file would not say it at all."""
    found = []
    key = str(values.get("key", "")).strip()
    if held is None and key in taken:
        found.append(Problem("key", f"The key {key!r} is taken in this stage; choose another."))
    if held is not None and not is_in_form(held.tree):
        return found
    if values.get("judged") == GIVEN:
        given = str(values.get("given", ""))
        if given.endswith(":") and not str(values.get("given_of", "")).strip():
            found.append(Problem("given_of", f"Say of which one: {given[:-1]} needs its name."))
    elif not values.get("compare") and str(values.get("bound", "")).strip():
        found.append(Problem("compare", "Say how the value is held against the bound."))
    return found


def _table(
    values: Mapping[str, object], held: Requirement | None, problems: list[Problem]
) -> Table:
    told = {name: _text(values, name) for name in _HEAD}
    if held is not None:
        told["key"] = Scalar(held.key, False, _LINES["key"])
    told["waivable"] = _truth(values.get("waivable"), "waivable")
    nodes: dict[str, Node] = {**told, "tiers": _tiers(values, held)}
    nodes["rule"] = _rule(values, held, problems)
    return _table_of(nodes, 0)


def _table_of(nodes: Mapping[str, Node], line: int) -> Table:
    return Table(tuple((Scalar(key, True, node.line), node) for key, node in nodes.items()), line)


def _text(values: Mapping[str, object], name: str) -> Scalar:
    """Return what a field holds; nothing typed is nothing said, on the field's own line."""
    typed = str(values.get(name) or "").strip()
    return Scalar(typed, not typed, _LINES[name])


def _truth(value: object, field: str) -> Scalar:
    return Scalar("true" if value else "false", True, _LINES[field])


def _tiers(values: Mapping[str, object], held: Requirement | None) -> Entries:
    ticked = {tier for tier in TIERS if values.get(f"tier_{tier}")}
    known = dict.fromkeys([*(held.tiers if held else ()), *TIERS])
    line = _LINES["tier_standard"]
    return _entries([one for one in known if one in ticked or one not in TIERS], line)


def _entries(texts: Sequence[str], line: int) -> Entries:
    return Entries(tuple(Scalar(one, False, line) for one in texts), line)


def _rule(values: Mapping[str, object], held: Requirement | None, problems: list[Problem]) -> Node:
    if held is not None and not is_in_form(held.tree):
        return node_of(written_tree(held.tree))
    if values.get("judged") == GIVEN:
        name = str(values.get("given", ""))
        name += str(values.get("given_of", "")).strip() if name.endswith(":") else ""
        return _table_of({"given": Scalar(name, False, _LINES["given"])}, _LINES["judged"])
    about = [one.strip() for one in str(values.get("about", "")).splitlines() if one.strip()]
    bind = [str(one) for one in Binding if values.get(f"bind_{one}")]
    nodes: dict[str, Node] = {
        **{name: _text(values, name) for name in _PLAIN},
        "about": _entries(about, _LINES["about"]),
        "where": _where(str(values.get("where", "")), problems),
        "bind": _entries(bind, _LINES["bind_version"]),
        "may_be_estimated": _truth(not values.get("realised"), "realised"),
    }
    if values.get("compare"):
        nodes[str(values["compare"])] = _bound(values, problems)
    return _table_of(nodes, _LINES["judged"])


def _where(text: str, problems: list[Problem]) -> Table:
    """Return `key: value` lines as a mapping."""
    pairs, line = [], _LINES["where"]
    for one in filter(None, (row.strip() for row in text.splitlines())):
        key, colon, value = one.partition(":")
        if not colon or not value.strip():
            problems.append(Problem("where", f"{one[:60]!r} is not a line like `key: value`."))
        else:
            told = _typed(value.strip(), "where", problems)
            pairs.append((Scalar(key.strip(), True, line), told))
    return Table(tuple(pairs), line)


def _bound(values: Mapping[str, object], problems: list[Problem]) -> Node:
    typed = str(values.get("bound") or "").strip()
    if not typed:
        return Scalar("", True, _LINES["bound"])
    if values["compare"] != Comparison.IN:
        return _typed(typed, "bound", problems)
    parts = [part.strip() for part in _LISTED.findall(typed)]
    found = tuple(_typed(part, "bound", problems) for part in parts if part)
    return Entries(found, _LINES["bound"])


def _typed(text: str, field: str, problems: list[Problem]) -> Scalar:
    """Return a typed value: a number, true or false, else text; in quotes it is text as it is."""
    line = _LINES[field]
    if not text.startswith('"'):
        bare = Scalar(text, True, line)
        return Scalar(text, False, line) if bare.is_null else bare
    try:
        found = json.loads(text)
    except ValueError:
        problems.append(Problem(field, f"{text[:60]} begins with a quote and does not end as one."))
        return Scalar(text, False, line)
    return Scalar(str(found), False, line)
