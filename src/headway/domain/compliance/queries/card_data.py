"""What is known of datasets, read for all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.queries.card_ground import CardGround
from headway.domain.compliance.rules.cards import Data, DatasetEvidence, Watch
from headway.domain.evidence.queries import ThingRecord
from headway.domain.inventory.queries.held import made_by

#: The newest model versions whose data are looked at.
_MOST_VERSIONS = 500
#: Checks of one version of a dataset that are looked at: its newest ones.
_MOST_EACH = 100

#: A use of data: the model version, and the run that used it.
Use = tuple[str, tuple[int, ...]]


def datasets_known(ground: CardGround, names: Collection[str]) -> Sequence[DatasetEvidence]:
    """Return what is known of these datasets; three queries besides those of the ground."""
    checks = ground.records(("check",), names=names, most_each=_MOST_EACH) if names else ()
    uses = _uses(ground)
    return [_known(ground, name, checks, uses) for name in names]


def _known(
    ground: CardGround,
    name: str,
    checks: Sequence[ThingRecord],
    uses: Mapping[str, Sequence[Use]],
) -> DatasetEvidence:
    versions = _versions(ground, name)
    newest = versions[0].version if versions else ""
    last = {
        str(row.payload["check"]): row
        for row in checks
        if row.subject.startswith("dataset:") and row.name == name and row.version in ("", newest)
    }
    used = [use for one in versions for use in uses.get(one.digest, ())]
    return DatasetEvidence(
        name=name,
        at=ground.at,
        owner=ground.datasets[name].owner,
        versions=versions,
        checks=[_check(ground, row) for _, row in sorted(last.items())],
        used_by=list(dict.fromkeys([*uses.get(name, ()), *used])),
        words=ground.words.get(f"dataset:{name}", {}),
    )


def _versions(ground: CardGround, name: str) -> Sequence[Data]:
    """Return the last state of each version, the newest first."""
    last: dict[str, Data] = {}
    for one in ground.data:
        if one.name == name:
            last.pop(one.version, None)
            last[one.version] = one
    return list(reversed(last.values()))


def _check(ground: CardGround, row: ThingRecord) -> Watch:
    is_past = row.valid_until is not None and row.valid_until < ground.at
    verdict = Verdict.STALE if is_past else Verdict.MET
    told = _outcome(row.payload)
    return Watch(str(row.payload["check"]), "", "", verdict, told, (row.record,))


def _outcome(payload: Mapping[str, object]) -> str:
    passed = payload["passed"]
    word = "no answer" if passed is None else ("passed" if passed else "not passed")
    sentence = str(payload["sentence"] or "").rstrip(".")
    return f"{word}: {sentence}." if sentence else f"{word}."


def _uses(ground: CardGround) -> Mapping[str, Sequence[Use]]:
    """Return the model versions whose runs used data, by the name and by the digest of the data."""
    known = [one for name in ground.names() for one in ground.versions(name)]
    newest = sorted(known, key=lambda one: one.record or 0, reverse=True)[:_MOST_VERSIONS]
    found: dict[str, dict[Use, None]] = {}
    for subject, made in made_by(ground.actor, newest, ground.known_at).items():
        for name, digest, _ in made.run.data:
            for key in filter(None, (name, digest)):
                found.setdefault(key, {})[subject, (made.run.record,)] = None
    return {key: list(uses) for key, uses in found.items()}
