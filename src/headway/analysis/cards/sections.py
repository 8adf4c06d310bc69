"""The sections that a model card and a datasheet have to say something in.

The nine of a model card are Mitchell et al., "Model Cards for Model Reporting", 2019; the seven of
a datasheet are Gebru et al., "Datasheets for Datasets", 2021. The words about them are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CardKind(StrEnum):
    """What a card is about."""

    MODEL = "model"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its `key`, its `title` as a heading, and what it has to say."""

    key: str
    title: str
    asks: str


MODEL_SECTIONS = (
    Section("details", "Model details", "what it is, its version, who answers for it, its licence"),
    Section("intended use", "Intended use", "what it is for, for whom, and what it is not for"),
    Section("factors", "Factors", "the groups, tools and surroundings its quality may depend on"),
    Section("metrics", "Metrics", "what is measured, at which threshold, and why"),
    Section("evaluation data", "Evaluation data", "which data it was tried on, and why those"),
    Section("training data", "Training data", "which data it learnt from, and their limits"),
    Section(
        "quantitative analyses",
        "Quantitative analyses",
        "results by each factor and by factors combined",
    ),
    Section(
        "ethical considerations",
        "Ethical considerations",
        "who may be harmed and how, and what was done about it",
    ),
    Section("caveats", "Caveats and recommendations", "what is not known and what to beware of"),
)

DATASET_SECTIONS = (
    Section("motivation", "Motivation", "why it was made, by whom, and who paid"),
    Section("composition", "Composition", "what it holds, how many, what is lacking or sensitive"),
    Section("collection", "Collection process", "how, when and from whom, and with what consent"),
    Section(
        "preprocessing",
        "Preprocessing, cleaning and labelling",
        "what was done to it, by whom, and whether the raw data are kept",
    ),
    Section("uses", "Uses", "what it is used for, and what it must not be used for"),
    Section("distribution", "Distribution", "who gets it, how, and under which licence"),
    Section("maintenance", "Maintenance", "who answers for it, how it is corrected and updated"),
)

#: What no card can call not applicable: a model is something, for something.
NEVER_IDLE = ("details", "intended use", "motivation", "composition")


def sections_of(kind: CardKind) -> tuple[Section, ...]:
    """Return the sections of a kind of card, in order."""
    return MODEL_SECTIONS if kind is CardKind.MODEL else DATASET_SECTIONS
