"""Where evidence about a system belongs: to the first project that works on it."""

from __future__ import annotations

from headway.domain.programs.models import Project
from headway.domain.programs.rules import SystemFacts


def home_of(system: SystemFacts) -> str | None:
    """Return the slug of the first project of a system, None where there is none."""
    rows = Project.objects.filter(workspace_id=system.workspace_id, system_id=system.id)
    return rows.order_by("order", "slug").values_list("slug", flat=True).first()
