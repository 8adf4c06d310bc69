"""Every write of reports: freezing a pack, keeping a template."""

from headway.domain.reports.actions.freeze import freeze_drafted, freeze_report
from headway.domain.reports.actions.templates import keep_template, retire_template

__all__ = ["freeze_drafted", "freeze_report", "keep_template", "retire_template"]
