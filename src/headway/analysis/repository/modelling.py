"""Where a project trains, evaluates, draws random numbers, logs and serves: told by its calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from headway.analysis.repository.projects import Project
from headway.analysis.repository.python_code import SPREAD, Call, Code

LIBRARIES = frozenset(
    {
        "sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost",
        "transformers", "statsmodels", "jax", "flax", "pytorch_lightning", "lightning",
        "fastai", "prophet", "ultralytics", "spacy", "trl", "peft", "sentence_transformers",
        "darts", "sktime", "gluonts", "pyspark", "autogluon", "flaml", "optuna", "mlflow",
        "sklearnex", "cuml", "implicit", "surprise", "tensorflow_decision_forests",
        "stable_baselines3", "accelerate", "timm", "tabpfn", "ngboost", "imblearn",
    }
)  # fmt: skip
_FITS = frozenset({"fit", "partial_fit", "fit_generator", "backward", "fine_tune", "finetune"})
_TRAINERS = re.compile(
    r"(?:xgboost|lightgbm|xgb|lgb)\.(?:train|cv)$|(?:^|\.)(?:SFT|DPO|Seq2Seq)?Trainer\.train$|"
    r"(?:^|\.)trainer\.(?:train|fit)$|(?:^|\.)model\.train_model$|jax\.(?:value_and_)?grad$"
)
#: What is fitted and is no model: scalers, encoders, tokenizers, figures.
_NO_MODEL = re.compile(
    r"scaler|encoder|vectori[sz]er|imputer|tokenizer|binarizer|normali[sz]er|curve|poly|preprocess|"
    r"(?:tfidf|column|power|quantile|function|data)_?transformer|discretizer|\bpca\b|\bself\b|"
    r"feature_extraction|bag_of_words",
    re.I,
)
_RANDOM = re.compile(
    r"(?:RandomForest|ExtraTrees?|GradientBoosting|HistGradientBoosting|Bagging|AdaBoost|MLP|SGD)"
    r"(?:Classifier|Regressor)$|(?:MiniBatch)?KMeans$|train_test_split$|Shuffle\w*Split$|"
    r"IsolationForest$|RandomizedSearchCV$|TSNE$|GaussianMixture$|"
    r"numpy\.random\.(?!seed|default_rng|Generator|SeedSequence|RandomState)\w+$|"
    r"^random\.(?:random|randint|shuffle|sample|choice|choices|uniform|gauss)$"
)
_FRAMEWORKS = frozenset(
    {
        "torch", "tensorflow", "keras", "jax", "pytorch_lightning", "lightning", "fastai",
        "transformers",
    }
)  # fmt: skip
#: These set a seed only when they are given one.
_SEEDING = re.compile(
    r"(?:^|\.)(?:numpy\.random\.(?:seed|default_rng|RandomState|SeedSequence)|random\.seed|"
    r"manual_seed(?:_all)?|set_random_seed|PRNGKey|random\.key)$"
)
#: These are a project's own, or a framework's, and may know their seed.
_SEEDING_ALL = re.compile(
    r"(?:^|[._])(?:seed_everything|set_(?:all_)?seeds?|set_global_seed|set_determinism|seed_all|"
    r"fix_seeds?|init_seeds?|setup_seed|set_global_determinism|enable_full_determinism)$"
)
#: Trainers that set a seed by themselves where none is given (Hugging Face: 42).
_SEEDS_ITSELF = re.compile(r"^(?:transformers|trl)\.(?:\w+\.)?\w*(?:Trainer|TrainingArguments)$")
_SEED_WORDS = frozenset({"random_state", "seed", "random_seed", "generator", "rng", "seeds"})
_METRICS = re.compile(
    r"sklearn\.metrics\.\w+$|(?:^|\.)(?:evaluate|classification_report|accuracy_score|f1_score|"
    r"roc_auc_score|mean_absolute_error|mean_squared_error|r2_score|confusion_matrix|"
    r"cross_val_score|cross_validate|log_loss|compute_metrics)$|^(?:torchmetrics|evaluate)\."
)
_TRACKING = re.compile(
    r"^mlflow\.(?:log_\w+|start_run|(?:\w+\.)?autolog|\w+\.log_model|evaluate)$|"
    r"^(?:wandb\.(?:init|log|watch)|neptune\.\w+|comet_ml\.\w+|clearml\.Task\.\w+|"
    r"dvclive\.\w+|aim\.\w+|trackio\.\w+)|"
    r"(?:^|\.)(?:log_metrics?|log_params?|add_scalar|log_artifacts?|autolog|start_run)$|"
    r"MLFlowLogger|WandbLogger|TensorBoardLogger|MLflowLoggerCallback|SummaryWriter|TensorBoard$"
)
_TRACKERS = frozenset(
    {
        "mlflow", "wandb", "neptune", "comet_ml", "clearml", "dvclive", "aim", "sacred",
        "tensorboardX", "trackio",
    }
)  # fmt: skip
#: What a model is read back with.
_KEEPERS = frozenset({"joblib", "pickle", "onnxruntime", "cloudpickle", "dill"})
_SERVERS = frozenset(
    {
        "fastapi", "flask", "bentoml", "litserve", "starlette", "sanic", "streamlit", "gradio",
        "mlserver", "torchserve", "aiohttp", "django", "chalice", "mangum", "azure",
        "sagemaker_inference",
    }
)  # fmt: skip
Place = tuple[str, int]


@dataclass
class Modelling:
    """Places (file, line) of what a project does with models; tests are not looked at here.

    `trained` are its scripts, `in_notebooks` its notebooks that train. `unseeded` are calls that
    draw random numbers nobody can draw again; `seeded` where a seed is set; `networks` are trained
    by a file that sets none itself.
    """

    trained: dict[str, int] = field(default_factory=dict)
    in_notebooks: dict[str, int] = field(default_factory=dict)
    evaluated: list[Place] = field(default_factory=list)
    tracked: list[Place] = field(default_factory=list)
    seeded: list[Place] = field(default_factory=list)
    unseeded: list[Place] = field(default_factory=list)
    networks: list[Place] = field(default_factory=list)
    served: list[Place] = field(default_factory=list)
    loaded: list[Place] = field(default_factory=list)

    @property
    def trains(self) -> bool:
        """Say whether anything trains a model."""
        return bool(self.trained or self.in_notebooks)


def modelling(project: Project) -> Modelling:
    """Return what a project does with models."""
    found = Modelling()
    scripts = project.importing(project.python, LIBRARIES)
    notebooks = project.importing(tuple(project.notebooks), LIBRARIES)
    for path in (*scripts, *notebooks):
        code = project.code(path)
        if code is not None and code.imports_any(LIBRARIES):
            _look(found, path, code)
    _judge_networks(project, found, scripts)
    if found.trains or scripts or project.importing(project.python, _KEEPERS):
        for path in project.importing(project.python, _SERVERS):
            code = project.code(path)
            found.served.extend(_served(path, code) if code is not None else ())
    return found


def _judge_networks(project: Project, found: Modelling, scripts: tuple[str, ...]) -> None:
    """A loop that trains a network is reached by a seed that any script sets before it calls it."""
    if not found.networks:
        return
    for path in scripts:
        code = project.code(path)
        setting = [call.line for call in code.calls if _seeds(call)] if code else []
        if setting:
            found.seeded.append((path, setting[0]))
            return
    found.unseeded.extend(found.networks)


def _look(found: Modelling, path: str, code: Code) -> None:
    training = [call for call in code.calls if _trains(call, code)]
    if training:
        target = found.in_notebooks if path.endswith(".ipynb") else found.trained
        target[path] = training[0].line
        _look_for_seeds(found, path, code)
    evaluating = [(path, call.line) for call in code.calls if _METRICS.search(call.name)]
    found.evaluated.extend(evaluating[:1])
    if code.imports_any(_TRACKERS) or training:
        tracking = [(path, call.line) for call in code.calls if _TRACKING.search(call.name)]
        found.tracked.extend(tracking[:1])
    loading = [(path, call.line) for call in code.calls if _loads(call)]
    found.loaded.extend(loading[:1])


def _trains(call: Call, code: Code) -> bool:
    if _TRAINERS.search(call.name):
        return True
    if call.last == "backward":
        return code.imports_any(frozenset({"torch"}))
    return call.last in _FITS and "." in call.name and not _NO_MODEL.search(_before(call.name))


def _before(name: str) -> str:
    return name.rpartition(".")[0]


def _look_for_seeds(found: Modelling, path: str, code: Code) -> None:
    """Note where a training file sets seeds, and its random calls that no seed reaches."""
    everywhere = [call.line for call in code.calls if _seeds(call)]
    by_key = [line for key, line in code.keys.items() if key in _SEED_WORDS]
    given = [call.line for call in code.calls if call.given & _SEED_WORDS]
    found.seeded.extend((path, line) for line in (everywhere + by_key + given)[:1])
    if everywhere or by_key:
        return
    drawing = [call for call in code.calls if _RANDOM.search(call.name)]
    # What `**arguments` hold can't be told: no fault is claimed there.
    reached = _SEED_WORDS | {SPREAD}
    found.unseeded.extend((path, call.line) for call in drawing if not call.given & reached)
    by_itself = [call.line for call in code.calls if _SEEDS_ITSELF.search(call.name)]
    found.seeded.extend((path, line) for line in by_itself[:1])
    if not drawing and not given and not by_itself and code.imports_any(_FRAMEWORKS):
        line = min(line for name, line in code.imports.items() if name.split(".")[0] in _FRAMEWORKS)
        found.networks.append((path, line))


def _seeds(call: Call) -> bool:
    if _SEEDING_ALL.search(call.name):
        return True
    return bool(_SEEDING.search(call.name)) and bool(call.positional or call.given)


def _served(path: str, code: Code) -> list[Place]:
    lines = [line for name, line in code.imports.items() if name.split(".")[0] in _SERVERS]
    return [(path, min(lines))] if lines else []


_LOADS = re.compile(
    r"^(?:pandas|polars|dask\.dataframe|pyarrow\.(?:csv|parquet))\.(?:read_|scan_)\w+$|"
    r"^(?:datasets\.load_dataset|numpy\.(?:load|loadtxt|genfromtxt)|duckdb\.\w+)$|"
    r"^(?:sklearn\.datasets|torchvision\.datasets|keras\.datasets|tensorflow_datasets)\.\w+"
)


def _loads(call: Call) -> bool:
    return bool(_LOADS.search(call.name))
