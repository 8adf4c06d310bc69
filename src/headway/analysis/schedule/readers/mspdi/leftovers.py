"""What a Microsoft Project file holds and a plan does not: told by name, never dropped in silence.

Three sorts of fields: those that are read, those that any tool works out again from them, and the
rest, which only another Microsoft Project file can take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from headway.analysis.schedule.plan import Calendar
from headway.analysis.schedule.readers.mspdi.outline import Rows
from headway.analysis.schedule.readers.mspdi.row import Row, minutes_of
from headway.analysis.schedule.readers.mspdi.settings import Settings
from headway.analysis.schedule.readers.mspdi.worked import windows_on
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


READ: Mapping[str, frozenset[str]] = {
    "task": _words(
        "UID ID Name IsNull Active Manual OutlineNumber OutlineLevel Priority Start Finish Duration"
        " DurationFormat Milestone Summary ExternalTask FixedCost PercentComplete ActualStart"
        " ActualFinish RemainingDuration ConstraintType CalendarUID ConstraintDate Deadline"
        " PredecessorLink ManualStart ManualFinish ManualDuration StartText FinishText"
        " DurationText"
    ),
    "resource": _words(
        "UID ID Name Type IsNull MaxUnits StandardRate StandardRateFormat CalendarUID CostPerUse"
        " AvailabilityPeriods Rates IsCostResource"
    ),
    "assignment": _words("UID TaskUID ResourceUID Units ActualStart ActualFinish"),
}
#: Worked out again from the rest, or about how the file was kept.
WORKED_OUT = _words(
    "Type CreateDate CreationDate WBS WBSLevel Work Stop Resume ResumeValid EffortDriven Recurring"
    " OverAllocated Overallocated Estimated Critical IsSubproject IsSubprojectReadOnly EarlyStart"
    " EarlyFinish LateStart LateFinish StartVariance FinishVariance WorkVariance FreeSlack"
    " TotalSlack StartSlack FinishSlack FixedCostAccrual PercentWorkComplete Cost OvertimeCost"
    " OvertimeWork ActualDuration ActualCost ActualOvertimeCost ActualWork ActualOvertimeWork"
    " RegularWork RemainingCost RemainingWork RemainingOvertimeCost RemainingOvertimeWork ACWP CV"
    " SV VAC LevelAssignments LevelingCanSplit LevelingDelay LevelingDelayFormat PreLeveledStart"
    " PreLeveledFinish IgnoreResourceCalendar IgnoreWarnings HideBar Rollup BCWS BCWP"
    " PhysicalPercentComplete EarnedValueMethod ActualWorkProtected ActualOvertimeWorkProtected"
    " IsPublished CommitmentType StatusManager DisplayAsSummary DisplayOnTimeline PeakUnits"
    " CanLevel AccrueAt WorkGroup CostVariance OvertimeRate OvertimeRateFormat IsGeneric"
    " IsInactive IsEnterprise BookingType IsBudget Start Finish Milestone Summary Confirmed Delay"
    " CostRateTable HasFixedRateUnits FixedMaterial LinkedFields ResponsePending UpdateNeeded"
    " WorkContour RateScale TimephasedData Initials AvailableFrom AvailableTo BudgetCost BudgetWork"
    " FreeformDurationFormat GUID TaskGUID ResourceGUID AssnOwner AssnOwnerGuid ActiveDirectoryGUID"
)
_KINDS = (("Tasks", "Task"), ("Resources", "Resource"), ("Assignments", "Assignment"))
_NOTHING = frozenset(("", "0", "-1", "0.00", "false", "PT0H0M0S"))


def tell_leftovers(root: Element, settings: Settings, losses: Losses) -> None:
    """Tell each field that is neither read nor worked out again, and what fills it how often."""
    found: dict[str, int] = {}
    for outer, kind in _KINDS:
        for element in root.within(outer, kind):
            for tag in _left(element, kind.lower(), settings):
                key = f"{tag} of {outer.lower()}"
                found[key] = found.get(key, 0) + 1
    for key, count in found.items():
        what = "Kept only when it is written as Microsoft Project XML again"
        losses.tell(what, f"{key} ({count})")


def _left(element: Element, kind: str, settings: Settings) -> Iterator[str]:
    seen = set()
    for child in element.children:
        tag = child.tag
        if tag in seen or tag in READ[kind] or tag in WORKED_OUT:
            continue
        if tag == "ExtendedAttribute" and child.value("FieldID") in settings.fields:
            continue
        if child.children or child.text.strip() not in _NOTHING:
            seen.add(tag)
            yield tag


def tell_splits(root: Element, rows: Rows, settings: Settings, losses: Losses) -> None:
    """Tell the tasks whose work pauses on days that are worked: their pauses are not read."""
    for element in root.within("Assignments", "Assignment"):
        row = Row(element, "assignment", [])
        task = rows.tasks.get(row.whole("TaskUID", -1) or 0)
        if task is None or task.is_summary:
            continue
        calendar = settings.worked.of_resource.get(
            row.whole("ResourceUID", -1) or 0, settings.calendar
        )
        if _pauses(row, calendar):
            losses.tell("Work that is split runs without its pauses", f"{task.id} {task.name}")


def _pauses(row: Row, calendar: Calendar) -> bool:
    """Say whether time without work lies between times with work, although it is worked."""
    periods = [(*_span(held), _minutes(held)) for held in row.rows("TimephasedData")]
    known = [(begin, end, minutes) for begin, end, minutes in periods if begin and end]
    busy = sorted(begin for begin, _, minutes in known if minutes > 0)
    if len(busy) < 2:
        return False
    last = max(end for _, end, minutes in known if minutes > 0)
    return any(
        _is_worked(begin, end, calendar)
        for begin, end, minutes in known
        if minutes == 0 and begin > busy[0] and end < last and end - begin <= timedelta(days=1)
    )


def _span(row: Row) -> tuple[datetime | None, datetime | None]:
    if row.element.value("Type") not in ("1", "2"):
        return None, None
    return row.moment("Start"), row.moment("Finish")


def _minutes(row: Row) -> float:
    return minutes_of(row.element.value("Value")) or 0.0


def _is_worked(begin: datetime, end: datetime, calendar: Calendar) -> bool:
    """Say whether some of a span of at most a day is working time."""
    day, hour = begin.date(), begin.hour + begin.minute / 60
    until = hour + (end - begin).total_seconds() / 3600
    spans = [*windows_on(day, calendar)]
    spans += [(low + 24, high + 24) for low, high in windows_on(day + timedelta(days=1), calendar)]
    return any(low < until and hour < high for low, high in spans)
