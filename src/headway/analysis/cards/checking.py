"""Judging a card: each section by what its parts really say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from headway.analysis.cards.answer import CardAnswer, SectionAnswer
from headway.analysis.cards.content import Said, has_number, read_statements, shown
from headway.analysis.cards.parts import Parsed, Part
from headway.analysis.cards.reading import parsed
from headway.analysis.cards.sections import NEVER_IDLE, CardKind, Section, sections_of
from headway.analysis.verdicts import Verdict

#: Words that a section needs; a number counts as two.
LEAST = 4
_MOST_UNPLACED = 50

#: Headings that promise each of their sections, where "Evaluation" may hold any of its own.
_JOINED = (("ethical considerations", "caveats"), ("training data", "evaluation data"))

#: What a text has to touch to speak to a section that its heading joins with others.
_SIGNS = {
    "training data": r"train|fit|learn|corpus|dataset|rows|examples|images|records|tokens|data",
    "evaluation data": r"test|eval|valid|held|hold|benchmark|split",
    "metrics": r"metric|auc|f1|recall|precision|accura|rmse|mae|loss|score|rate|threshold|error",
    "quantitative analyses": r"\d",
    "ethical considerations": r"bias|fair|harm|risk|priva|group|ethic|sensitiv|discriminat|people|"
    r"person|gender|race|women|men\b|age\b|minorit|stereotyp|safety|abuse|misuse",
    "caveats": r"limit|caveat|\bnot\b|fail|worse|only|should|recommend|beware|cannot|can't|weak|"
    r"unreliable|lower|less|degrad|poor|avoid|caution|may\b",
}
_ENGLISH = re.compile(r"\b(?:the|and|of|are|is|with|for|it|this)\b", re.IGNORECASE)
#: Characters from which on a text without such words is in another language.
_PROSE = 60
_BY_GROUP = re.compile(
    r"\b(?:by|per|each|every|across|within|among|between)\b|"
    r"\b(?:sub)?(?:group|segment|slice|cohort|class|region|country|gender|sex|age|language|digit)"
    r"(?:e?s)?\b|\bintersect|\bunitary\b|\bstratif|\bdisaggregat|\bbroken down\b|"
    r"\b(?:under|over(?! all)|older|younger|newer|above|below)\b|"
    r"\b(?:on|for|among) (?:new|old|young|women|men|female|male|small|large|low|high|rare)\b|"
    r"\b\w+=\w+",
    re.IGNORECASE,
)
_COMBINED = re.compile(
    r"intersect|combin|\bcross(?:ed|ing)?\b|\b\w+ (?:and|×|x|by) \w+ together", re.I
)


def check_card(data: bytes, name: str, kind: CardKind) -> CardAnswer:
    """Judge the card in `data`; `name` is the file's, for messages.

    Raises Invalid for what is too large, no text, broken JSON or YAML, or no card.
    """
    found = parsed(data, name, kind)
    return CardAnswer(
        name=name,
        kind=kind,
        format=found.format,
        digest=hashlib.sha256(data).hexdigest(),
        sections=tuple(_judged(section, found) for section in sections_of(kind)),
        metrics=tuple(found.metrics),
        unplaced=_unplaced(found.parts),
        notes=tuple(found.notes),
    )


def _unplaced(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the headings with text that belong to no section and are known to be none."""
    lost = [
        f"{part.heading} (line {part.line})"
        for part in parts
        if not part.sections and not part.has_own_heading and part.heading and part.text.strip()
    ]
    return tuple(lost[:_MOST_UNPLACED])


def _judged(section: Section, found: Parsed) -> SectionAnswer:
    parts = [part for part in found.parts if section.key in part.sections]
    said = _said(section, parts)
    if not said.lines:
        # A name in the front matter is something, and never enough.
        for hint in found.hints.get(section.key, ()):
            read_statements(hint, (), said)
        said.weight = min(said.weight, LEAST - 1)
    verdict, sentence = _verdict(section, parts, said)
    named = (part.heading for part in parts if part.has_own_heading and part.heading)
    return SectionAnswer(
        section.key, section.title, verdict, sentence, tuple(dict.fromkeys(named))[:20]
    )


def _said(section: Section, parts: Sequence[Part]) -> Said:
    """Return what the parts say to a section; a joined heading counts where the text touches it."""
    said = Said()
    for part in parts:
        text = part.text
        if section.key == "quantitative analyses" and has_number(part.code):
            text += "\n" + part.code
        if len(part.sections) > 1 and not _touches(section.key, text):
            other = read_statements(text, (part.heading,), Said())
            said.blanks += other.blanks
            if part.sections in _JOINED and other.lines:
                said.passed_over.append(part.heading)
            continue
        read_statements(text, (part.heading, section.title), said)
    return said


def _touches(key: str, text: str) -> bool:
    """Say whether a text speaks to a section; of one in another language nobody can tell."""
    signs = _SIGNS.get(key)
    if signs is None or re.search(signs, text, re.IGNORECASE):
        return True
    is_prose = len(text) > _PROSE and not _ENGLISH.search(text)
    return is_prose and key in ("ethical considerations", "caveats")


def _verdict(section: Section, parts: Sequence[Part], said: Said) -> tuple[Verdict, str]:
    if said.lines:
        return _of_words(section, parts, said)
    if said.idle:
        return _of_idle(section, said.idle)
    if said.unknown:
        return _of_unknown(said.unknown)
    if said.passed_over:
        sentence = f"“{said.passed_over[0]}” does not speak of it; wanted: {section.asks}."
        return Verdict.INSUFFICIENT, sentence
    return Verdict.MISSING, _lacking(section, parts, said)


def _of_words(section: Section, parts: Sequence[Part], said: Said) -> tuple[Verdict, str]:
    """Judge a section in which something is said."""
    opens = shown(said.lines[0])
    if said.weight < LEAST:
        sentence = f"Only “{shown(said.text)}” is said; wanted: {section.asks}."
        return Verdict.INSUFFICIENT, sentence
    if section.key == "quantitative analyses":
        heads = [part.heading for part in parts if part.text.strip()]
        fault = _without_groups(said.text, heads)
        if fault:
            return Verdict.INSUFFICIENT, fault
    count = sum(1 for _ in said.lines)
    told = f"“{opens}”" + (f" and {count - 1} more lines." if count > 2 else ".")
    if section.key == "quantitative analyses" and not _COMBINED.search(said.text):
        told += " Results for factors combined are not given."
    left = len(said.unlooked) + len(said.unknown) + len(said.blanks)
    if left:
        told += f" {left} {'part is' if left == 1 else 'parts are'} unknown or not filled in."
    return Verdict.MET, told


def _without_groups(text: str, heads: Sequence[str]) -> str:
    """Return what is wrong with results that give no number, or only overall ones.

    That they are by group may stand in the text, in the headings above it, or in a table's rows.
    """
    if not has_number(text):
        return "No number is given; wanted: results by each factor."
    if not any(map(_BY_GROUP.search, (text, *heads))) and _rows_by_group(text) < 2:
        return "Only overall results are given; wanted: results by each factor."
    return ""


def _rows_by_group(text: str) -> int:
    """Return how many rows of a table give a number for something that is no metric's name."""
    rows = [line.split(" · ") for line in text.split("\n") if " · " in line and has_number(line)]
    return len({row[0] for row in rows if not re.search(_SIGNS["metrics"], row[0], re.I)})


def _of_idle(section: Section, idle: Sequence[tuple[str, bool]]) -> tuple[Verdict, str]:
    text, has_reason = max(idle, key=lambda one: one[1])
    if section.key in NEVER_IDLE:
        sentence = f"“{text}”: every card needs it: {section.asks}."
        return Verdict.MISSING, sentence
    if not has_reason:
        return Verdict.MISSING, f"“{text}” without a reason; say why it does not apply."
    return Verdict.NOT_APPLICABLE, f"“{text}”"


def _of_unknown(unknown: Sequence[tuple[str, bool]]) -> tuple[Verdict, str]:
    text, has_reason = max(unknown, key=lambda one: one[1])
    if has_reason:
        return Verdict.MET, f"Said to be unknown, with a reason: “{text}”"
    return Verdict.INSUFFICIENT, f"“{text}”: say why it is unknown, or who would know."


def _lacking(section: Section, parts: Sequence[Part], said: Said) -> str:
    """Return why nothing is said: no heading, an empty one, or one that holds only a template."""
    where = next((part for part in parts if part.has_own_heading and part.heading), None)
    line = f" (line {where.line})" if where is not None and where.line else ""
    named = f"“{shown(where.heading)}”{line}" if where is not None else ""
    if said.unlooked:
        return f"“{said.unlooked[0]}”"
    if said.blanks:
        told = said.blanks[0] or "marks without words"
        return f"{named or 'The text'} holds only what a template leaves (“{told}”)."
    if where is not None and any(part.text.strip() for part in parts):
        return f"{named} says nothing of {section.asks}."
    if where is not None:
        return f"{named} stands without content; wanted: {section.asks}."
    return f"No heading speaks of it; wanted: {section.asks}."
