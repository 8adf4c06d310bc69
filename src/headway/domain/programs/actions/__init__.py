"""Every write of programs, one atomic function per verb a person says."""

from headway.domain.programs.actions.business_case import (
    restore_business_case,
    set_business_case,
)
from headway.domain.programs.actions.calendars import (
    drop_calendar,
    keep_calendar,
    take_days_off,
)
from headway.domain.programs.actions.programs import (
    create_program,
    create_project,
    edit_program,
    edit_project,
    restore_program,
    set_calendar,
)
from headway.domain.programs.actions.promises import (
    remove_criterion,
    restore_criterion,
    set_criterion,
    set_objective,
)
from headway.domain.programs.actions.systems import (
    create_release,
    create_stage_template,
    create_system,
    edit_stage_template,
    edit_system,
    move_release,
)

__all__ = [
    "create_program",
    "create_project",
    "create_release",
    "create_stage_template",
    "create_system",
    "drop_calendar",
    "edit_program",
    "edit_project",
    "edit_stage_template",
    "edit_system",
    "keep_calendar",
    "move_release",
    "remove_criterion",
    "restore_business_case",
    "restore_criterion",
    "restore_program",
    "set_business_case",
    "set_calendar",
    "set_criterion",
    "set_objective",
    "take_days_off",
]
