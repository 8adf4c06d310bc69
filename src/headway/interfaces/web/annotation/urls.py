"""Addresses of annotation: across programs, and below each program."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.annotation import changing, own, pages, telling
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/programs/<slug:program>/annotation/"
_BATCH = _HERE + "batches/<str:batch>/"
_GUIDELINE = _HERE + "guidelines/<str:guideline>/"
_PILOT = _HERE + "pilots/<str:pilot>/"
_SEE, _PLAN, _TELL = Permission.VIEW, Permission.PLAN, Permission.EVIDENCE

urlpatterns = [
    route("w/<slug:workspace>/money/annotation/", pages.across, _SEE, "annotation"),
    route("w/<slug:workspace>/vendor/batches/", own.batches, Permission.SELF, "own_batches"),
    route(_HERE, pages.program_annotation, _SEE, "program_annotation"),
    route(_HERE + "new-batch/", changing.add_batch, _PLAN, "add_batch", _BOTH),
    route(_HERE + "new-guideline/", changing.add_guideline, _PLAN, "add_guideline", _BOTH),
    route(_HERE + "new-pilot/", changing.add_pilot, _PLAN, "add_pilot", _BOTH),
    route(_BATCH, pages.batch, _SEE, "batch"),
    route(_BATCH + "edit/", changing.edit_batch, _PLAN, "edit_batch", _BOTH),
    route(
        _BATCH + "restore/<int:version>/", changing.restore_batch_view, _PLAN, "restore_batch",
        _POST,
    ),
    route(_BATCH + "tell/<slug:told>/", telling.tell, _TELL, "tell_batch", _BOTH),
    route(_BATCH + "import/", telling.import_labels, _TELL, "import_labels", _BOTH),
    route(_BATCH + "receive/", telling.receive, _PLAN, "receive_labels", _POST),
    route(_GUIDELINE, pages.guideline, _SEE, "guideline"),
    route(_GUIDELINE + "edit/", changing.edit_guideline, _PLAN, "edit_guideline", _BOTH),
    route(
        _GUIDELINE + "restore/<int:version>/", changing.restore_guideline_view, _PLAN,
        "restore_guideline", _POST,
    ),
    route(_GUIDELINE + "publish/", changing.publish, _PLAN, "publish_guideline", _BOTH),
    route(_PILOT, pages.pilot, _SEE, "pilot"),
    route(_PILOT + "edit/", changing.edit_pilot, _PLAN, "edit_pilot", _BOTH),
    route(
        _PILOT + "restore/<int:version>/", changing.restore_pilot_view, _PLAN, "restore_pilot",
        _POST,
    ),
    route(_PILOT + "import/", telling.import_gold, _TELL, "import_gold", _BOTH),
    route(_PILOT + "gold/", telling.gold, _TELL, "tell_gold", _BOTH),
]  # fmt: skip
