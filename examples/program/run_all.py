"""Trains everything from scratch and remakes the demo's evidence: `make example`.

Starts a real MLflow server, runs the four projects, registers their models, moves the aliases as
the story tells, and writes what all that left behind as evidence files. It takes two minutes of
one processor.
"""

from __future__ import annotations

import argparse
import logging
import os
import warnings
from pathlib import Path

os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"

import mlflow
from sklearn.exceptions import ConvergenceWarning

from examples.program import collect
from examples.program.co2_forecaster import rows
from examples.program.co2_forecaster import train as co2_forecaster
from examples.program.meter_reading import train as meter_reading
from examples.program.screening import train as screening
from examples.program.server import mlflow_server
from examples.program.severity_score import train as severity_score
from examples.program.story import Story, read_story

PROJECTS = (meter_reading, severity_score, screening, co2_forecaster)
EVIDENCE = Path(__file__).parents[2] / "src/headway/domain/installation/demo/evidence"


def register(story: Story) -> None:
    """Register the story's model versions in order, and move the aliases."""
    client = mlflow.MlflowClient()
    for told in story.versions:
        model, name = str(told["model"]), str(told["run"])
        experiment = client.get_experiment_by_name(model)
        (run,) = client.search_runs(
            [experiment.experiment_id], f"attributes.run_name = '{name}'", max_results=2
        )
        made = mlflow.register_model(f"runs:/{run.info.run_id}/model", model)
        client.update_model_version(model, made.version, str(told["description"]))
        client.set_model_version_tag(model, made.version, "headway.project", model)
    for move in story.aliases:
        client.set_registered_model_alias(
            str(move["model"]), str(move["alias"]), str(move["version"])
        )


def main() -> None:
    """Train, register, collect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=EVIDENCE, help="folder for the evidence files")
    out = parser.parse_args().out
    warnings.simplefilter("ignore", ConvergenceWarning)
    for name in ("mlflow", "mlflow.sklearn", "mlflow.tracking.fluent"):
        logging.getLogger(name).setLevel(logging.ERROR)
    story = read_story()
    with mlflow_server() as address:
        mlflow.set_tracking_uri(address)
        for project in PROJECTS:
            print(project.PROJECT, flush=True)
            project.main()
        register(story)
        for path, count in collect.write(story, out).items():
            print(f"{path.name}: {count} observations")
    rows.write(out.parent / "tables")


if __name__ == "__main__":
    main()
