"""Cards written from evidence: what they are made of, and how each paragraph stands."""

from headway.domain.compliance.rules.cards.annex_iv import ITEMS, annex_iv
from headway.domain.compliance.rules.cards.datasheet import datasheet
from headway.domain.compliance.rules.cards.evidence import (
    Danger,
    Data,
    DatasetEvidence,
    Heard,
    ModelEvidence,
    Number,
    Promise,
    SystemEvidence,
    Watch,
)
from headway.domain.compliance.rules.cards.model_card import model_card
from headway.domain.compliance.rules.cards.paragraphs import (
    CardDocument,
    CardSection,
    Origin,
    Paragraph,
    Words,
)
from headway.domain.compliance.rules.cards.places import (
    MODEL_PLACES,
    PLACES,
    WORDS_FIELDS,
    Place,
    place_of,
)

__all__ = [
    "ITEMS",
    "MODEL_PLACES",
    "PLACES",
    "WORDS_FIELDS",
    "CardDocument",
    "CardSection",
    "Danger",
    "Data",
    "DatasetEvidence",
    "Heard",
    "ModelEvidence",
    "Number",
    "Origin",
    "Paragraph",
    "Place",
    "Promise",
    "SystemEvidence",
    "Watch",
    "Words",
    "annex_iv",
    "datasheet",
    "model_card",
    "place_of",
]
