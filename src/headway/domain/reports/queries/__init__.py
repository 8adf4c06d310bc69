"""Every read of reports: what one would say now, what the frozen ones say, and their templates."""

from headway.domain.reports.queries.audited import (
    AuditScope,
    audit_scope,
    audit_scopes,
    auditors_package,
)
from headway.domain.reports.queries.frozen import (
    CONTENT_TYPES,
    Drawing,
    ReportContent,
    ReportLine,
    content_of,
    file_of,
    pack_contents,
    pack_numbered,
    report_content,
    report_mail,
    reports_of,
)
from headway.domain.reports.queries.pack import compose_pack
from headway.domain.reports.queries.said import (
    Came,
    Claim,
    PackSaid,
    WhatWeSaid,
    what_we_said,
)
from headway.domain.reports.queries.templates import (
    TemplateLine,
    default_template,
    template_named,
    templates_of,
)

__all__ = [
    "AuditScope",
    "audit_scope",
    "audit_scopes",
    "auditors_package",
    "Came",
    "Claim",
    "PackSaid",
    "WhatWeSaid",
    "what_we_said",
    "CONTENT_TYPES",
    "Drawing",
    "ReportContent",
    "ReportLine",
    "TemplateLine",
    "compose_pack",
    "content_of",
    "default_template",
    "file_of",
    "pack_contents",
    "pack_numbered",
    "report_content",
    "report_mail",
    "reports_of",
    "template_named",
    "templates_of",
]
