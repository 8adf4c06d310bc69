"""The JSON of a model card of SageMaker, bare or as the answer of the service's API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from headway.analysis.cards.answer import ReadMetric
from headway.analysis.cards.json_text import joined, listed, table, tables, text
from headway.analysis.cards.parts import Parsed, Part
from headway.analysis.cards.sections import CardKind

_KEYS = {
    "model_overview",
    "intended_uses",
    "business_details",
    "training_details",
    "evaluation_details",
    "additional_information",
}
Document = Mapping[str, object]


def unwrapped(document: Document, load: Callable[[str], Document]) -> Document:
    """Return the card itself: the API hands it over as a text under `Content`."""
    content = document.get("Content")
    if isinstance(content, str):
        return load(content)
    return content if isinstance(content, dict) else document


def is_sagemaker(document: Document) -> bool:
    """Say whether an object has the keys of a SageMaker model card."""
    return bool(_KEYS & document.keys())


def read_sagemaker(document: Document, _: CardKind) -> Parsed:
    """Return the parts of a model card of SageMaker."""
    found = Parsed("sagemaker", [])
    training = table(document.get("training_details"))
    found.parts += [
        *_details(document),
        *_uses(document),
        *_training(training),
        *_additional(table(document.get("additional_information"))),
    ]
    _training_metrics(table(training.get("training_job_details")), found)
    for one in tables(document.get("evaluation_details")):
        _evaluation(one, found)
    return found


def _details(document: Document) -> Iterator[Part]:
    overview = table(document.get("model_overview"))
    keys = ("model_description", "model_version", "problem_type", "algorithm_type")
    said = joined(overview, *keys, "model_creator", "model_owner")
    yield Part("model_overview", ("details",), said)


def _uses(document: Document) -> Iterator[Part]:
    uses = table(document.get("intended_uses"))
    business = table(document.get("business_details"))
    said = [joined(uses, "purpose_of_model", "intended_uses"), joined(business, "business_problem")]
    yield Part("intended_uses", ("intended use",), "\n".join(filter(None, said)))
    factors = text(uses.get("factors_affecting_model_efficiency"))
    if factors:
        yield Part("intended_uses.factors_affecting_model_efficiency", ("factors",), factors)
    risk = joined(uses, "explanations_for_risk_rating")
    if risk:
        yield Part("intended_uses.explanations_for_risk_rating", ("ethical considerations",), risk)


def _training(training: Document) -> Iterator[Part]:
    job = table(training.get("training_job_details"))
    said = [text(training.get("training_observations")), listed(job.get("training_datasets"))]
    yield Part("training_details", ("training data",), "\n".join(filter(None, said)))
    aim = table(training.get("objective_function"))
    told = "\n".join(
        filter(
            None,
            [
                " ".join(
                    joined(table(aim.get("function")), "function", "facet", "condition").split()
                ),
                text(aim.get("notes")),
            ],
        )
    )
    if told:
        yield Part("training_details.objective_function", ("metrics",), told)


def _additional(additional: Document) -> Iterator[Part]:
    for key, section in (
        ("ethical_considerations", "ethical considerations"),
        ("caveats_and_recommendations", "caveats"),
    ):
        if key in additional:
            heading = f"additional_information.{key}"
            yield Part(heading, (section,), text(additional[key]))


def _training_metrics(job: Document, found: Parsed) -> None:
    for key in ("training_metrics", "user_provided_training_metrics"):
        for name, value, _ in _values(job.get(key)):
            found.metrics.append(ReadMetric(name, value, "training"))


def _evaluation(one: Document, found: Parsed) -> None:
    """Add one evaluation: its data, and its metrics by group of metrics."""
    name = text(one.get("name"))
    data = [listed(one.get("datasets")), text(one.get("evaluation_observation"))]
    heading = f"evaluation_details: {name or 'unnamed'}"
    found.parts.append(Part(heading, ("evaluation data",), "\n".join(filter(None, data))))
    lines = []
    if name and text(one.get("value")):
        found.metrics.append(ReadMetric(name, text(one.get("value")), "evaluation"))
        lines.append(f"{name} {text(one.get('value'))}")
    for group in tables(one.get("metric_groups")):
        title = text(group.get("name"))
        for metric, value, notes in _values(group.get("metric_data")):
            found.metrics.append(ReadMetric(metric, value, title or name))
            lines.append(f"{metric} {value} for {title or name}. {notes}".strip())
    if lines:
        found.parts.append(Part(heading, ("metrics",), "\n".join(lines)))
        found.parts.append(Part(heading, ("quantitative analyses",), "\n".join(lines)))


def _values(metrics: object) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and notes of each metric; a list of values is shortened."""
    for one in tables(metrics):
        value = one.get("value")
        if isinstance(value, list):
            flat = [text(part) for part in value if text(part)]
            told = ", ".join(flat[:20])
        else:
            told = text(value)
        name = text(one.get("name"))
        if name and told:
            yield name, told, text(one.get("notes"))
