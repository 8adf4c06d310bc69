"""Every read of maturity: frozen values, as of any moment."""

from headway.domain.maturity.queries.pages import (
    SystemMaturity,
    TrendPoint,
    maturity_overview,
    month_ends,
    system_maturity,
)

__all__ = [
    "SystemMaturity",
    "TrendPoint",
    "maturity_overview",
    "month_ends",
    "system_maturity",
]
