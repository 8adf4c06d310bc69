"""The relationships of a P6 file."""

from __future__ import annotations

from collections.abc import Mapping

from headway.analysis.schedule.plan import LagUnit, Link, LinkType
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xer.project import Project
from headway.analysis.schedule.readers.xer.tables import Tables

_TYPES = {f"PR_{type_.value}": type_ for type_ in LinkType}
_TYPES |= {type_.value: type_ for type_ in LinkType}


def read_links(
    tables: Tables, project: Project, codes: Mapping[str, str], losses: Losses
) -> Mapping[str, tuple[Link, ...]]:
    """Return the links into each item by its id; `codes` are the ids of items by task_id."""
    known = {task.text("task_id") for task in tables.of("TASK")}
    found: dict[str, dict[Link, None]] = {}
    for row in tables.of("TASKPRED"):
        if row.text("proj_id") != project.id and row.text("task_id") not in codes:
            continue
        type_ = _TYPES.get(row.text("pred_type"))
        if type_ is None:
            row.note(f"pred_type is {row.shown('pred_type')}; it is PR_FS, PR_SS, PR_FF or PR_SF.")
            continue
        ends = (row.text("pred_task_id"), row.text("task_id"))
        lag = project.lag(row.number("lag_hr_cnt") or 0.0)
        if any(end not in codes for end in ends):
            is_other = row.text("pred_proj_id") not in ("", project.id)
            if is_other or all(end in known for end in ends):
                what = "Links from and to what is no work of this plan are left out"
                losses.tell(what, codes.get(ends[1], codes.get(ends[0], "")))
            else:
                missing = next(end for end in ends if end not in known)
                row.note(
                    f"It names the task_id {missing[:40]!r}, and no task has that; correct it."
                )
            continue
        unit = project.lag_unit if lag else LagUnit.WORKING
        link = Link(codes[ends[0]], type_, lag, unit)
        found.setdefault(codes[ends[1]], {})[link] = None
    return {code: tuple(links) for code, links in found.items()}
