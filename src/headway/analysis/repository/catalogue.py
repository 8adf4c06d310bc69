"""The checks of a repository: what each asks, how grave it is, and in which family it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave it is when a check is not met: an error makes the answer bad."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Asked:
    """A check: its stable id, its family, its severity, and the question it answers."""

    id: str
    family: str
    severity: Severity
    question: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CATALOGUE: tuple[Asked, ...] = (
    Asked("lock", "dependencies", _E, "Is the version of each needed package fixed?"),
    Asked("lock-digests", "dependencies", _W, "Does the lock carry a digest per package?"),
    Asked("dependency-updates", "dependencies", _W, "Does something propose newer packages?"),
    Asked("tests", "tests", _E, "Are there tests that can fail?"),
    Asked("ci-tests", "tests", _E, "Does a change set off the tests, and does failing count?"),
    Asked("training-tested", "tests", _W, "Does a test run the training code?"),
    Asked("features-tested", "tests", _W, "Does a test use the code that makes features?"),
    Asked("data-checked", "tests", _W, "Is data checked before it is used?"),
    Asked("lint", "code", _W, "Are a linter or types set up, and run in CI or before a commit?"),
    Asked("structure", "code", _W, "Does the code lie in a package, away from the top?"),
    Asked("naming", "code", _N, "Do files have names that last?"),
    Asked("config", "code", _W, "Are settings of training kept outside the code?"),
    Asked("notebook-training", "training", _E, "Does training run from a script, not a notebook?"),
    Asked("notebook-order", "training", _W, "Did the notebooks run from top to bottom?"),
    Asked("seeds", "training", _E, "Can the random numbers of training be drawn again?"),
    Asked("evaluation-script", "training", _E, "Does a script evaluate the model?"),
    Asked("experiment-tracking", "training", _W, "Does training log its runs?"),
    Asked("pipeline", "training", _W, "Is the order of the steps written down so it can be run?"),
    Asked("data-version", "data", _E, "Can the data that trained a model be told exactly?"),
    Asked("data-documented", "data", _N, "Is it written down what the data is?"),
    Asked("large-files", "data", _W, "Are large binaries kept out of the history?"),
    Asked("model-card", "documents", _E, "Is there a model card with content?"),
    Asked("readme", "documents", _E, "Does a README say what this is and how to run it?"),
    Asked("licence", "documents", _W, "Is there a licence?"),
    Asked("code-owners", "documents", _N, "Is it named who reviews what?"),
    Asked("security-policy", "documents", _N, "Is it written down where to report a hole?"),
    Asked("container", "operations", _W, "Can the environment be built by a machine?"),
    Asked("container-base", "operations", _W, "Is the image's base fixed?"),
    Asked("container-user", "operations", _W, "Does the container run without root?"),
    Asked("infrastructure", "operations", _W, "Is what runs the model declared in files?"),
    Asked("monitoring", "operations", _W, "Does what serves the model tell how it does?"),
    Asked("ci-deploy", "operations", _W, "Does CI build and publish a release?"),
    Asked("rollback", "operations", _W, "Is there a tried way back to the version before?"),
    Asked("gate-in-ci", "operations", _N, "Does CI ask a gate before a model goes on?"),
    Asked("secrets", "security", _E, "Is the repository free of secrets?"),
    Asked("workflow-danger", "security", _E, "Do workflows keep foreign code away from secrets?"),
    Asked("workflow-permissions", "security", _W, "Do workflows hold no more rights than needed?"),
    Asked("actions-pinned", "security", _W, "Are foreign actions fixed to a commit?"),
)

BY_ID = {asked.id: asked for asked in CATALOGUE}
#: Checks of the repository as a whole: judged once, also where there are several projects.
WHOLE = frozenset(
    {
        "dependency-updates", "licence", "code-owners", "security-policy", "secrets",
        "large-files", "workflow-danger", "workflow-permissions", "actions-pinned",
        "gate-in-ci", "naming",
    }
)  # fmt: skip
