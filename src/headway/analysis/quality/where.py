"""The small language of `where:`: comparisons, and, or, not, in, is null, arithmetic.

It is read here, letter by letter, into plain values; no text of a rule file ever reaches an engine
as a query. Names are columns (in double quotes or backticks where they are no plain word); text
stands in single quotes; a date is written date '2026-01-31'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from headway.analysis.quality.patterns import portable
from headway.analysis.summaries.conditions import (
    Among,
    Any,
    Arithmetic,
    Call,
    Compare,
    Condition,
    Every,
    Fixed,
    IsNull,
    Matches,
    Named,
    Not,
    Term,
    Value,
)
from headway.errors import Invalid

LONGEST = 2000
DEEPEST = 40
FUNCTIONS = ("abs", "length", "lower", "upper")
_SIGNS = {"==": "=", "<>": "!="}
_COMPARES = ("=", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "not", "in", "is", "null", "between", "matches", "true", "false")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d{1,3})?|\.\d+)(?![\w.])"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")+"|`[^`]+`)'
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign><=|>=|<>|!=|==|[=<>+\-*/%(),]))"
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read_condition(text: str) -> Condition:
    """Return the condition that `text` writes.

    Raises Invalid, with the place, for what the language does not hold.
    """
    if len(text) > LONGEST:
        sentence = f"The condition has {len(text):,} characters; at most {LONGEST:,} are read."
        raise Invalid(sentence)
    reader = _Reader(text, _tokens(text))
    condition = reader.either()
    reader.end()
    return condition


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            spot = at + len(text[at:]) - len(text[at:].lstrip())
            raise _fault(text, spot, f"{text[spot : spot + 12]!r} can't be read")
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return found


def _fault(text: str, at: int, what: str) -> Invalid:
    shown = text if len(text) <= 80 else f"{text[:77]}…"
    sentence = (
        f"{what} at character {at + 1} of {shown!r}. Write comparisons of columns, numbers and "
        "'text' with and, or, not, in (…), between, is null, matches '…' and + - * / %."
    )
    return Invalid(sentence)


@dataclass(slots=True)
class _Reader:
    """Reads by falling: either → both → negated → compared → sum → product → factor."""

    text: str
    tokens: list[_Token]
    place: int = 0
    depth: int = field(default=0)

    def stop(self, what: str) -> NoReturn:
        at = self.tokens[self.place].at if self.place < len(self.tokens) else len(self.text)
        raise _fault(self.text, at, what) from None

    def take(self, *texts: str) -> str:
        """Take the next token if it is one of these words or signs; else return ''."""
        if self.place < len(self.tokens):
            token = self.tokens[self.place]
            found = token.text.lower()
            if token.kind in ("word", "sign") and found in texts:
                self.place += 1
                return found
        return ""

    def need(self, *texts: str) -> str:
        found = self.take(*texts)
        if not found:
            self.stop(f"{' or '.join(texts)} is expected")
        return found

    def end(self) -> None:
        if self.place < len(self.tokens):
            self.stop(f"{self.tokens[self.place].text!r} is left over")

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.stop(f"it is nested more than {DEEPEST} deep")

    def either(self) -> Condition:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self) -> Condition:
        parts = [self.negated()]
        while self.take("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def negated(self) -> Condition:
        if not self.take("not"):
            return self.condition()
        self.deeper()
        inner = Not(self.negated())
        self.depth -= 1
        return inner

    def condition(self) -> Condition:
        """Read a comparison, or a condition in parentheses: whichever the text turns out to be."""
        start, depth = self.place, self.depth
        if self.take("("):
            self.deeper()
            try:
                inner = self.either()
                self.need(")")
            except Invalid:
                inner = None
            self.depth = depth
            if inner is not None and not self._goes_on():
                return inner
            self.place = start
        return self.compared()

    def _goes_on(self) -> bool:
        """Return whether a term goes on here: what stood in parentheses was a number, then."""
        if self.place == len(self.tokens):
            return False
        text = self.tokens[self.place].text.lower()
        return text in (*_COMPARES, *_SIGNS, "+", "-", "*", "/", "%", "is", "in", "between")

    def compared(self) -> Condition:
        left = self.sum()
        if sign := self.take(*_COMPARES, *_SIGNS):
            return Compare(_SIGNS.get(sign, sign), left, self.sum())
        if self.take("is"):
            negative = bool(self.take("not"))
            self.need("null")
            return Not(IsNull(left)) if negative else IsNull(left)
        negative = bool(self.take("not"))
        found = self._among(left)
        return Not(found) if negative else found

    def _among(self, left: Term) -> Condition:
        word = self.take("in", "between", "matches")
        if word == "in":
            return Among(left, self._values())
        if word == "between":
            low = self.sum()
            self.need("and")
            return Every((Compare(">=", left, low), Compare("<=", left, self.sum())))
        if word == "matches":
            pattern = self._value()
            if not isinstance(pattern, str):
                self.stop("a pattern in single quotes is expected")
            return Matches(left, portable(pattern))
        return self.stop("a comparison is expected")

    def _values(self) -> tuple[Value, ...]:
        self.need("(")
        values = [self._value()]
        while self.take(","):
            values.append(self._value())
        self.need(")")
        return tuple(values)

    def _value(self) -> Value:
        term = self.factor()
        if not isinstance(term, Fixed):
            self.stop("a value is expected, like 'DE' or 3,")
        return term.value

    def sum(self) -> Term:
        term = self.product()
        while sign := self.take("+", "-"):
            term = Arithmetic(sign, term, self.product())
        return term

    def product(self) -> Term:
        term = self.factor()
        while sign := self.take("*", "/", "%"):
            term = Arithmetic(sign, term, self.factor())
        return term

    def factor(self) -> Term:
        if self.take("-"):
            self.deeper()
            inner = self.factor()
            self.depth -= 1
            return _minus(inner)
        if self.take("("):
            self.deeper()
            inner = self.sum()
            self.need(")")
            self.depth -= 1
            return inner
        if self.place == len(self.tokens):
            self.stop("a column or a value is expected")
        return self._leaf(self.tokens[self.place])

    def _leaf(self, token: _Token) -> Term:
        if token.kind == "word":
            return self._word(token.text)
        leaf = _LEAVES.get(token.kind)
        if leaf is None:
            self.stop(f"a column or a value is expected, not {token.text!r},")
        self.place += 1
        return leaf(token.text)

    def _word(self, text: str) -> Term:
        word = text.lower()
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        if word in ("true", "false"):
            self.place += 1
            return Fixed(word == "true")
        if word in ("date", "timestamp") and following is not None and following.kind == "text":
            return self._moment(word, following.text[1:-1])
        if following is not None and following.text == "(" and word not in _WORDS:
            return self._call(word)
        if word in _WORDS:
            self.stop(f"a column or a value is expected, not {text!r} (quote a column),")
        self.place += 1
        return Named(text)

    def _moment(self, word: str, text: str) -> Term:
        try:
            read = date.fromisoformat(text) if word == "date" else datetime.fromisoformat(text)
        except ValueError:
            self.stop(f"{text!r} is no {word} like 2026-01-31")
        self.place += 2
        return Fixed(read)

    def _call(self, word: str) -> Term:
        if word not in FUNCTIONS:
            self.stop(f"{word!r} is no function ({', '.join(FUNCTIONS)} are)")
        self.place += 2
        self.deeper()
        inner = self.sum()
        self.need(")")
        self.depth -= 1
        return Call(word, inner)


def _minus(term: Term) -> Term:
    if isinstance(term, Fixed) and isinstance(term.value, int | float | Decimal):
        return Fixed(-term.value)
    return Arithmetic("-", Fixed(0), term)


def _number(text: str) -> Term:
    return Fixed(int(text)) if text.isdigit() else Fixed(Decimal(text))


def _quoted(text: str) -> Term:
    inner = text[1:-1]
    return Named(inner.replace('""', '"') if text[0] == '"' else inner)


_LEAVES = {
    "number": _number,
    "text": lambda text: Fixed(text[1:-1].replace("''", "'")),
    "quoted": _quoted,
}
