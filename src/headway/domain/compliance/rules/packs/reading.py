"""Pack files in, packs out; every problem of a file in one Invalid, and nothing half read.

What Headway ships and a policy that somebody wrote are the same file, read by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from headway.analysis.documents.fields import Fields
from headway.analysis.documents.text import Form, Node, Scalar, Table, compose, decoded
from headway.domain.compliance.rules.packs.asking import ASKABLE, known_fields
from headway.domain.compliance.rules.packs.pack import Ask, Control, Group, Licence, Pack, PackKind
from headway.errors import Invalid, Problem

PACK_FILE = Form("pack file", "`pack`, `title` and `controls`", "split the pack")
TOP = (
    *("pack", "title", "version", "kind", "source", "licence", "words", "effective_from"),
    *("effective_until", "superseded_by", "verify", "groups", "controls", "attest"),
)
GROUP = ("id", "title", "parent")
CONTROL = (
    *("id", "title", "group", "articles", "applies_to", "evidence", "attest", "effective_from"),
    *("effective_until", "review_days", "verify"),
)
APPLIES = ("role", "class")
ASK = ("kind", "about", "item", "where", "is", "at_least", "at_most", "has", "within")

#: More controls than any framework has; and no day of review lies further off.
MOST_CONTROLS, LONGEST_REVIEW = 500, 3_650

PACK_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
CONTROL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ().:,&-]{0,59}")
ABOUT = re.compile(r"[a-z][a-z_]{0,39}(:[^@\s][^@\n]{0,299})?")
URL = re.compile(r"https://[^\s<>\"']+")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever stores a policy knows of it and its file does not say."""

    version: str
    effective_from: date
    effective_until: date | None = None
    superseded_by: str = ""


def read_pack(data: bytes, name: str, given: Given | None = None) -> Pack:
    """Return the pack in a YAML file. `given` says what a policy's file leaves to Headway.

    Raises Invalid with every problem of the file, each with its line.
    """
    root = compose(decoded(data, name, PACK_FILE.noun), name, PACK_FILE)
    problems: list[Problem] = []
    fields = _Fields(root, "", problems, TOP)
    pack = _pack(fields, given)
    if not pack.controls and not problems:
        fields.note("A pack without controls asks nothing; write `controls`.", root.line)
    if problems:
        raise Invalid(_summary(name, problems), problems)
    return pack


def _summary(name: str, problems: list[Problem]) -> str:
    first = problems[0]
    if len(problems) == 1:
        return f"{name}, {first.where}: {first.sentence}"
    return f"{name} has {len(problems)} problems, the first at {first.where}: {first.sentence}"


class _Fields(Fields):
    """The fields of a pack file: besides text and days, truth and ids."""

    def truth(self, key: str, *, default: bool) -> bool:
        """Return yes or no under `key`."""
        scalar = self.scalar(key, "yes or no")
        if scalar is None:
            return default
        if scalar.text not in _TRUTH:
            self.note(f"`{key}` is {scalar}; write yes or no.", scalar.line)
        return _TRUTH.get(scalar.text, default)

    def needed(self, key: str) -> str:
        """Return the text under `key`, which has to be there."""
        found = self.text(key)
        if found is None and self.node(key) is None:
            self.note(f"`{key}` is missing; write it.", self.table.line)
        return found or ""

    def shaped(self, key: str, pattern: re.Pattern[str], rule: str) -> str:
        """Return the text under `key`, which `pattern` has to match whole; `rule` says it."""
        found = self.needed(key)
        if found and not pattern.fullmatch(found):
            self.note(f"`{key}` is {found!r}; {rule}.", self.nodes[key].line)
        return found

    def names(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list under `key`."""
        return tuple(scalar.text.strip() for scalar in self.texts(key))

    def tables(self, key: str, known: tuple[str, ...], sort: str) -> Iterator[_Fields]:
        """Yield the mappings of the list under `key`, each named by its id or its number."""
        for number, node in enumerate(self.entries(key), 1):
            if isinstance(node, Table):
                yield _Fields(node, _named(node, sort, number, self.where), self.problems, known)
            else:
                self.note(f"`{key}` holds {node}; write a mapping.", node.line)


def _named(table: Table, sort: str, number: int, where: str) -> str:
    found = next((value for key, value in table.pairs if key.text == "id"), None)
    name = f"{sort} {found.text[:60]}" if isinstance(found, Scalar) else f"{sort} {number}"
    return f"{where}, {name}" if where else name


_ID_RULE = "use small letters, digits, dashes and dots, such as release-policy"
_CONTROL_RULE = "use letters, digits, spaces and . ( ) - : , only, at most 60 signs"


def _pack(fields: _Fields, given: Given | None) -> Pack:
    kind = fields.word("kind", PackKind, PackKind.POLICY)
    if given is not None:
        _refuse_ours(fields)
        given_from, given_until = given.effective_from, given.effective_until
        version, successor = given.version, given.superseded_by
        source = fields.text("source") or ""
    else:
        given_from, given_until = _needed_day(fields), fields.day("effective_until")
        version, successor = fields.needed("version"), fields.text("superseded_by") or ""
        source = fields.needed("source")
    if source and not URL.fullmatch(source):
        fields.note(f"`source` is {source!r}; write an https address.", fields.nodes["source"].line)
    attest = fields.truth("attest", default=kind is not PackKind.POLICY)
    groups = tuple(_groups(fields))
    controls = tuple(_controls(fields, attest=attest, start=given_from))
    _check_whole(fields, groups, controls)
    return Pack(
        id=fields.shaped("pack", PACK_ID, _ID_RULE),
        title=fields.needed("title"),
        version=version,
        kind=kind,
        source=source,
        licence=fields.word("licence", Licence, Licence.OWN_WORDS),
        effective_from=given_from,
        effective_until=given_until,
        superseded_by=successor,
        words=_words(fields),
        verify=fields.truth("verify", default=False),
        groups=groups,
        controls=controls,
    )


def _refuse_ours(fields: _Fields) -> None:
    """Note the keys of a policy's file that Headway keeps itself, so that two cannot disagree."""
    for key in ("version", "effective_from", "effective_until", "superseded_by"):
        if key in fields.nodes:
            sentence = f"`{key}` of a policy is kept by Headway; take it out of the file."
            fields.note(sentence, fields.nodes[key].line)
    kind = fields.node("kind")
    if isinstance(kind, Scalar) and kind.text != PackKind.POLICY:
        fields.note("The `kind` of a pack of your own is policy.", kind.line)


def _needed_day(fields: _Fields) -> date:
    if fields.node("effective_from") is None:
        fields.note("`effective_from` is missing; write the day.", fields.table.line)
    return fields.day("effective_from") or date.max


def _words(fields: _Fields) -> str:
    """Return what the pack says of itself: longer than a name may be."""
    scalar = fields.scalar("words", "a text")
    text = scalar.text.strip() if scalar is not None else ""
    if scalar is not None and (len(text) > 2_000 or not text.replace("\n", " ").isprintable()):
        fields.note("`words` has to be at most 2,000 printable characters.", scalar.line)
    return text


def _groups(fields: _Fields) -> Iterator[Group]:
    for one in fields.tables("groups", GROUP, "group"):
        yield Group(
            one.shaped("id", CONTROL_ID, _CONTROL_RULE),
            one.needed("title"),
            one.text("parent") or "",
        )


def _controls(fields: _Fields, *, attest: bool, start: date) -> Iterator[Control]:
    for number, one in enumerate(fields.tables("controls", CONTROL, "control"), 1):
        if number > MOST_CONTROLS:
            fields.note(f"More than {MOST_CONTROLS} controls; split the pack.", one.table.line)
            return
        yield _control(one, attest=attest, start=start)


def _control(one: _Fields, *, attest: bool, start: date) -> Control:
    applies = one.table_of("applies_to", APPLIES)
    asks = tuple(_asks(one))
    return Control(
        id=one.shaped("id", CONTROL_ID, _CONTROL_RULE),
        title=one.needed("title"),
        group=one.text("group") or "",
        articles=one.names("articles"),
        roles=applies.names("role") if applies else (),
        classes=applies.names("class") if applies else (),
        asks=asks,
        attest=one.truth("attest", default=attest) or not asks,
        effective_from=one.day("effective_from") or start,
        effective_until=one.day("effective_until"),
        review_days=_days(one, "review_days", LONGEST_REVIEW) or 365,
        verify=one.truth("verify", default=False),
    )


def _days(one: _Fields, key: str, most: int) -> int | None:
    found = one.whole(key)
    if found is not None and not 1 <= found <= most:
        one.note(f"`{key}` is {found}; it has to be 1 to {most} days.", one.nodes[key].line)
        return None
    return found


def _asks(one: _Fields) -> Iterator[Ask]:
    for ask in one.tables("evidence", ASK, "evidence"):
        kind = ask.needed("kind")
        if kind in ASKABLE:
            yield _ask(ask, kind)
        elif kind:
            known = ", ".join(ASKABLE)
            ask.note(f"`kind` is {kind!r}; controls ask for {known}.", ask.nodes["kind"].line)


def _ask(ask: _Fields, kind: str) -> Ask:
    item = ask.text("item") or ""
    if item and not ASKABLE[kind].items:
        ask.note(f"A {kind} has no items to name.", ask.nodes["item"].line)
    known = known_fields(kind, is_item=bool(item))
    about = ask.text("about") or ""
    if about and not ABOUT.fullmatch(about):
        rule = "write a kind of subject, or one subject such as model:screening"
        ask.note(f"`about` is {about!r}; {rule}.", ask.nodes["about"].line)
    given = ask.names("has")
    for name in sorted(set(given) - set(known)):
        ask.note(f"A {kind} has no {name!r}; it has {', '.join(known)}.", ask.nodes["has"].line)
    return Ask(
        kind=kind,
        about=about,
        where=_choices(ask, "where", known),
        equal=_choices(ask, "is", known),
        at_least=_bounds(ask, "at_least", known),
        at_most=_bounds(ask, "at_most", known),
        given=given,
        item=item,
        within=_days(ask, "within", LONGEST_REVIEW),
    )


def _choices(ask: _Fields, key: str, known: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return by field the words of which one is wanted."""
    table = ask.table_of(key, known)
    if table is None:
        return {}
    return {name: _listed(table, name) for name in table.nodes}


def _listed(table: Fields, name: str) -> tuple[str, ...]:
    found = tuple(scalar.text.strip() for scalar in table.texts(name))
    if not found:
        table.note(f"`{name}` names nothing; write a value.", table.nodes[name].line)
    return found


def _bounds(ask: _Fields, key: str, known: tuple[str, ...]) -> Mapping[str, float]:
    table = ask.table_of(key, known)
    if table is None:
        return {}
    found = {name: table.number(name) for name in table.nodes}
    return {name: bound for name, bound in found.items() if bound is not None}


def _check_whole(fields: _Fields, groups: tuple[Group, ...], controls: tuple[Control, ...]) -> None:
    """Note ids that are used twice, and groups that are named and not there."""
    line = _lines(fields)
    known = {group.id for group in groups}
    for sort, ids in (("group", [g.id for g in groups]), ("control", [c.id for c in controls])):
        for twice in sorted({one for one in ids if one and ids.count(one) > 1}):
            fields.note(f"The {sort} {twice!r} is there twice; keep one.", line.get(twice, 1))
    for group in groups:
        if group.parent and group.parent not in known:
            fields.note(f"There is no group {group.parent!r} to lie in.", line.get(group.id, 1))
    for control in controls:
        if control.group and control.group not in known:
            sentence = f"{control.id} lies in {control.group!r}, which is no group."
            fields.note(sentence, line.get(control.id, 1))


def _lines(fields: _Fields) -> Mapping[str, int]:
    """Return on which line each group and control begins."""
    nodes: list[Node] = [*fields.entries("groups"), *fields.entries("controls")]
    return {
        value.text.strip(): node.line
        for node in nodes
        if isinstance(node, Table)
        for key, value in node.pairs
        if key.text == "id" and isinstance(value, Scalar)
    }
