"""Every read of reports: what one would say now, and what the frozen ones say."""

from headway.domain.reports.queries.compose import compose_report
from headway.domain.reports.queries.frozen import (
    ReportLine,
    report_content,
    report_numbered,
    reports_of,
)

__all__ = ["ReportLine", "compose_report", "report_content", "report_numbered", "reports_of"]
