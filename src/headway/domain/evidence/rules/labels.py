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

    measure: Literal["alpha", "fleiss", "cohen"]
    scale: Literal["nominal", "ordinal", "interval", "ratio", "none", "linear", "quadratic"]
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


class AnnotationGoldPayload(Payload):
    """How many items of a gold set an annotator labelled right; `annotator` is opaque, no name."""

    annotator: Name
    right: Count
    of: Count
    guideline: Count | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> AnnotationGoldPayload:
        """Check that no more is right than was labelled."""
        if self.right > self.of:
            sentence = f"{self.right} right of {self.of} is more than all"
            raise ValueError(sentence)
        return self
