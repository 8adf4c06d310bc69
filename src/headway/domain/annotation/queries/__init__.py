"""Every read of annotation: takes the actor and `at`, returns frozen values."""

from headway.analysis.agreement.readiness import Extra
from headway.domain.annotation.queries.forecast import (
    ReadyForecast,
    VendorQuality,
    accepted_units,
    overview,
    program_page,
    ready_forecast,
    ready_forecasts,
    vendor_quality,
)
from headway.domain.annotation.queries.own import OwnBatch, own_batches
from headway.domain.annotation.queries.rows import OrderLine
from headway.domain.annotation.queries.standing import (
    BatchDetails,
    BatchPage,
    DiffLine,
    Sample,
    batch_details,
    batch_page,
    batch_standings,
    guideline_diff,
    guideline_named,
    guidelines_of,
    pilot_named,
    pilot_standings,
)

__all__ = [
    "BatchDetails",
    "BatchPage",
    "DiffLine",
    "Extra",
    "OrderLine",
    "OwnBatch",
    "ReadyForecast",
    "Sample",
    "VendorQuality",
    "accepted_units",
    "batch_details",
    "batch_page",
    "batch_standings",
    "guideline_diff",
    "guideline_named",
    "guidelines_of",
    "overview",
    "own_batches",
    "program_page",
    "pilot_named",
    "pilot_standings",
    "ready_forecast",
    "ready_forecasts",
    "vendor_quality",
]
