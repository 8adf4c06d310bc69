"""What checking a card found: a verdict and a sentence a section, and the share that is met."""

from __future__ import annotations

from dataclasses import dataclass

from headway.analysis.cards.sections import CardKind
from headway.analysis.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class SectionAnswer:
    """One section judged. `headings` are where it was said, as the file calls them."""

    name: str
    title: str
    verdict: Verdict
    sentence: str
    headings: tuple[str, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Return whether it makes the answer bad."""
        return self.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ReadMetric:
    """A metric that the card gives as data. `value` is as written; `where` is data and split."""

    name: str
    value: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """A card judged.

    `completeness` is the share of sections met, of those that apply; `unplaced` are headings with
    text that belong to no section, `digest` is the SHA-256 of the file.
    """

    name: str
    kind: CardKind
    format: str
    digest: str
    sections: tuple[SectionAnswer, ...]
    metrics: tuple[ReadMetric, ...] = ()
    unplaced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def completeness(self) -> float:
        """Return the share of sections met; some section always applies."""
        apply = [one for one in self.sections if one.verdict is not Verdict.NOT_APPLICABLE]
        return sum(one.verdict is Verdict.MET for one in apply) / len(apply)

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is missing or too thin."""
        return not any(one.is_bad for one in self.sections)

    @property
    def sentence(self) -> str:
        """Say how complete the card is, and what it lacks."""
        met = sum(one.verdict is Verdict.MET for one in self.sections)
        idle = sum(one.verdict is Verdict.NOT_APPLICABLE for one in self.sections)
        told = f"{met} of {len(self.sections) - idle} sections say what they have to"
        lacking = [one.name for one in self.sections if one.is_bad]
        return f"{told}; look at {', '.join(lacking)}." if lacking else f"{told}."

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "file": self.name,
            "kind": self.kind.value,
            "format": self.format,
            "digest": self.digest,
            "completeness": self.completeness,
            "complete": self.is_complete,
            "sentence": self.sentence,
            "sections": [
                {
                    "name": one.name,
                    "title": one.title,
                    "verdict": one.verdict.value,
                    "sentence": one.sentence,
                    "headings": list(one.headings),
                }
                for one in self.sections
            ],
            "metrics": [
                {"name": one.name, "value": one.value, "where": one.where} for one in self.metrics
            ],
            "unplaced": list(self.unplaced),
            "notes": list(self.notes),
        }

    def as_evidence(self) -> dict[str, object]:
        """Return the payload of a record of kind `card`."""
        return {
            "card": self.kind.value,
            "format": self.format,
            "completeness": self.completeness,
            "sections": [
                {
                    "name": one.name,
                    "verdict": _ANSWERS[one.verdict],
                    "sentence": one.sentence[:10_000],
                }
                for one in self.sections
            ],
            "digest": self.digest,
        }


#: A verdict in the words that a record of kind `card` has for it.
_ANSWERS = {
    Verdict.MET: "met",
    Verdict.INSUFFICIENT: "partly",
    Verdict.MISSING: "missing",
    Verdict.NOT_APPLICABLE: "not_applicable",
}
