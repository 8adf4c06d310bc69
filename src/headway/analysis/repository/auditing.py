"""The audit: every check on every project, rules applied, worst first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from headway.analysis.repository.answer import Audit, Finding, in_order, in_project, missing
from headway.analysis.repository.catalogue import CATALOGUE, WHOLE
from headway.analysis.repository.checks import (
    coding,
    data,
    operations,
    packages,
    papers,
    security,
    tests,
    training,
)
from headway.analysis.repository.checks.seen import Seen
from headway.analysis.repository.ci.running import automation
from headway.analysis.repository.projects import Project, projects
from headway.analysis.repository.rules import Ignored, Rules
from headway.analysis.repository.sources.opening import open_repository
from headway.analysis.repository.sources.tree import Tree, is_within

CHECKS: dict[str, Callable[[Seen], Finding]] = {
    "lock": packages.dependency_lock,
    "lock-digests": packages.dependency_hashes,
    "dependency-updates": packages.dependency_updates,
    "tests": tests.tests_exist,
    "ci-tests": tests.tests_in_ci,
    "training-tested": tests.training_tested,
    "features-tested": tests.features_tested,
    "data-checked": tests.data_checked,
    "lint": coding.lint,
    "structure": coding.structure,
    "naming": coding.naming,
    "config": coding.config,
    "notebook-training": training.training_script,
    "notebook-order": training.notebook_order,
    "seeds": training.seeds,
    "evaluation-script": training.evaluation_script,
    "experiment-tracking": training.experiment_tracking,
    "pipeline": training.pipeline,
    "data-version": data.data_versioned,
    "data-documented": data.data_documented,
    "large-files": data.large_files,
    "model-card": papers.model_card,
    "readme": papers.readme,
    "licence": papers.licence,
    "code-owners": papers.code_owners,
    "security-policy": papers.security_policy,
    "container": operations.container,
    "container-base": operations.container_base,
    "container-user": operations.container_user,
    "infrastructure": operations.infrastructure,
    "monitoring": operations.monitoring,
    "ci-deploy": operations.release_automation,
    "rollback": operations.rollback,
    "gate-in-ci": operations.gate_in_ci,
    "secrets": security.no_secrets,
    "workflow-danger": security.workflow_danger,
    "workflow-permissions": security.workflow_permissions,
    "actions-pinned": security.actions_pinned,
}


def audit(path: Path, at: datetime, rules: Rules | None = None, *, alone: bool = False) -> Audit:
    """Return the audit of the repository at `path`. Raises Invalid when it can't be read."""
    with open_repository(path, alone=alone) as (tree, within):
        return audit_tree(tree, within, at, rules or Rules())


def audit_tree(tree: Tree, within: str, at: datetime, rules: Rules) -> Audit:
    """Return the audit of a tree, or of its part `within`."""
    if rules.exclude:
        kept = [one for one in tree.entries if not _excluded(one.path, rules)]
        tree = Tree(tree.name, tuple(kept), tree.read, tree.commit, tree.notes)
    if not any(is_within(path, within) for path in tree.files):
        findings = tuple(missing(asked.id, "The repository is empty.") for asked in CATALOGUE)
        found: tuple[Project, ...] = ()
    else:
        found = projects(tree, automation(tree), within)
        findings = _judged(
            found, Project(tree, within, _inside(tree, within), found[0].automation), rules
        )
    name = f"{tree.name}/{within}" if within else tree.name
    return Audit(
        name=name,
        commit=tree.commit,
        at=at,
        findings=in_order([_ruled(one, rules, at) for one in findings]),
        projects=tuple(one.folder for one in found),
        files=len(tree.files),
        notes=tuple(tree.notes),
    )


def _inside(tree: Tree, within: str) -> tuple[str, ...]:
    return tuple(path for path in tree.files if is_within(path, within))


def _excluded(path: str, rules: Rules) -> bool:
    return any(is_within(path, folder) for folder in rules.exclude)


def _judged(found: tuple[Project, ...], whole: Project, rules: Rules) -> tuple[Finding, ...]:
    """Return the findings of each project, and of the repository as a whole."""
    findings = []
    seen = [Seen(project, rules.limits) for project in found]
    everything = Seen(whole, rules.limits) if len(seen) > 1 else seen[0]
    for id_, check in CHECKS.items():
        if id_ in WHOLE:
            findings.append(in_project(check(everything), whole.folder))
        else:
            findings.extend(in_project(check(one), one.project.folder) for one in seen)
    return tuple(findings)


def _ruled(finding: Finding, rules: Rules, at: datetime) -> Finding:
    """Return a finding with the severity and the reason that the rules give it."""
    severity = dict(rules.severities).get(finding.id, finding.severity)
    reasons = [one.reason for one in rules.ignored if _sets_aside(one, finding, at)]
    ignored = reasons[0] if reasons and not finding.is_fine else ""
    return replace(finding, severity=severity, ignored=ignored)


def _sets_aside(one: Ignored, finding: Finding, at: datetime) -> bool:
    mine = one.check == finding.id and one.project in (None, finding.project)
    return mine and (one.until is None or at.date() <= one.until)
