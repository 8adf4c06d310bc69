"""What every payload is made of: exact keys, bounded texts, finite numbers, moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from headway.observation import LARGEST_EXACT


def _in_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC, so that one instant has one text."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        sentence = f"{moment.isoformat()} lies outside the years 1 to 9999"
        raise ValueError(sentence) from None


Name = Annotated[str, Field(min_length=1, max_length=300)]
Text = Annotated[str, Field(max_length=10_000)]
Short = Annotated[str, Field(max_length=300)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=LARGEST_EXACT)]
Step = Annotated[int, Field(ge=-LARGEST_EXACT, le=LARGEST_EXACT)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
#: Decimal money as text. No exponent: "1e999999" is finite and still nobody's invoice.
Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]
Labels = Annotated[dict[Short, Text], Field(max_length=2_000)]


class Payload(BaseModel):
    """Base of all payloads: exact keys, finite numbers, true is not 1 and "0.5" is not 0.5."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)
