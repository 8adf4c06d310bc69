"""Saying something of a model, a dataset or a pipeline, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse

from headway.domain.inventory.actions import (
    describe_dataset,
    describe_model,
    describe_pipeline,
    restore_dataset_entry,
    restore_model_entry,
    restore_pipeline_entry,
)
from headway.domain.inventory.queries import (
    dataset_said,
    model_said,
    pipeline_said,
    require_heard,
)
from headway.domain.programs.queries import systems_of
from headway.errors import NotFound
from headway.interfaces.web.inventory.forms import DatasetForm, PipelineForm, model_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave

#: Says something of a thing by its name: the actor, the name, the fields, when.
Describe = Callable[..., Any]


def edit_model(request: WorkspaceRequest, model: str) -> HttpResponse:
    """Say whose a model is."""
    systems = systems_of(request.actor)
    slugs = {one.id: one.slug for one in systems}
    form = model_form([(one.slug, one.name) for one in systems])

    def held() -> Mapping[str, object]:
        said = model_said(request.actor, model)
        system = slugs.get(said.system_id, "") if said.system_id else ""
        return {**asdict(said), "system": system}

    return _edit(request, ("model", model), form, describe_model, held)


def edit_dataset(request: WorkspaceRequest, dataset: str) -> HttpResponse:
    """Say whose a dataset is, and whether people are in it."""

    def held() -> Mapping[str, object]:
        return asdict(dataset_said(request.actor, dataset))

    return _edit(request, ("dataset", dataset), DatasetForm, describe_dataset, held)


def edit_pipeline(request: WorkspaceRequest, pipeline: str) -> HttpResponse:
    """Say what is expected of a pipeline."""

    def held() -> Mapping[str, object]:
        return asdict(pipeline_said(request.actor, pipeline))

    return _edit(request, ("pipeline", pipeline), PipelineForm, describe_pipeline, held)


def _edit(
    request: WorkspaceRequest,
    thing: tuple[str, str],
    form: type[ReadForm],
    describe: Describe,
    held: Callable[[], Mapping[str, object]],
) -> HttpResponse:
    """Show or save the form of a thing (its sort, its name); nobody may have said anything yet."""
    sort, name = thing

    def load() -> Edit:
        try:
            said = held()
        except NotFound:
            if sort != "pipeline":  # of a pipeline one may speak before its first run
                require_heard(request.actor, sort, name)
            said = {"version": 0}
        version = int(str(said["version"]))
        fields = {key: said.get(key, "") for key in form.base_fields if key != "version"}
        page = address(request, sort, **{sort: name})
        return Edit(
            f"What is known of {name}", page, form, save, fields, version or None, area=_AREA
        )

    def save(values: dict[str, object], version: int | None) -> Done:
        done = describe(request.actor, name, values, request.now, version=version)
        undo = ""
        if done.version > 1:
            place = {sort: name, "version": done.version - 1}
            undo = address(request, f"restore_{sort}", **place)
        return Done(f"It is said of {name}, in your name.", undo)

    return edit_page(request, load)


_AREA = ("systems", "Systems")


def restore_model(request: WorkspaceRequest, version: int, model: str) -> HttpResponse:
    """Say again what was said of a model."""
    restore_model_entry(request.actor, model, version, request.now)
    return _restored(request, "model", model)


def restore_dataset(request: WorkspaceRequest, version: int, dataset: str) -> HttpResponse:
    """Say again what was said of a dataset."""
    restore_dataset_entry(request.actor, dataset, version, request.now)
    return _restored(request, "dataset", dataset)


def restore_pipeline(request: WorkspaceRequest, version: int, pipeline: str) -> HttpResponse:
    """Say again what was said of a pipeline."""
    restore_pipeline_entry(request.actor, pipeline, version, request.now)
    return _restored(request, "pipeline", pipeline)


def _restored(request: WorkspaceRequest, sort: str, name: str) -> HttpResponse:
    page = address(request, sort, **{sort: name})
    return leave(request, page, Done(f"{name} is described as before."))
