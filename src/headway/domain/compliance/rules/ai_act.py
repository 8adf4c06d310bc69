"""The EU AI Act's class of a system: answers in, class and obligations out, at a date.

The questions are asked in the law's order and judged in none: the same answers give the same class
however they came. What is not answered stays open, so that silence never makes a system minimal. A
practice of Art. 5 that was named beats every other answer, also a claim that the Act does not reach
the system: then one of the two answers has to be taken back by a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.law import Kind, Question, Term, ai_act, term_said
from headway.domain.compliance.rules.obligations import Due, obligations_for
from headway.errors import Invalid

#: What was answered: the value of each question that has one, by its id.
Answers = Mapping[str, object]

#: What a day's answer holds for "not on the market yet".
NOT_YET = "not_yet"

#: Which tag of Art. 50 a tick of its question gives, in the names of `dates`.
_TRANSPARENCY = ("talks", "synthetic", "emotion", "deep-fake", "public-text")


class SystemClass(StrEnum):
    """The one word for a system's class; the set of tags says the rest."""

    PROHIBITED = "prohibited"
    HIGH = "high"
    LIMITED = "limited"
    GENERAL_PURPOSE = "general_purpose"
    MINIMAL = "minimal"
    OUT = "out_of_scope"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Classification:
    """What the Act makes of a system at a date.

    `verdict` says whether it is classified: met; insufficient or missing while a question is open;
    unmet when it is prohibited. `tags` are all classes that fit, `asked` the questions that these
    answers lead to, in order, `next_question` the first of them without an answer.
    """

    verdict: Verdict
    system_class: SystemClass
    tags: frozenset[str]
    roles: frozenset[str]
    asked: tuple[str, ...]
    next_question: str
    sentence: str
    obligations: tuple[Due, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is open."""
        return not self.next_question


def classify(answers: Answers, on: date) -> Classification:
    """Return the class of a system with these answers on a day. Unreadable ones count as open."""
    held = _readable(answers)
    asked = tuple(_asked(held, on))
    following = next((one for one in asked if one not in held), "")
    tags, roles = _tags(held, on), _roles(held)
    system_class = _class(held, tags, on, is_whole=not following)
    if system_class in (SystemClass.PROHIBITED, SystemClass.OUT):
        following = ""
    due = obligations_for(
        _binding(tags, system_class),
        roles,
        on,
        since=_on_market(held),
        practices=() if system_class is SystemClass.OUT else tuple(_practices(held, on).values()),
    )
    return Classification(
        verdict=_verdict(system_class, held, following),
        system_class=system_class,
        tags=tags,
        roles=roles,
        asked=asked,
        next_question=following,
        sentence=_sentence(system_class, held, tags, following),
        obligations=due,
    )


def read_answer(question_id: str, value: object) -> object:
    """Return a typed answer as it is kept. Raises Invalid, naming what the question takes."""
    question = ai_act().question(question_id)
    if question is None:
        known = ", ".join(one.id for one in ai_act().questions)
        sentence = f"The AI Act's questions have none called {question_id[:60]!r}; known: {known}."
        raise Invalid(sentence)
    match question.kind:
        case Kind.YES_NO:
            return _read_yes_no(question, value)
        case Kind.DAY:
            return _read_day(question, value)
        case Kind.ONE_OF:
            return _read_options(question, [value])[0]
        case _:
            parts = value.split(",") if isinstance(value, str) else value
            return _read_options(question, parts)


def _read_yes_no(question: Question, value: object) -> bool:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in words:
        sentence = f"“{question.ask}” was answered {word[:40]!r}; write yes or no."
        raise Invalid(sentence)
    return words[word]


def _read_day(question: Question, value: object) -> str:
    word = str(value or "").strip()
    if word.lower().replace(" ", "_") == NOT_YET:
        return NOT_YET
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        sentence = f"“{question.ask}” was answered {word[:40]!r}; write 2026-03-15, or not yet."
        raise Invalid(sentence) from None


def _read_options(question: Question, value: object) -> list[str]:
    if not isinstance(value, list | tuple):
        sentence = f"“{question.ask}” was answered {str(value)[:40]!r}; name its options."
        raise Invalid(sentence)
    named = [str(one).strip() for one in value if str(one or "").strip()]
    if question.kind is not Kind.ONE_OF and named == ["none"]:
        named = []
    known = [one.id for one in question.options]
    for one in named:
        if one not in known:
            sentence = f"“{question.ask}” has no option {one[:40]!r}; known: {', '.join(known)}."
            raise Invalid(sentence)
    if not named and question.kind is not Kind.ANY_OF:
        sentence = f"“{question.ask}” needs at least one of: {', '.join(known)}."
        raise Invalid(sentence)
    return [one for one in known if one in named]


def _readable(answers: Answers) -> dict[str, object]:
    """Return the answers that the questions of today can read; the others are open again."""
    found: dict[str, object] = {}
    for question in ai_act().questions:
        if question.id in answers:
            try:
                found[question.id] = read_answer(question.id, answers[question.id])
            except Invalid:
                continue
    return found


def _named(held: Answers, question_id: str) -> Sequence[str]:
    """Return the options that were ticked; none while it is open."""
    value = held.get(question_id, ())
    return value if isinstance(value, list) else ()


def _asked(held: Answers, on: date) -> Sequence[str]:
    """Return the questions that these answers lead to, in the law's order."""
    asked: list[str] = []
    for question, is_last in (
        ("ai-system", held.get("ai-system") is False),
        ("scope", held.get("scope") == []),
        ("exclusion", bool(_named(held, "exclusion"))),
    ):
        asked.append(question)
        if is_last:
            return asked
    asked.append("roles")
    if "provider" not in _named(held, "roles"):
        asked.append("becomes-provider")
    asked.append("practices")
    return asked if _forbidden(held, on) else [*asked, *_asked_of_risk(held)]


def _asked_of_risk(held: Answers) -> Sequence[str]:
    """Return the questions from Q3 on: of what is not forbidden."""
    asked = ["annex-i", "annex-iii"]
    if _named(held, "annex-iii"):
        asked.append("profiling")
        if held.get("profiling") is False:
            asked.append("exemption")
            asked += ["significant-risk"] if _named(held, "exemption") else []
    asked.append("transparency")
    if "synthetic" in _named(held, "transparency"):
        asked.append("on-market")
    return [*asked, "general-purpose"]


def _forbidden(held: Answers, on: date) -> Mapping[str, Term]:
    """Return the practices named that are forbidden on that day."""
    named = _practices(held, on)
    return {name: term for name, term in named.items() if term.applies_from <= on}


def _practices(held: Answers, on: date) -> Mapping[str, Term]:
    """Return the practices named, each with the term that forbids it, or will."""
    question = ai_act().question("practices")
    found: dict[str, Term] = {}
    for name in _named(held, "practices"):
        option = question.option(name) if question else None
        terms = option.terms if option and option.terms else ai_act().dates["prohibited"]
        found[name] = term_said(terms, on) or min(terms, key=lambda one: one.said_from)
    return found


def _is_out(held: Answers) -> bool:
    return (
        held.get("ai-system") is False or held.get("scope") == [] or bool(_named(held, "exclusion"))
    )


def _tags(held: Answers, on: date) -> frozenset[str]:
    """Return every class that the answers give, as far as they go."""
    tags: set[str] = set()
    if _forbidden(held, on):
        tags.add("prohibited")
    if held.get("annex-i") is True:
        tags.add("high-annex-i")
    if _named(held, "annex-iii"):
        tags |= _annex_iii(held)
    tags |= set(_named(held, "transparency")) & set(_TRANSPARENCY)
    general = _general(held)
    if general in ("general", "systemic"):
        tags.add(general)
    return frozenset(tags)


def _annex_iii(held: Answers) -> set[str]:
    """Return high or exempt for a system of an area; nothing while that is open.

    Profiling beats the exemption; an exemption counts only once a significant risk is denied.
    """
    if held.get("profiling") is True or held.get("significant-risk") is True:
        return {"high-annex-iii"}
    if held.get("profiling") is False and held.get("exemption") == []:
        return {"high-annex-iii"}
    is_exempt = (
        held.get("profiling") is False
        and bool(_named(held, "exemption"))
        and held.get("significant-risk") is False
    )
    return {"exempt"} if is_exempt else set()


def _general(held: Answers) -> str:
    return str(held.get("general-purpose", ""))


def _roles(held: Answers) -> frozenset[str]:
    roles = set(_named(held, "roles"))
    if _named(held, "becomes-provider"):
        roles.add("provider")
    return frozenset(roles)


def _class(held: Answers, tags: frozenset[str], on: date, *, is_whole: bool) -> SystemClass:
    """Return the one word: prohibited beats everything, open is all that is not known."""
    if _forbidden(held, on):
        return SystemClass.PROHIBITED
    if _is_out(held):
        return SystemClass.OUT
    if tags & {"high-annex-i", "high-annex-iii"}:
        return SystemClass.HIGH
    if not is_whole:
        return SystemClass.OPEN
    if tags & set(_TRANSPARENCY):
        return SystemClass.LIMITED
    if tags & {"general", "systemic"}:
        return SystemClass.GENERAL_PURPOSE
    return SystemClass.MINIMAL


def _binding(tags: frozenset[str], system_class: SystemClass) -> frozenset[str]:
    """Return the tags that bring obligations: none out of scope, one alone when prohibited."""
    if system_class is SystemClass.OUT:
        return frozenset()
    if system_class is SystemClass.PROHIBITED:
        return frozenset({"prohibited"})
    return tags | {"any"}


def _on_market(held: Answers) -> date | None:
    value = held.get("on-market")
    return date.fromisoformat(str(value)) if value and value != NOT_YET else None


def _verdict(system_class: SystemClass, held: Answers, following: str) -> Verdict:
    if system_class is SystemClass.PROHIBITED:
        return Verdict.UNMET
    if not following:
        return Verdict.MET
    return Verdict.INSUFFICIENT if held else Verdict.MISSING


_SAID = {
    SystemClass.PROHIBITED: "Prohibited by Art. 5: it may not be sold, put into service or used",
    SystemClass.HIGH: "High-risk",
    SystemClass.LIMITED: "Not high-risk; it has to be told to people (Art. 50)",
    SystemClass.GENERAL_PURPOSE: "Not high-risk; a general-purpose model (Art. 51 to 55)",
    SystemClass.MINIMAL: "Minimal risk: only literacy is asked for (Art. 4)",
    SystemClass.OUT: "The Act does not reach it",
    SystemClass.OPEN: "Not classified",
}


def _sentence(
    system_class: SystemClass, held: Answers, tags: frozenset[str], following: str
) -> str:
    """Say the class, by which way, and what is still open."""
    parts = [_SAID[system_class]]
    if system_class is SystemClass.HIGH:
        ways = [
            way
            for tag, way in (
                ("high-annex-i", "a product of Annex I, Art. 6(1)"),
                ("high-annex-iii", "an area of Annex III, Art. 6(2)"),
            )
            if tag in tags
        ]
        parts = [f"High-risk: {' and '.join(ways)}"]
    if "exempt" in tags and system_class is not SystemClass.PROHIBITED:
        parts.append("exempt by Art. 6(3), which has to be written down (Art. 6(4))")
    if system_class is SystemClass.PROHIBITED and _is_out(held):
        parts.append("another answer says that the Act does not reach it; take one of the two back")
    question = ai_act().question(following) if following else None
    if question is not None:
        parts.append(f"open: {question.step}, {question.ask}")
    return "; ".join(parts).rstrip("?") + ("?" if question else ".")
