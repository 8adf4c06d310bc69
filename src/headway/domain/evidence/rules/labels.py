"""Evidence of labels: deliveries, what was adjudicated, agreement, inspections, gold items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from headway.domain.evidence.rules.payload import Count, Name, Payload, Share, Short, Text

#: Labels by class of one delivery.
Classes = Annotated[dict[Short, Count], Field(max_length=5_000)]


class AnnotationDeliveryPayload(Payload):
    """Labels that came. The same `delivery` told again replaces what was told of it before."""

    delivery: Name
    units: Count
    classes: Classes = {}
    guideline: Count | None = None
    overlap_units: Count | None = None
    annotators: Count | None = None
    reworks: Short | None = None
    digest: Short | None = None
    description: Text = ""

    @model_validator(mode="after")
    def _adds_up(self) -> AnnotationDeliveryPayload:
        """Check that no part is more than the whole."""
        if self.overlap_units is not None and self.overlap_units > self.units:
            sentence = f"{self.overlap_units} units overlap, more than the {self.units} delivered"
            raise ValueError(sentence)
        if self.reworks == self.delivery:
            sentence = f"delivery {self.delivery!r} cannot rework itself; name the earlier one"
            raise ValueError(sentence)
        return self


class AnnotationAdjudicationPayload(Payload):
    """Labels that somebody decided where annotators differed, and how many were changed."""

    delivery: Short = ""
    units: Count
    changed: Count = 0


class AnnotationAgreementPayload(Payload):
    """How far annotators agree beyond chance; `value` null where it is undefined."""

    measure: Literal["alpha", "fleiss", "cohen", "regions"]
    scale: Literal["nominal", "ordinal", "interval", "ratio", "none", "linear", "quadratic", "iou"]
    value: float | None
    low: float | None = None
    high: float | None = None
    confidence: Share | None = None
    observed: Share | None = None
    items: Count = 0
    raters: Count = 0
    ratings: Count = 0
    method: Short = ""
    guideline: Count | None = None
    sentence: Text = ""
    threshold: Share | None = None
    regions: Count | None = None
    matched: Share | None = None
    overlap: Share | None = None
    same_class: Share | None = None


class AnnotationInspectionPayload(Payload):
    """What an inspection found so far in the lot of these deliveries (none named: all that came).

    A later inspection of the same deliveries replaces it: `inspected` and `defects` are totals.
    """

    deliveries: Annotated[list[Name], Field(max_length=1_000)] = []
    inspected: Count
    defects: Count
    seed: Count | None = None
    sentence: Text = ""
    by_ref: Short = ""

    @model_validator(mode="after")
    def _adds_up(self) -> AnnotationInspectionPayload:
        """Check that no more is wrong than was looked at."""
        if self.defects > self.inspected:
            sentence = f"{self.defects} defects among {self.inspected} inspected is more than all"
            raise ValueError(sentence)
        return self


class ClassPair(Payload):
    """Two classes of one thing and how often; an empty one marked nothing."""

    first: Short
    second: Short
    count: Count


class Agreed(Payload):
    """A class or an annotator: how often it was said before another, and how often that agreed."""

    name: Short
    said: Count
    agreed: Count


class AnnotationDifferencesPayload(Payload):
    """Where annotators differ: by class, by annotator (opaque), and class taken for class."""

    measure: Literal["labels", "regions"]
    classes: Annotated[list[Agreed], Field(max_length=200)] = []
    annotators: Annotated[list[Agreed], Field(max_length=1_000)] = []
    confusions: Annotated[list[ClassPair], Field(max_length=50)] = []


class AnnotationGoldPayload(Payload):
    """How many items of a gold set an annotator labelled right; `annotator` is opaque, no name.

    Of regions, each is a case; `effective` is how many independent ones they are worth.
    """

    annotator: Name
    right: Count
    of: Count
    guideline: Count | None = None
    items: Count | None = None
    effective: Annotated[float, Field(ge=0)] | None = None
    overlap: Share | None = None
    threshold: Share | None = None
    confusions: Annotated[list[ClassPair], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _adds_up(self) -> AnnotationGoldPayload:
        """Check that no more is right than was labelled."""
        if self.right > self.of:
            sentence = f"{self.right} right of {self.of} is more than all"
            raise ValueError(sentence)
        return self
