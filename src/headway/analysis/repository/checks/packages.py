"""Packages: fixed by a lock that fits what the manifest says, with digests, kept up to date."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.seen import Seen
from headway.analysis.repository.locks import Lock, mismatches

_UPDATERS = (
    ".github/dependabot.yml", ".github/dependabot.yaml", "renovate.json", "renovate.json5",
    ".renovaterc", ".renovaterc.json", ".github/renovate.json", ".github/renovate.json5",
    ".gitlab/renovate.json", ".pyup.yml",
)  # fmt: skip


def dependency_lock(seen: Seen) -> Finding:
    """Each directly needed package has one version, in a lock that fits the manifest."""
    needs, locks = seen.project.needs, seen.project.locks
    if not needs and not locks:
        if not seen.project.python and not seen.project.notebooks:
            return not_applicable("lock", "There is no code that would need packages.")
        return missing("lock", "No manifest says which packages the code needs.")
    if not needs:
        return met("lock", f"{_told(locks[0])}.", f"{locks[0].file}:1")
    faults = {lock.file: mismatches(needs, lock) for lock in locks}
    fitting = next((lock for lock in locks if not faults[lock.file]), None)
    if fitting is not None:
        sentence = f"{_told(fitting)}, all {len(needs)} directly needed among them."
        return met("lock", sentence, f"{fitting.file}:1", f"{needs[0].file}:{needs[0].line}")
    loose = [need for need in needs if not need.is_exact]
    if not loose:
        sentence = f"{needs[0].file} names one version of each of its {len(needs)} packages."
        return met("lock", sentence, f"{needs[0].file}:{needs[0].line}")
    nearest = min(locks, key=lambda lock: len(faults[lock.file]), default=None)
    if nearest is not None and len(faults[nearest.file]) < len(needs):
        need, first = faults[nearest.file][0]
        more = f" and {len(faults[nearest.file]) - 1} more" if len(faults[nearest.file]) > 1 else ""
        sentence = f"{nearest.file} is not the lock of {need.file}: {first}{more}."
        return unmet("lock", sentence, f"{need.file}:{need.line}", f"{nearest.file}:1")
    names = ", ".join(need.name for need in loose[:3])
    sentence = (
        f"{len(loose)} of {len(needs)} packages have no fixed version ({names}), and no lock has."
    )
    return unmet("lock", sentence, *(f"{need.file}:{need.line}" for need in loose[:5]))


def _told(lock: Lock) -> str:
    return f"{lock.file} fixes {len(lock.versions):,} packages"


def dependency_hashes(seen: Seen) -> Finding:
    """The lock carries a digest for each package, so that a swapped package is noticed."""
    locks = seen.project.locks
    if not locks:
        if not seen.project.needs:
            return not_applicable("lock-digests", "No packages are named.")
        return missing("lock-digests", "There is no lock that could carry digests.")
    with_digests = next((lock for lock in locks if lock.digests), None)
    if with_digests is not None:
        sentence = f"{with_digests.file} carries digests."
        return met("lock-digests", sentence, _first_digest(seen, with_digests))
    sentence = f"{locks[0].file} carries no digests: a package could be swapped unseen."
    return unmet("lock-digests", sentence, f"{locks[0].file}:1")


def _first_digest(seen: Seen, lock: Lock) -> str:
    for line, text in enumerate(seen.tree.lines(lock.file), 1):
        if re.search(r"sha256|hash|md5", text):
            return f"{lock.file}:{line}"
    return f"{lock.file}:1"


def dependency_updates(seen: Seen) -> Finding:
    """Dependabot, Renovate or the like proposes newer packages."""
    path = seen.project.near(*_UPDATERS)
    if path is not None:
        text = seen.tree.text(path) or ""
        if re.search(r"package-ecosystem|extends|packageRules|enabledManagers|schedule", text):
            return met(
                "dependency-updates", "Newer packages are proposed by themselves.", f"{path}:1"
            )
        return unmet("dependency-updates", f"{path} is there and sets nothing up.", f"{path}:1")
    if not seen.project.needs and not seen.project.locks:
        return not_applicable("dependency-updates", "No packages are named.")
    return missing("dependency-updates", "Nothing proposes newer packages (Dependabot, Renovate).")
