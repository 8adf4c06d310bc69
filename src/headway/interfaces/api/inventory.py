"""The inventory: models with the history of their aliases, datasets, deployments, pipelines."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.assessments.rules import Assessment
from headway.domain.gates.queries import promotion_lines
from headway.domain.inventory.actions import (
    describe_dataset,
    describe_model,
    describe_pipeline,
)
from headway.domain.inventory.queries import (
    DatasetLine,
    DatasetPage,
    DeploymentsPage,
    ModelLine,
    ModelPage,
    PipelineLine,
    PipelinePage,
    dataset_lines,
    dataset_page,
    dataset_said,
    deployments_page,
    model_lines,
    model_page,
    model_said,
    pipeline_lines,
    pipeline_page,
    pipeline_said,
    pointing_of,
)
from headway.domain.inventory.rules.aliases import Pointing
from headway.domain.inventory.rules.said import DatasetSaid, ModelSaid, PipelineSaid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Instant, Page, page_of

router = Router(tags=["Inventory"])


class ModelSaidBody(Given):
    """What a person says of a model; `system` by its slug."""

    system: str | None = None
    owner: str | None = None
    tier: Literal["", "standard", "high"] | None = None
    licence: str | None = None
    change_window: str | None = None
    note: str | None = None


class DatasetSaidBody(Given):
    """What a person says of a dataset."""

    owner: str | None = None
    licence: str | None = None
    personal_data: Literal["", "none", "pseudonymous", "personal", "special"] | None = None
    consent: str | None = None
    note: str | None = None


class PipelineSaidBody(Given):
    """What is expected of a pipeline, in hours; null asks nothing."""

    owner: str | None = None
    every_hours: float | None = None
    within_hours: float | None = None
    data_hours: float | None = None
    note: str | None = None


class AliasAsked(At):
    """Which alias, and at which moment."""

    alias: Annotated[str, Field(max_length=300, description="Such as champion.")] = "champion"
    on: Annotated[Instant | None, Field(description="The moment asked about; default: now.")] = None


@operation(router, "GET", "/models", Permission.VIEW, Page[ModelLine])
def list_models(request: ApiRequest, asked: Query[AskedAt]) -> Page[ModelLine]:
    """List the models that evidence names, with what is live and how it was made, by name."""
    return page_of(model_lines(request.auth, asked.moment(request)), lambda row: row.name, asked)


@operation(router, "GET", "/models/{path:name}", Permission.VIEW, ModelPage)
def read_model(request: ApiRequest, name: str, asked: Query[At]) -> ModelPage:
    """Read a model: aliases with their history, versions, deployments, lineage, drills."""
    return model_page(request.auth, name, asked.moment(request))


@operation(router, "GET", "/alias-at/{path:name}", Permission.VIEW, Pointing)
def read_alias(request: ApiRequest, name: str, asked: Query[AliasAsked]) -> Pointing:
    """Say where an alias pointed at a moment: one version, one of several, or unknown."""
    moment = asked.moment(request)
    on = asked.on or moment or request.now
    return pointing_of(request.auth, name, asked.alias, on, moment)


@operation(router, "GET", "/model-facts/{path:name}", Permission.VIEW, ModelSaid)
def read_model_facts(request: ApiRequest, name: str, asked: Query[At]) -> ModelSaid:
    """Read what a person says of a model; its ETag is what a change sends as If-Match."""
    return model_said(request.auth, name, asked.moment(request))


@operation(router, "PUT", "/model-facts/{path:name}", Permission.EVIDENCE, ModelSaid)
def put_model_facts(request: ApiRequest, name: str, body: ModelSaidBody) -> ModelSaid:
    """Say whose a model is, of which system, at which tier; beside the evidence, as yours."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int | None) -> ModelSaid:
        return describe_model(actor, name, values, at, version=version)

    return edit_or_create(request, lambda: model_said(actor, name), write)


@operation(router, "GET", "/datasets", Permission.VIEW, Page[DatasetLine])
def list_datasets(request: ApiRequest, asked: Query[AskedAt]) -> Page[DatasetLine]:
    """List the datasets that evidence names, with what nobody said of them yet, by name."""
    return page_of(dataset_lines(request.auth, asked.moment(request)), lambda row: row.name, asked)


@operation(router, "GET", "/datasets/{path:name}", Permission.VIEW, DatasetPage)
def read_dataset(request: ApiRequest, name: str, asked: Query[At]) -> DatasetPage:
    """Read a dataset: its versions by digest, and the models that were made of it."""
    return dataset_page(request.auth, name, asked.moment(request))


@operation(router, "GET", "/dataset-facts/{path:name}", Permission.VIEW, DatasetSaid)
def read_dataset_facts(request: ApiRequest, name: str, asked: Query[At]) -> DatasetSaid:
    """Read what a person says of a dataset; its ETag is what a change sends as If-Match."""
    return dataset_said(request.auth, name, asked.moment(request))


@operation(router, "PUT", "/dataset-facts/{path:name}", Permission.EVIDENCE, DatasetSaid)
def put_dataset_facts(request: ApiRequest, name: str, body: DatasetSaidBody) -> DatasetSaid:
    """Say who owns a dataset, its licence, whether it holds personal data, and on what consent."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int | None) -> DatasetSaid:
        return describe_dataset(actor, name, values, at, version=version)

    return edit_or_create(request, lambda: dataset_said(actor, name), write)


@operation(router, "GET", "/deployments", Permission.VIEW, DeploymentsPage)
def read_deployments(request: ApiRequest, asked: Query[At]) -> DeploymentsPage:
    """Read where every model runs: versions by environments, and what was told before."""
    return deployments_page(request.auth, asked.moment(request))


@operation(router, "GET", "/pipelines", Permission.VIEW, Page[PipelineLine])
def list_pipelines(request: ApiRequest, asked: Query[AskedAt]) -> Page[PipelineLine]:
    """List the pipelines with whether each keeps its service level, by name."""
    moment = asked.moment(request)
    rows = pipeline_lines(request.auth, moment or request.now, moment)
    return page_of(rows, lambda row: row.name, asked)


@operation(router, "GET", "/pipelines/{path:name}", Permission.VIEW, PipelinePage)
def read_pipeline(request: ApiRequest, name: str, asked: Query[At]) -> PipelinePage:
    """Read a pipeline with its last runs."""
    moment = asked.moment(request)
    return pipeline_page(request.auth, name, moment or request.now, moment)


@operation(router, "GET", "/pipeline-facts/{path:name}", Permission.VIEW, PipelineSaid)
def read_pipeline_facts(request: ApiRequest, name: str, asked: Query[At]) -> PipelineSaid:
    """Read what is expected of a pipeline; its ETag is what a change sends as If-Match."""
    return pipeline_said(request.auth, name, asked.moment(request))


@operation(router, "PUT", "/pipeline-facts/{path:name}", Permission.EVIDENCE, PipelineSaid)
def put_pipeline_facts(request: ApiRequest, name: str, body: PipelineSaidBody) -> PipelineSaid:
    """Say what is expected of a pipeline: how often, how fast, on how fresh data."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int | None) -> PipelineSaid:
        return describe_pipeline(actor, name, values, at, version=version)

    return edit_or_create(request, lambda: pipeline_said(actor, name), write)


class PromotionAnswer(BaseModel):
    """One thing that points to a version of a model, and what the gates make of it."""

    model: str
    what: str
    version: str
    system: str
    project: str
    assessment: Assessment
    is_alarm: bool


@operation(router, "GET", "/promotions", Permission.VIEW, Page[PromotionAnswer])
def list_promotions(request: ApiRequest, asked: Query[AskedAt]) -> Page[PromotionAnswer]:
    """List what serves of each model against what its gate decided; an alarm is for somebody."""
    moment = asked.moment(request)
    lines = promotion_lines(request.auth, moment or request.now, known_at=moment)
    rows = [
        PromotionAnswer(
            model=line.model,
            what=line.what,
            version=line.version,
            system=line.system,
            project=line.project,
            assessment=line.assessment,
            is_alarm=line.is_alarm,
        )
        for line in lines
    ]
    return page_of(rows, lambda row: f"{row.model}\n{row.what}\n{row.version}", asked)
