"""Model cards and datasheets: what a file says of each section that a reader needs.

Read from Markdown (Hugging Face's front matter or plain), from the JSON of the Model Card Toolkit
and of SageMaker. A heading without content is missing, whatever it is called.
"""

from headway.analysis.cards.answer import CardAnswer, SectionAnswer
from headway.analysis.cards.checking import check_card
from headway.analysis.cards.sections import DATASET_SECTIONS, MODEL_SECTIONS, CardKind, sections_of

__all__ = [
    "DATASET_SECTIONS",
    "MODEL_SECTIONS",
    "CardAnswer",
    "CardKind",
    "SectionAnswer",
    "check_card",
    "sections_of",
]
