"""Every read of inventory: takes the actor and `at`, returns frozen values."""

from headway.domain.inventory.queries.datasets import (
    DatasetLine,
    DatasetPage,
    dataset_lines,
    dataset_page,
    dataset_said,
)
from headway.domain.inventory.queries.deployments import (
    DeploymentsPage,
    ModelMatrix,
    deployments_page,
)
from headway.domain.inventory.queries.heard import require_heard
from headway.domain.inventory.queries.held import Held, Made, held_models, model_said
from headway.domain.inventory.queries.lineage import Thread, Used, Watch
from headway.domain.inventory.queries.models import (
    AliasLine,
    Drill,
    Live,
    ModelLine,
    ModelPage,
    VersionLine,
    alias_lines,
    live_versions,
    model_lines,
    model_page,
    pointing_of,
)
from headway.domain.inventory.queries.pipelines import (
    PipelineLine,
    PipelinePage,
    pipeline_lines,
    pipeline_page,
    pipeline_said,
)
from headway.domain.inventory.queries.reproducible import (
    reproducibilities_of,
    reproducibility_of,
)

__all__ = [
    "AliasLine",
    "DatasetLine",
    "DatasetPage",
    "DeploymentsPage",
    "Drill",
    "Held",
    "Live",
    "Made",
    "ModelLine",
    "ModelMatrix",
    "ModelPage",
    "PipelineLine",
    "PipelinePage",
    "Thread",
    "Used",
    "VersionLine",
    "Watch",
    "alias_lines",
    "dataset_lines",
    "dataset_page",
    "dataset_said",
    "deployments_page",
    "held_models",
    "live_versions",
    "model_lines",
    "model_page",
    "model_said",
    "pipeline_lines",
    "pipeline_page",
    "pipeline_said",
    "pointing_of",
    "reproducibilities_of",
    "reproducibility_of",
    "require_heard",
]
