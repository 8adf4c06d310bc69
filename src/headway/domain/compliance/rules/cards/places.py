"""Where people write words of their own into a card, a datasheet or an Annex IV file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.domain.programs.rules.fields import Reader, day, meant, text
from headway.errors import Invalid

#: What may be changed of the words for a place.
WORDS_FIELDS: Mapping[str, Reader] = {"text": text(10_000), "review_by": day}


@dataclass(frozen=True, slots=True)
class Place:
    """A place for words: its label, and what is to be said there ("Unknown: no statement of …")."""

    label: str
    asks: str
    is_needed: bool = True


MODEL_PLACES: Mapping[str, Place] = {
    "description": Place("What it is", "what it is and how it works", is_needed=False),
    "uses": Place("Intended use", "what it is meant for and for whom"),
    "out-of-scope": Place("Out of scope", "what it must not be used for"),
    "factors": Place(
        "Other factors", "further groups or conditions its quality depends on", is_needed=False
    ),
    "metrics": Place("Why these metrics", "why these metrics and thresholds were chosen"),
    "ethics": Place("Ethical considerations", "who may be harmed, and what was done about it"),
    "caveats": Place("Caveats", "what a user has to beware of"),
}
DATASET_PLACES: Mapping[str, Place] = {
    "motivation": Place("Why it was made", "why it was made, by whom, and who paid"),
    "composition": Place("What it holds", "what a row is, and what is lacking"),
    "collection": Place("How it was collected", "how, when and from whom it was collected"),
    "preprocessing": Place("What was done to it", "cleaning and labelling"),
    "uses": Place("Uses", "what it may and must not be used for"),
    "distribution": Place("Who gets it", "who gets it, and how"),
    "maintenance": Place("Upkeep", "how it is corrected, updated and deleted"),
}
SYSTEM_PLACES: Mapping[str, Place] = {
    "purpose": Place("Intended purpose", "the intended purpose"),
    "hardware": Place("Hardware and surroundings", "the hardware and software it works with"),
    "instructions": Place("Instructions for deployers", "instructions for those who deploy it"),
    "design": Place("Design choices", "the logic, the main choices and what they assume"),
    "oversight": Place("Human oversight", "how people oversee it and can stop it"),
    "predetermined": Place("Changes foreseen", "changes that were foreseen beforehand"),
    "security": Place("Cybersecurity", "measures of cybersecurity"),
    "limits": Place("Limits and misuse", "its limits and foreseeable misuse"),
    "inputs": Place("Input data", "what input data it needs"),
    "metrics": Place("Why these metrics", "why the metrics are appropriate"),
    "risk": Place("Risk management", "how risks are found, judged and treated"),
    "standards": Place("Standards", "the standards applied, or what was done instead"),
    "declaration": Place("Declaration of conformity", "the declaration of conformity"),
    "post-market": Place("Post-market plan", "the plan for monitoring after release"),
}
PLACES: Mapping[str, Mapping[str, Place]] = {
    "model": MODEL_PLACES,
    "dataset": DATASET_PLACES,
    "system": SYSTEM_PLACES,
}


def place_of(about: str, place: str) -> Place:
    """Return a place of a card; `about` is `model:x`, `dataset:x` or `system:x`. Raises Invalid."""
    kind, _, name = about.partition(":")
    if kind not in PLACES or not name:
        sentence = f"Words are about model:NAME, dataset:NAME or system:NAME, not {about[:80]!r}."
        raise Invalid(sentence)
    found = PLACES[kind].get(place)
    if found is None:
        hint = meant(place, PLACES[kind]) or f". Known are: {', '.join(PLACES[kind])}."
        sentence = f"The card of a {kind} has no place {place[:60]!r}{hint}"
        raise Invalid(sentence)
    return found
