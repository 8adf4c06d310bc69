"""Training: from a script, with seeds, evaluated, logged, its steps in an order that can be run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.seen import Seen
from headway.analysis.repository.ci.following import followed
from headway.analysis.repository.ci.shell import Command
from headway.analysis.repository.modelling import Place

_NOTHING = "Nothing here trains a model."
_ORCHESTRATORS = frozenset(
    {
        "airflow", "prefect", "dagster", "kedro", "zenml", "metaflow", "kfp", "flytekit",
        "luigi", "snakemake", "argo_workflows", "tfx", "ploomber", "mage_ai", "hamilton",
    }
)  # fmt: skip
_PIPELINE_FILES = re.compile(
    r"(?:^|/)(?:dvc\.yaml|MLproject|Snakefile|snakemake\.smk|databricks\.ya?ml|main\.nf|"
    r"[\w-]*pipeline[\w-]*\.ya?ml|dag[\w-]*\.py|\w*_dag\.py)$|(?:^|/)dags/[^/]+\.py$"
)
_CI_FILE = re.compile(r"azure-pipelines|bitbucket-pipelines|\.github/|\.circleci/|\.tekton/")
_EVALUATION = re.compile(
    r"(?:^|/)(?:\w*_)?(?:eval\w*|validate_model|score_model|benchmark\w*|test_model)\.py$", re.I
)


def _at(seen: Seen, found: Iterable[Place]) -> list[str]:
    return [seen.project.place(path, line) for path, line in found]


def training_script(seen: Seen) -> Finding:
    """A script trains; a notebook alone can't be tested, reviewed or run by a machine."""
    model = seen.model
    if not model.trains:
        return not_applicable("notebook-training", _NOTHING)
    if model.trained:
        return met(
            "notebook-training", "A script trains.", *_at(seen, list(model.trained.items())[:3])
        )
    sentence = f"Only notebooks train ({len(model.in_notebooks)}): nothing there can be tested."
    return unmet("notebook-training", sentence, *_at(seen, list(model.in_notebooks.items())[:5]))


def notebook_order(seen: Seen) -> Finding:
    """The saved notebooks were run from top to bottom."""
    ran = {path: one.ran_in_order for path, one in seen.project.notebooks.items()}
    if not ran:
        return not_applicable("notebook-order", "There are no notebooks.")
    wrong = [path for path, order in ran.items() if order is False]
    if wrong:
        told = "were run out of order: their numbers may not come again"
        sentence = f"{len(wrong)} of {len(ran)} notebooks {told}."
        return unmet("notebook-order", sentence, *(f"{path}:1" for path in wrong[:5]))
    right = [path for path, order in ran.items() if order]
    if not right:
        return not_applicable("notebook-order", "The notebooks are saved without having been run.")
    return met("notebook-order", f"{len(right)} notebooks ran from top to bottom.", f"{right[0]}:1")


def seeds(seen: Seen) -> Finding:
    """Every call of training that draws random numbers is reached by a seed."""
    model = seen.model
    if not model.trains:
        return not_applicable("seeds", _NOTHING)
    if model.unseeded:
        files = dict.fromkeys(path for path, _ in model.unseeded)
        sentence = f"{len(files)} of {_trainers(seen)} draw random numbers that no seed reaches."
        return unmet("seeds", sentence, *_at(seen, model.unseeded[:8]))
    if model.seeded:
        sentence = "The random numbers of training can be drawn again."
        return met("seeds", sentence, *_at(seen, model.seeded[:5]))
    return not_applicable("seeds", "Training draws no random numbers that are known here.")


def _trainers(seen: Seen) -> str:
    count = len(seen.model.trained) + len(seen.model.in_notebooks)
    return f"{count} file that trains" if count == 1 else f"{count} files that train"


def evaluation_script(seen: Seen) -> Finding:
    """A script says how good the model is, on data that it was not trained on."""
    if not seen.model.trains and not seen.model.evaluated:
        return not_applicable("evaluation-script", _NOTHING)
    named = [
        (path, 1)
        for path in seen.project.python
        if _EVALUATION.search(seen.project.inner(path)) and (seen.tree.text(path) or "").strip()
    ]
    scripts = named + [place for place in seen.model.evaluated if place[0].endswith(".py")]
    if scripts:
        return met("evaluation-script", "A script evaluates the model.", *_at(seen, scripts[:3]))
    if seen.model.evaluated:
        sentence = "Only notebooks evaluate the model."
        return unmet("evaluation-script", sentence, *_at(seen, seen.model.evaluated[:3]))
    return missing("evaluation-script", "Nothing evaluates the model that is trained here.")


def experiment_tracking(seen: Seen) -> Finding:
    """Training logs its runs where they can be compared."""
    if not seen.model.trains:
        return not_applicable("experiment-tracking", _NOTHING)
    if seen.model.tracked:
        return met("experiment-tracking", "Runs are logged.", *_at(seen, seen.model.tracked[:3]))
    places = [*seen.model.trained.items(), *seen.model.in_notebooks.items()]
    return missing("experiment-tracking", "Training logs its runs nowhere.", *_at(seen, places[:3]))


def pipeline(seen: Seen) -> Finding:
    """The steps from data to model are declared, so that a machine can run them in order."""
    if not seen.model.trains:
        return not_applicable("pipeline", _NOTHING)
    files = [
        path
        for path in seen.project.files
        if _PIPELINE_FILES.search(path) and not _CI_FILE.search(path)
    ]
    if files:
        return met("pipeline", "The steps are declared as a pipeline.", f"{files[0]}:1")
    for path in seen.project.importing(seen.project.python, _ORCHESTRATORS):
        code = seen.project.code(path)
        for name, line in code.imports.items() if code else ():
            if name.partition(".")[0] in _ORCHESTRATORS:
                return met(
                    "pipeline",
                    f"The steps are a pipeline of {name.partition('.')[0]}.",
                    f"{path}:{line}",
                )
    target = _training_target(seen)
    if target is not None:
        return met("pipeline", "A target of make trains.", target)
    return missing("pipeline", "No file says in which order data, training and evaluation run.")


def _names(word: str) -> set[str]:
    """Return the names in a word of a command: "src/train.py" and "x.train" name train."""
    return set(re.split(r"[./]", word))


def _training_target(seen: Seen) -> str | None:
    names = {path.rpartition("/")[2].removesuffix(".py") for path in seen.model.trained}
    for target in ("train", "all", "pipeline", "model", "reproduce"):
        command = Command(("make", target), 1, seen.project.folder)
        for file, one in followed(seen.tree, command):
            if any(_names(word) & names for word in one.words[1:]):
                return f"{file}:{one.line}"
    return None
