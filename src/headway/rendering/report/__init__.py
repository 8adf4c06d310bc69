"""Reports: one frozen value (`Pack`), a page an audience (`views`), every format from the page."""

from __future__ import annotations

from headway.rendering.report.blocks import Page
from headway.rendering.report.deck import as_pptx
from headway.rendering.report.html import as_html, as_html_document
from headway.rendering.report.mail import Mail, mail_of
from headway.rendering.report.markdown import as_markdown
from headway.rendering.report.onepager import (
    DecisionNeeded,
    HealthLine,
    HitRate,
    Judgement,
    LedgerHead,
    OnePager,
    Outlook,
    Pedigree,
    ProjectLine,
    RiskLine,
)
from headway.rendering.report.pack import Pack
from headway.rendering.report.pdf import as_pdf
from headway.rendering.report.views import page_of
from headway.rendering.report.workbook import as_xlsx

__all__ = [
    "DecisionNeeded",
    "HealthLine",
    "HitRate",
    "Judgement",
    "LedgerHead",
    "Mail",
    "OnePager",
    "Outlook",
    "Pack",
    "Page",
    "Pedigree",
    "ProjectLine",
    "RiskLine",
    "as_html",
    "as_html_document",
    "as_markdown",
    "as_pdf",
    "as_pptx",
    "as_xlsx",
    "mail_of",
    "page_of",
]
