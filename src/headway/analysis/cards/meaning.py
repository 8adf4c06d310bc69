"""Which section a heading speaks to, however it is named.

A heading is cut down to its words; the longest phrases known are found in it, left to right. Each
phrase stands for one section or, as "evaluation" does, for several that its text has to touch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from headway.analysis.cards.sections import CardKind

#: Headings whose text is no content of a card: how to run it, how to cite it, where else to look.
_NEUTRAL = (
    "how to get started|how to use|getting started|quick start|quickstart|installation|install|"
    "example usage|usage example|usage examples|example code|sample code|table of contents|"
    "contents|citation|citation information|bibtex|apa|glossary|references|acknowledgements|"
    "acknowledgments|more information|changelog|contributions"
)

_MODEL: Mapping[str, str] = {
    "details": (
        "model details|model description|model overview|model summary|model information|about|"
        "overview|general information|model details and description|basic information|"
        "description|model type|architecture|model architecture|technical specifications|"
        "specifications|software|hardware|developed by|model sources|model version|version|"
        "licence|license|licensing|contact|model card contact|model card authors|authors|owners|"
        "owner|maintainers|introduction|summary of the model|what is this model|this model|"
        "inputs|outputs|input|output|inputs and outputs|input and output|model inputs|"
        "model outputs|input features|feature list"
    ),
    "intended use": (
        "intended use|intended uses|uses|usage|use cases|use case|direct use|downstream use|"
        "primary use|primary uses|primary intended uses|primary intended users|intended users|"
        "intended purpose|purpose|applications|application|out of scope|out of scope use|"
        "out of scope uses|out of scope use cases|misuse|scope of use|scope|users|"
        "business problem|what is it for|when to use|when not to use|permitted use|"
        "prohibited uses|target audience"
    ),
    "factors": (
        "factors|relevant factors|evaluation factors|groups|demographic factors|subgroups|"
        "demographics|subpopulations|conditions|instrumentation|segments considered|"
        "factors considered"
    ),
    "metrics": (
        "metrics|metric|performance measures|performance metrics|evaluation metrics|"
        "model performance measures|decision thresholds|decision threshold|threshold|thresholds|"
        "evaluation criteria|how it is measured|how we measure|measures"
    ),
    "evaluation data": (
        "evaluation data|evaluation dataset|evaluation datasets|evaluation set|test data|"
        "testing data|test set|test dataset|test datasets|validation data|validation set|"
        "held out data|held out set|holdout data|holdout set|hold out set|benchmark data|"
        "data for evaluation|evaluation corpus|what it was tested on|what it was tried on|tested on"
    ),
    "training data": (
        "training data|training dataset|training datasets|training set|training corpus|"
        "train data|train set|data used for training|data sources|pretraining data|"
        "pre training data|fine tuning data|data for training|learning data|trained on|"
        "what it learned from|what it learnt from|what it was trained on"
    ),
    "quantitative analyses": (
        "quantitative analyses|quantitative analysis|quantitative results|results|result|"
        "evaluation results|test results|benchmark results|benchmarks|performance|"
        "model performance|unitary results|intersectional results|disaggregated results|"
        "disaggregated evaluation|performance by group|results by group|results by segment|"
        "accuracy|scores|segment results|findings|fairness analysis|fairness evaluation|"
        "subgroup performance|subgroup analysis|subgroup results|slices|slice analysis|"
        "slice performance|segment analysis|error analysis|performance by segment|"
        "performance by slice|performance by subgroup|performance across groups|results by slice|"
        "breakdown|breakdown by group|confusion matrix"
    ),
    "ethical considerations": (
        "ethical considerations|ethics|ethical|ethical concerns|ethical aspects|ethical issues|"
        "ethical and societal considerations|societal impact|social impact|"
        "societal impact assessment|bias|biases|bias and fairness|fairness|fairness and bias|"
        "harms|harm|risks|risk|risks and harms|risks and mitigations|potential harms|privacy|"
        "responsible ai|safety|privacy and safety|ethical implications|human rights|"
        "societal considerations|impact on people"
    ),
    "caveats": (
        "caveats|caveats and recommendations|limitations|limits|limitation|known limitations|"
        "known issues|recommendations|recommendation|tradeoffs|trade offs|warnings|"
        "assumptions and limitations|assumptions|shortcomings|failure modes|known failures|beware|"
        "what it cannot do|open questions"
    ),
    "training data+evaluation data": (
        "training and evaluation data|training and test data|train and test data|"
        "training and testing data|training and evaluation datasets|training and evaluation|"
        "data|dataset|datasets|data and preprocessing"
    ),
    "evaluation data+metrics+quantitative analyses": (
        "evaluation|evaluations|testing|validation|how it was tested|how it was evaluated"
    ),
    "training data+details": (
        "training|training details|training procedure|training hyperparameters|how it was trained|"
        "preprocessing|training process"
    ),
    "ethical considerations+caveats": (
        "bias risks and limitations|risks and limitations|biases and limitations|"
        "bias and limitations|limitations and biases|limitations and bias|"
        "limitations and risks|risks limitations and biases|known limitations and biases"
    ),
    "": _NEUTRAL,
}

_DATASET: Mapping[str, str] = {
    "motivation": (
        "motivation|curation rationale|rationale|purpose|why it was made|why was it created|"
        "dataset summary|dataset description|about|funding|funded by|background|goal|goals|"
        "for what purpose|who created|introduction|overview|dataset details"
    ),
    "composition": (
        "composition|dataset structure|structure|data structure|data instances|data fields|"
        "data splits|splits|fields|features|schema|columns|instances|statistics|"
        "dataset statistics|dataset composition|contents of the data|languages|size|"
        "personal and sensitive information|sensitive information|personal data|"
        "how many instances|what do the instances represent|data format|missing data"
    ),
    "collection": (
        "collection|collection process|data collection|how it was collected|source data|"
        "sources|acquisition|sampling|consent|data collection and processing|"
        "initial data collection|who are the source data producers|"
        "who are the source language producers|provenance|dataset creation|origin|"
        "how was the data collected|data sources"
    ),
    "preprocessing": (
        "preprocessing|pre processing|processing|cleaning|data cleaning|labelling|labeling|"
        "annotations|annotation|annotation process|who are the annotators|annotators|"
        "preprocessing cleaning and labelling|preprocessing cleaning labeling|normalization|"
        "normalisation|data preparation|preparation|transformations|labels|quality control"
    ),
    "uses": (
        "uses|use|usage|intended use|intended uses|direct use|out of scope|out of scope use|"
        "use cases|supported tasks|supported tasks and leaderboards|tasks|recommended uses|"
        "considerations for using the data|social impact of dataset|social impact|"
        "discussion of biases|other known limitations|bias risks and limitations|limitations|"
        "recommendations|biases|bias|risks|misuse|unsuitable uses|ethical considerations"
    ),
    "distribution": (
        "distribution|licence|license|licensing|licensing information|access|availability|"
        "how to access|how to obtain|terms of use|terms|download|sharing|copyright|"
        "intellectual property"
    ),
    "maintenance": (
        "maintenance|maintainers|maintainer|maintained by|contact|dataset card contact|updates|"
        "update policy|versioning|versions|dataset curators|curators|curated by|support|errata|"
        "dataset card authors|retention|owner|owners|update schedule|lifecycle"
    ),
    "": _NEUTRAL,
}

#: Words of a heading up to which a single word of it may name a section.
_SHORT = 4
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Return the words of a heading, in lower case, without numbering, marks and `[optional]`."""
    found = _WORD.findall(text.replace("[optional]", " ").lower().replace("'", ""))
    first = next((place for place, word in enumerate(found) if not word.isdigit()), len(found))
    return found[first:]


@cache
def _phrases(kind: CardKind) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    table = _MODEL if kind is CardKind.MODEL else _DATASET
    return {
        tuple(phrase.split()): tuple(key.split("+")) if key else ()
        for key, phrases in table.items()
        for phrase in phrases.split("|")
    }


@cache
def _longest(kind: CardKind) -> int:
    return max(map(len, _phrases(kind)))


def meaning_of(heading: str, kind: CardKind) -> tuple[str, ...] | None:
    """Return the sections that a heading speaks to: none for one that is no content.

    None where the heading is not understood: it then belongs to the heading above.
    """
    found = _found(words_of(heading)[:30], kind)
    if not found:
        return None
    keys = [key for keys in found for key in keys]
    return tuple(dict.fromkeys(keys))


def _found(words: Sequence[str], kind: CardKind) -> list[tuple[str, ...]]:
    """Return the meanings of the phrases found; at each place the longest phrase counts.

    A single word is a phrase in a short heading only: "Why we use recall" is not about uses.
    """
    phrases, longest = _phrases(kind), _longest(kind)
    shortest = 1 if len(words) <= _SHORT else 2
    found, start = [], 0
    while start < len(words):
        for end in range(min(len(words), start + longest), start + shortest - 1, -1):
            keys = phrases.get(tuple(words[start:end]))
            if keys is not None:
                found.append(keys)
                start = end
                break
        else:
            start += 1
    neutral = [keys for keys in found if not keys]
    return neutral[:1] if neutral else found


def is_phrase(text: str, kind: CardKind) -> bool:
    """Say whether a text is exactly one of the known names of a section."""
    return bool(_phrases(kind).get(tuple(words_of(text))))
