"""The front matter of a card on Hugging Face: YAML between two lines of `---`.

Its keys are facts beside the text: a licence, names of datasets and metrics, and results as data
(`model-index`). A name of a dataset describes none, so these alone are thin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headway.analysis.cards.answer import ReadMetric
from headway.analysis.cards.parts import Parsed, Part
from headway.analysis.cards.sections import CardKind
from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Form, compose
from headway.errors import Invalid

_FORM = Form("front matter", "keys like license and datasets", "shorten the front matter")
_LINE = re.compile(r"\r\n|\r|\n")
_MOST_METRICS = 500
_EDGE = re.compile(r"(?:---|\.\.\.)\s*")

#: Which section a key speaks to, and how it is put as words.
_MODEL_KEYS = {
    "license": ("details", "Licence"),
    "license_name": ("details", "Licence"),
    "language": ("details", "Language"),
    "library_name": ("details", "Library"),
    "base_model": ("details", "Made from"),
    "pipeline_tag": ("details", "Task"),
    "datasets": ("training data", "Datasets"),
    "metrics": ("metrics", "Metrics"),
}
_DATASET_KEYS = {
    "license": ("distribution", "Licence"),
    "language": ("composition", "Language"),
    "size_categories": ("composition", "Size"),
    "task_categories": ("uses", "Tasks"),
    "annotations_creators": ("preprocessing", "Annotated by"),
    "source_datasets": ("collection", "Sources"),
}


@dataclass(frozen=True, slots=True)
class Front:
    """The keys of a front matter, and the card they stand in."""

    values: Mapping[str, object]
    kind: CardKind

    def add_to(self, found: Parsed) -> None:
        """Add the facts and results that the keys hold."""
        keys = _MODEL_KEYS if self.kind is CardKind.MODEL else _DATASET_KEYS
        for key, (section, label) in keys.items():
            told = ", ".join(_texts(self.values.get(key)))
            if told:
                found.hint(section, f"{label}: {told}")
        if self.kind is CardKind.MODEL:
            self._add_results(found)

    def _add_results(self, found: Parsed) -> None:
        results = list(_results(self.values.get("model-index")))[:_MOST_METRICS]
        found.metrics += results
        if results:
            text = "\n".join(f"{one.name} {one.value} on {one.where}" for one in results)
            found.parts.append(Part("model-index", ("metrics",), text))
            found.parts.append(Part("model-index", ("quantitative analyses",), text))
        for where in dict.fromkeys(one.where for one in results if one.where):
            found.hint("evaluation data", f"Dataset: {where}")


def read_front(
    text: str, name: str, kind: CardKind
) -> tuple[Front | None, str, int, tuple[str, ...]]:
    """Return the front matter (None: there is none), the rest, its first line, and notes.

    Raises Invalid with the line, when it is not YAML, or YAML that refers, tags or nests too deep.
    """
    start = len(text) - len(text.lstrip("\r\n \t\ufeff"))
    lines = _LINE.split(text[start:])
    before = len(_LINE.findall(text, 0, start))
    if lines[0].rstrip() != "---":
        return None, text, 1, ()
    end = next((i for i, line in enumerate(lines[1:], 1) if _EDGE.fullmatch(line)), None)
    if end is None:
        return None, text, 1, ("A front matter opens on the first line and never closes: add ---.",)
    inner = "\n" * (before + 1) + "\n".join(lines[1:end])
    body, first_line = "\n".join(lines[end + 1 :]), before + end + 2
    if not inner.strip():
        return Front({}, kind), body, first_line, ()
    table = compose(inner, f"The front matter of {name}", _FORM)
    try:
        values = plain(table)
    except Invalid as error:
        sentence = f"The front matter of {name}: {error}"
        raise Invalid(sentence) from error
    return Front(values if isinstance(values, dict) else {}, kind), body, first_line, ()


def _texts(value: object) -> Iterator[str]:
    """Yield what is written in a value or in a list of values."""
    for one in value if isinstance(value, list) else [value]:
        if one is not None and not isinstance(one, dict | list) and str(one).strip():
            yield str(one).strip()[:200]


def _results(index: object) -> Iterator[ReadMetric]:
    """Yield each metric of a `model-index` with the data it was measured on."""
    for result in _under(index, "results"):
        dataset = result.get("dataset")
        named = dataset if isinstance(dataset, dict) else {}
        said = (_first(named.get(key)) for key in ("name", "type", "config", "split"))
        where = " ".join(dict.fromkeys(filter(None, said)))
        for metric in _tables(result.get("metrics")):
            name, value = _first(metric.get("name") or metric.get("type")), metric.get("value")
            if name and isinstance(value, int | float) and not isinstance(value, bool):
                yield ReadMetric(name, str(value), where)


def _under(index: object, key: str) -> Iterator[Mapping[str, object]]:
    for model in _tables(index):
        yield from _tables(model.get(key))


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    yield from (one for one in (value if isinstance(value, list) else []) if isinstance(one, dict))


def _first(value: object) -> str:
    return next(_texts(value), "")
