"""Operations: image, infrastructure, watching, releases and the way back."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.commands import is_gate, is_release, is_rollback
from headway.analysis.repository.checks.seen import Seen, doubts, places
from headway.analysis.repository.containers import is_fixed, is_recipe, runs_as_root, stages

_ENVIRONMENTS = (
    ".devcontainer/devcontainer.json", "devcontainer.json", "apptainer.def", "singularity.def",
    "flake.nix", "default.nix", "shell.nix", "Procfile", "project.toml",
)  # fmt: skip
_INFRASTRUCTURE = re.compile(
    r"\.tf$|\.bicep$|(?:^|/)Chart\.ya?ml$|(?:^|/)kustomization\.ya?ml$|(?:^|/)cdk\.json$|(?:^|/)Pulumi\.ya?ml$|"
    r"(?:^|/)serverless\.ya?ml$|(?:^|/)databricks\.ya?ml$|(?:^|/)cloudformation/|(?:^|/)template\.ya?ml$|"
    r"(?:^|/)(?:k8s|kubernetes|manifests|deploy(?:ment)?s?|helm|infra(?:structure)?)/.+\.(?:ya?ml|json|tf|bicep)$|"
    r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$|(?:^|/)ansible/.+\.ya?ml$|(?:^|/)playbook\.ya?ml$"
)
_DECLARES = re.compile(
    r"^[ \t]*(?:apiVersion|kind|services|resources|Resources|AWSTemplateFormatVersion|bundle|"
    r"provider|hosts|runtime|targets)[ \t]*:|"
    r"^[ \t]*(?:resource|module|provider|terraform)\b|\"app\"",
    re.M,
)
_WATCHERS = frozenset(
    {
        "prometheus_client", "prometheus_fastapi_instrumentator", "evidently", "nannyml",
        "whylogs", "opentelemetry", "sentry_sdk", "ddtrace", "datadog", "alibi_detect",
        "statsd", "newrelic", "arize", "fiddler", "phoenix", "logfire", "langfuse",
    }
)  # fmt: skip
_WATCHING = re.compile(
    r"headway (?:check drift|monitor)|(?:^|\s)alert:\s|PrometheusRule|kind:\s*ServiceMonitor|"
    r"google_monitoring_alert_policy|aws_cloudwatch_metric_alarm|azurerm_monitor|DataDriftDetector|ModelMonitor"
)
_BACK = re.compile(
    r"roll(?:ing)?[\s_-]?back|kubectl rollout undo|helm rollback|"
    r"previous (?:version|model|image|release)",
    re.I,
)


def _recipes(seen: Seen) -> list[str]:
    own = [path for path in seen.project.files if is_recipe(path)]
    if own:
        return own
    near = seen.project.near("Dockerfile", "docker/Dockerfile", "Containerfile")
    return [near] if near is not None else []


def container(seen: Seen) -> Finding:
    """A machine can build the environment: a Dockerfile, a dev container, Nix."""
    if not seen.project.python and not seen.project.notebooks:
        return not_applicable("container", "There is no code that would need an environment.")
    recipes = _recipes(seen)
    full = [path for path in recipes if stages(seen.tree.text(path) or "")]
    if full:
        return met("container", f"{full[0]} builds the environment.", f"{full[0]}:1")
    if recipes:
        return unmet("container", f"{recipes[0]} begins with no image.", f"{recipes[0]}:1")
    path = seen.project.near(*_ENVIRONMENTS)
    if path is not None:
        return met("container", f"{path} declares the environment.", f"{path}:1")
    return missing("container", "No file lets a machine build the environment (a Dockerfile).")


def container_base(seen: Seen) -> Finding:
    """Each image begins with a base of one version."""
    told = [
        (path, stage) for path in _recipes(seen) for stage in stages(seen.tree.text(path) or "")
    ]
    if not told:
        return not_applicable("container-base", "There is no Dockerfile.")
    loose = [(path, stage) for path, stage in told if not is_fixed(stage.image)]
    if loose:
        image = loose[0][1].image or "of an argument"
        sentence = f"The base {image} can be another tomorrow: name a version or a digest."
        return unmet(
            "container-base", sentence, *(f"{path}:{stage.line}" for path, stage in loose[:5])
        )
    path, stage = told[0]
    return met("container-base", "Each base is fixed.", f"{path}:{stage.line}")


def container_user(seen: Seen) -> Finding:
    """Each image ends with a user that is not root."""
    last = [
        (path, found[-1])
        for path in _recipes(seen)
        if (found := stages(seen.tree.text(path) or ""))
    ]
    if not last:
        return not_applicable("container-user", "There is no Dockerfile.")
    rooted = [(path, stage) for path, stage in last if runs_as_root(stage)]
    if rooted:
        places_ = (f"{path}:{stage.user_line or stage.line}" for path, stage in rooted[:5])
        return unmet(
            "container-user", "The container runs as root: end with a USER of its own.", *places_
        )
    path, stage = last[0]
    return met(
        "container-user",
        "The container runs without root.",
        f"{path}:{stage.user_line or stage.line}",
    )


def infrastructure(seen: Seen) -> Finding:
    """What runs the model is declared in files."""
    for path in seen.project.files:
        if _INFRASTRUCTURE.search(path) and not seen.project.is_test(path) and not _CI.search(path):
            match = _DECLARES.search(seen.tree.text(path) or "")
            if match:
                line = (seen.tree.text(path) or "").count("\n", 0, match.start() + 1) + 1
                return met("infrastructure", "What runs the model is declared.", f"{path}:{line}")
    if not seen.model.served:
        return not_applicable("infrastructure", "Nothing here serves a model.")
    evidence = (f"{path}:{line}" for path, line in seen.model.served[:3])
    return missing(
        "infrastructure",
        "Something serves, and no file declares what it runs on.",
        *evidence,
    )


_CI = re.compile(r"^\.github/|^\.gitlab|^\.circleci/|azure-pipelines")


def monitoring(seen: Seen) -> Finding:
    """What serves a model measures itself, or is watched."""
    for path in seen.project.importing(seen.project.python, _WATCHERS):
        code = seen.project.code(path)
        for name, line in code.imports.items() if code else ():
            if name.partition(".")[0] in _WATCHERS:
                told = f"The code is watched by {name.partition('.')[0]}."
                return met("monitoring", told, f"{path}:{line}")
    place = _watching(seen)
    if place is not None:
        return met("monitoring", "A rule or a check watches what runs.", place)
    if not seen.model.served:
        return not_applicable("monitoring", "Nothing here serves a model.")
    evidence = (f"{path}:{line}" for path, line in seen.model.served[:3])
    return missing("monitoring", "Something serves, and nothing tells how it does.", *evidence)


def _watching(seen: Seen) -> str | None:
    """Return where a file that is no code declares an alert or asks a check."""
    for path in seen.project.files:
        if path.endswith((".yml", ".yaml", ".tf", ".bicep", ".sh", "Makefile")):
            for line, text in enumerate(seen.tree.lines(path), 1):
                if _WATCHING.search(text):
                    return f"{path}:{line}"
    return None


def release_automation(seen: Seen) -> Finding:
    """CI builds and publishes what is released."""
    if not seen.project.python and not seen.project.notebooks:
        return not_applicable("ci-deploy", "There is no code to release.")
    counting, doubted = seen.ran(is_release)
    # A release waits for a tag or a person by design; only what is switched off does not count.
    waiting = [one for one in doubted if not any("switched off" in doubt for doubt in one.doubts)]
    found = counting or waiting
    if found:
        told = " ".join(found[0].words[:3])
        return met("ci-deploy", f"CI publishes by `{told}`.", *places(found[:2]))
    if doubted:
        return unmet(
            "ci-deploy",
            f"The release is not run: {doubts(doubted)}.",
            *places(doubted[:2]),
        )
    return missing("ci-deploy", "CI publishes and deploys nothing: releases are made by hand.")


def rollback(seen: Seen) -> Finding:
    """The way back to the version before is a command, or written down."""
    counting, doubted = seen.ran(is_rollback)
    if counting or doubted:
        return met(
            "rollback", "A job goes back to the version before.", *places((counting or doubted)[:2])
        )
    looked_at = [
        path
        for path in seen.project.files
        if path.lower().endswith((".md", ".rst", ".sh", "makefile"))
        and not seen.project.is_test(path)
        and not re.search(r"changelog|changes|history|news|release[_-]?notes", path, re.I)
    ]
    for path in seen.project.mentioning(tuple(looked_at), (b"oll", b"revious")):
        for line, text in enumerate(seen.tree.lines(path), 1):
            if _BACK.search(text):
                return met("rollback", "The way back is written down.", f"{path}:{line}")
    released, _ = seen.ran(is_release)
    if not seen.model.served and not released:
        return not_applicable("rollback", "Nothing is deployed from here.")
    evidence = list(places(released[:2])) or [
        f"{path}:{line}" for path, line in seen.model.served[:2]
    ]
    return missing("rollback", "Nothing says how to go back to the version before.", *evidence)


def _extended_gate(seen: Seen) -> str | None:
    """Return where a job of GitLab takes Headway's template, which lies in another repository."""
    for path in seen.project.automation.files:
        for line, text in enumerate(seen.tree.lines(path), 1):
            if re.match(r"\s+extends:\s*\[?\s*[\"']?\.headway-gate\b", text):
                return f"{path}:{line}"
    return None


def gate_in_ci(seen: Seen) -> Finding:
    """CI asks a gate before a model goes on."""
    if not seen.model.trains:
        return not_applicable("gate-in-ci", "Nothing here trains a model.")
    place = _extended_gate(seen)
    if place is not None:
        return met("gate-in-ci", "CI asks the gate, by Headway's template.", place)
    counting, doubted = seen.ran(is_gate)
    waiting = [one for one in doubted if not any("switched off" in doubt for doubt in one.doubts)]
    if counting or waiting:
        return met("gate-in-ci", "CI asks the gate.", *places((counting or waiting)[:2]))
    return missing("gate-in-ci", "CI asks no gate before a model goes on (headway gate check).")
