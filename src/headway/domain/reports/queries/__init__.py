"""Every read of reports: what one would say now, and what the frozen ones say."""

from headway.domain.reports.queries.compose import compose_report
from headway.domain.reports.queries.frozen import (
    ReportContent,
    ReportLine,
    content_of,
    report_content,
    report_numbered,
    reports_of,
)

__all__ = [
    "ReportContent",
    "ReportLine",
    "compose_report",
    "content_of",
    "report_content",
    "report_numbered",
    "reports_of",
]
