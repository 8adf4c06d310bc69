"""Addresses of the inventory. Names hold slashes, so that what is done stands before them."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.inventory import changing, pages
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/systems/"
_SEE, _KEEP = Permission.VIEW, Permission.EVIDENCE

urlpatterns = [
    route(_HERE + "models/", pages.models, _SEE, "models"),
    route(_HERE + "models/<path:model>/", pages.model, _SEE, "model"),
    route(_HERE + "edit-model/<path:model>/", changing.edit_model, _KEEP, "edit_model", _BOTH),
    route(
        _HERE + "restore-model/<int:version>/<path:model>/",
        changing.restore_model,
        _KEEP,
        "restore_model",
        _POST,
    ),
    route(_HERE + "datasets/", pages.datasets, _SEE, "datasets"),
    route(_HERE + "datasets/<path:dataset>/", pages.dataset, _SEE, "dataset"),
    route(
        _HERE + "edit-dataset/<path:dataset>/", changing.edit_dataset, _KEEP, "edit_dataset", _BOTH
    ),
    route(
        _HERE + "restore-dataset/<int:version>/<path:dataset>/",
        changing.restore_dataset,
        _KEEP,
        "restore_dataset",
        _POST,
    ),
    route(_HERE + "deployments/", pages.deployments, _SEE, "deployments"),
    route(_HERE + "pipelines/", pages.pipelines, _SEE, "pipelines"),
    route(_HERE + "pipelines/<path:pipeline>/", pages.pipeline, _SEE, "pipeline"),
    route(
        _HERE + "edit-pipeline/<path:pipeline>/",
        changing.edit_pipeline,
        _KEEP,
        "edit_pipeline",
        _BOTH,
    ),
    route(
        _HERE + "restore-pipeline/<int:version>/<path:pipeline>/",
        changing.restore_pipeline,
        _KEEP,
        "restore_pipeline",
        _POST,
    ),
]
