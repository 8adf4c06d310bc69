"""The JSON of the Model Card Toolkit: schema 0.0.2, and 0.0.1 where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from headway.analysis.cards.answer import ReadMetric
from headway.analysis.cards.json_text import joined, listed, table, tables, text
from headway.analysis.cards.parts import Parsed, Part
from headway.analysis.cards.sections import CardKind

_KEYS = {"model_details", "model_parameters", "quantitative_analysis", "considerations"}
#: Slices that are no groups: all rows.
_WHOLE = ("", "overall", "all", "total")
_TRIED_ON = ("eval", "test", "valid", "hold")


def is_toolkit(document: Mapping[str, object]) -> bool:
    """Say whether an object has the keys of the Model Card Toolkit."""
    return bool(_KEYS & document.keys())


def read_toolkit(document: Mapping[str, object], _: CardKind) -> Parsed:
    """Return the parts of a card of the Model Card Toolkit."""
    found = Parsed("model card toolkit", [])
    for part in (
        *_details(table(document.get("model_details"))),
        *_data(table(document.get("model_parameters"))),
        *_considerations(table(document.get("considerations"))),
    ):
        found.parts.append(part)
    _results(table(document.get("quantitative_analysis")), found)
    return found


def _part(heading: str, section: str, said: str) -> Part:
    return Part(heading, (section,), said)


def _details(details: Mapping[str, object]) -> Iterator[Part]:
    said = [
        joined(details, "overview", "documentation"),
        listed(details.get("owners"), "name", "contact"),
        joined(table(details.get("version")), "name", "date", "diff"),
        listed(details.get("licenses") or details.get("license"), "identifier", "custom_text"),
    ]
    yield _part("model_details", "details", "\n".join(filter(None, said)))


def _data(parameters: Mapping[str, object]) -> Iterator[Part]:
    """Yield the data a model learnt from and was tried on: a list, or `train` and `eval`."""
    data = parameters.get("data")
    named = [(text(one.get("name")), one) for one in tables(data)] if isinstance(data, list) else []
    if isinstance(data, dict):
        named = [(key, one) for key in data for one in tables(data[key])]
    for name, one in named:
        is_tried_on = any(word in name.lower() for word in _TRIED_ON)
        section = "evaluation data" if is_tried_on else "training data"
        yield _part(f"model_parameters.data: {name or 'unnamed'}", section, _dataset(one))


def _dataset(one: Mapping[str, object]) -> str:
    sensitive = table(one.get("sensitive"))
    said = [
        joined(one, "name", "description", "link"),
        listed(sensitive.get("sensitive_data")),
        text(table(one.get("graphics")).get("description")),
    ]
    return "\n".join(filter(None, said))


def _considerations(considered: Mapping[str, object]) -> Iterator[Part]:
    uses = [listed(considered.get(key), "description") for key in ("use_cases", "users")]
    if "users" in considered or "use_cases" in considered:
        yield _part("considerations.use_cases", "intended use", "\n".join(filter(None, uses)))
    if "ethical_considerations" in considered:
        ethical = listed(considered["ethical_considerations"], "name", "mitigation_strategy")
        yield _part("considerations.ethical_considerations", "ethical considerations", ethical)
    for key in ("limitations", "tradeoffs"):
        if key in considered:
            yield _part(f"considerations.{key}", "caveats", listed(considered[key], "description"))


def _results(analysis: Mapping[str, object], found: Parsed) -> None:
    """Add the metrics; a slice that a metric was measured on is a factor."""
    lines, slices = [], []
    for one in tables(analysis.get("performance_metrics")):
        name, value, part = (text(one.get(key)) for key in ("type", "value", "slice"))
        if not name or not value:
            continue
        found.metrics.append(ReadMetric(name, value, part))
        bounds = table(one.get("confidence_interval"))
        low, high = text(bounds.get("lower_bound")), text(bounds.get("upper_bound"))
        band = f" from {low} to {high}" if low and high else ""
        at = f" at threshold {told}" if (told := text(one.get("threshold"))) else ""
        is_group = part.lower() not in _WHOLE
        lines.append(f"{name} {value}{band}{at}" + (f" for the group {part}" if is_group else ""))
        if is_group:
            slices.append(part)
    said = "\n".join([*lines, text(table(analysis.get("graphics")).get("description"))]).strip()
    if "performance_metrics" in analysis or said:
        found.parts.append(_part("quantitative_analysis", "quantitative analyses", said))
        found.parts.append(_part("quantitative_analysis", "metrics", "\n".join(lines)))
    if slices:
        told = "Results are split by slice: " + ", ".join(dict.fromkeys(slices))
        found.parts.append(_part("quantitative_analysis", "factors", told))
