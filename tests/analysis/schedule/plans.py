"""Plans for tests, written as the files that people write."""

from __future__ import annotations

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers import read_plan


def plan_of(text: str, name: str = "plan.yaml") -> Plan:
    """Return the plan that `text` writes."""
    return read_plan(text.encode(), name)


def numbers(*items: str, more: str = "") -> Plan:
    """Return a plan without a calendar, one line an item."""
    listed = "\n".join(f"  - {{{item}}}" for item in items)
    return plan_of(f"plan: P\ncalendar: none\nitems:\n{listed}\n{more}")


def dated(*items: str, more: str = "") -> Plan:
    """Return a plan that starts on Monday 5 January 2026, one line an item."""
    listed = "\n".join(f"  - {{{item}}}" for item in items)
    return plan_of(f"plan: P\nstart: 2026-01-05\nitems:\n{listed}\n{more}")
