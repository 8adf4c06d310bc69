"""Every read of reports: what one would say now, and what the frozen ones say."""

from headway.domain.reports.queries.compose import compose_report
from headway.domain.reports.queries.frozen import (
    CONTENT_TYPES,
    ReportContent,
    ReportLine,
    content_of,
    report_content,
    report_numbered,
    reports_of,
)

__all__ = [
    "CONTENT_TYPES",
    "ReportContent",
    "ReportLine",
    "compose_report",
    "content_of",
    "report_content",
    "report_numbered",
    "reports_of",
]
