"""Addresses of monitors, their runs, online experiments and proposals to retrain."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.checks import changing, pages, retraining, running, trials
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/systems/"
_ONE = _HERE + "monitors/<slug:monitor>/"
_RUN = _ONE + "runs/<int:number>/"
_PROPOSAL = _HERE + "retraining/<slug:proposal>/"
_SEE, _KEEP = Permission.VIEW, Permission.EVIDENCE

urlpatterns = [
    route(_HERE, pages.systems, _SEE, "systems"),
    route(_HERE + "new-monitor/", changing.choose, _KEEP, "new_monitor"),
    route(_HERE + "new-monitor/<slug:kind>/", changing.add, _KEEP, "add_monitor", _BOTH),
    route(_ONE, pages.monitor, _SEE, "monitor"),
    route(_ONE + "column/", pages.column, _SEE, "monitor_column"),
    route(_ONE + "edit/", changing.edit, _KEEP, "edit_monitor", _BOTH),
    route(_ONE + "remove/", changing.remove, _KEEP, "remove_monitor", _POST),
    route(_ONE + "restore/<int:version>/", changing.restore, _KEEP, "restore_monitor", _POST),
    route(_ONE + "run/", running.run, _KEEP, "run_monitor", _POST),
    route(_ONE + "reference/", running.set_reference, _KEEP, "set_reference", _BOTH),
    route(_RUN, pages.run, _SEE, "monitor_run"),
    route(_RUN + "progress/", running.progress, _SEE, "monitor_run_progress"),
    route(_RUN + "cancel/", running.cancel, _KEEP, "cancel_monitor_run", _POST),
    route(_ONE + "plan/", trials.plan, _KEEP, "trial_plan", _BOTH),
    route(_ONE + "lock/", trials.lock, _KEEP, "lock_trial", _POST),
    route(_ONE + "amend/", trials.amend, _KEEP, "amend_trial", _BOTH),
    route(_ONE + "decide/", trials.decide, Permission.DECIDE, "decide_trial", _BOTH),
    route(_PROPOSAL + "accept/", retraining.accept, Permission.PLAN, "accept_retraining", _POST),
    route(_PROPOSAL + "dismiss/", retraining.dismiss, Permission.PLAN, "dismiss_retraining", _BOTH),
    route(_PROPOSAL + "reopen/", retraining.reopen, Permission.PLAN, "reopen_retraining", _POST),
]
