"""A card as parts of text, each with the sections it speaks to: what every format is read into."""

from __future__ import annotations

from dataclasses import dataclass, field

from headway.analysis.cards.answer import ReadMetric


@dataclass(frozen=True, slots=True)
class Part:
    """Text under one heading.

    `sections` are the keys it speaks to; more than one where the heading joins them, as in "Bias,
    risks, and limitations". `code` is what stands in code blocks. `has_own_heading` is False for
    text that only inherits its section from a heading above.
    """

    heading: str
    sections: tuple[str, ...]
    text: str
    code: str = ""
    line: int | None = None
    has_own_heading: bool = True


@dataclass(slots=True)
class Parsed:
    """A card taken apart. `hints` are facts beside the text (a list of datasets in the front
    matter): too thin alone, a section's words otherwise."""

    format: str
    parts: list[Part]
    hints: dict[str, list[str]] = field(default_factory=dict)
    metrics: list[ReadMetric] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def hint(self, section: str, text: str) -> None:
        """Remember a fact that speaks to a section."""
        self.hints.setdefault(section, []).append(text)
