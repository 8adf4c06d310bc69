"""Everything that cards are written from, read once for all models of a workspace.

As many queries for one card as for a hundred; the rules write, nothing here decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from headway.analysis.verdicts import Verdict
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries.evidence import ProjectEvidence, evidence_by_project
from headway.domain.assessments.rules import assess
from headway.domain.assessments.rules.project import criterion_from
from headway.domain.checks.queries import monitor_verdicts
from headway.domain.compliance.queries.card_reading import (
    approval,
    data_of,
    numbers_of,
    rhythm_words,
    words_by_about,
)
from headway.domain.compliance.rules.cards import (
    Heard,
    ModelEvidence,
    Number,
    Promise,
    Watch,
)
from headway.domain.evidence.queries import ThingRecord, latest_records, records_of_kinds
from headway.domain.inventory.queries import dataset_lines, held_models
from headway.domain.inventory.queries.held import made_by
from headway.domain.inventory.queries.models import alias_lines
from headway.domain.inventory.rules.deployments import Placed, placed_now, version_order
from headway.domain.inventory.rules.versions import ModelVersion
from headway.domain.programs.queries import criteria_by_project, portfolio_lines
from headway.domain.programs.rules import CriterionFacts, ProjectFacts
from headway.errors import NotFound

#: Evaluations of one subject that are looked at: its newest ones.
_MOST_EACH = 100
#: The tags of a version in which registries keep its licence.
_LICENCE_TAGS = ("license", "licence", "mlflow.license")


class CardGround:
    """What is known of some models (or of all) at a moment.

    `at` is the moment that ages are held against, `known_at` what was known (None: all of now).
    """

    def __init__(
        self, actor: Actor, at: datetime, known_at: datetime | None, names: Collection[str] = ()
    ) -> None:
        require(actor, Permission.VIEW)
        self.actor, self.at, self.known_at = actor, at, known_at
        self.held = held_models(actor, known_at, names)
        self.words = words_by_about(actor, known_at)
        lines = portfolio_lines(actor, known_at)
        self.projects = {one.slug: one for line in lines for one in line.projects}
        self.datasets = {one.name: one for one in dataset_lines(actor, known_at)}
        entries = {name: one.said for name, one in self.datasets.items()}
        self.data = [
            data_of(row, entries.get(row.name)) for row in self.records(("dataset_version",))
        ]
        tagged = self.records(("model_version",))
        self.tags = {row.subject: (row.payload["tags"], row.record) for row in tagged}

    def names(self) -> Sequence[str]:
        """Return the models that evidence names, by name."""
        return sorted(self.held.heard)

    def versions(self, name: str) -> Sequence[ModelVersion]:
        """Return the versions of a model that its registry has not deleted, newest first."""
        known = [one for one in self.held.versions.get(name, ()) if not one.is_deleted]
        return sorted(known, key=lambda one: version_order(one.version), reverse=True)

    def models(self, wanted: Mapping[str, str]) -> Sequence[ModelEvidence]:
        """Return what is known of these models; of each the version given ("": the newest).

        Raises NotFound for a version that nobody has told of.
        """
        chosen = {name: self._version(name, version) for name, version in wanted.items()}
        facts = _Gathered(self, chosen)
        return [facts.model(name) for name in chosen]

    def _version(self, name: str, version: str) -> ModelVersion | None:
        known = self.versions(name)
        if not version:
            return known[0] if known else None
        found = next((one for one in known if one.version == version), None)
        if found is None:
            told = ", ".join(one.version for one in known[:10]) or "none"
            sentence = f"There is no version '{version[:60]}' of model '{name}'; known are {told}."
            raise NotFound(sentence)
        return found

    def records(self, kinds: Sequence[str], **cut: Any) -> Sequence[ThingRecord]:  # noqa: ANN401
        """Return the records of some kinds, as known then; `cut` as `records_of_kinds` takes."""
        return records_of_kinds(self.actor, kinds, self.known_at, **cut)


class _Gathered:
    """The facts of the chosen versions, read in a fixed number of queries."""

    def __init__(self, ground: CardGround, chosen: Mapping[str, ModelVersion | None]) -> None:
        self.ground, self.chosen = ground, chosen
        actor, known_at = ground.actor, ground.known_at
        self.made = made_by(actor, [one for one in chosen.values() if one], known_at)
        self.numbers = self._numbers(chosen)
        self.homes = {name: ground.projects.get(ground.held.home(name)) for name in chosen}
        projects = {one.id: one for one in self.homes.values() if one is not None}
        self.criteria = criteria_by_project(actor, projects.values(), known_at)
        self.evidence = evidence_by_project(actor, self.criteria, known_at)
        self.monitors = monitor_verdicts(actor, projects.values(), ground.at, known_at)
        self.approvals: dict[object, list[Heard]] = {}
        for row in latest_records(actor, list(projects), known_at, kinds=("approval",)):
            self.approvals.setdefault(row.project_id, []).append(approval(row))
        self.placed = placed_now(ground.held.deployments)

    def _numbers(self, names: Collection[str]) -> Mapping[str, list[Number]]:
        """Return the measurements of each model. What was measured on a run binds no version."""
        found: dict[str, list[Number]] = {}
        if not names:
            return found
        for row in self.ground.records(("evaluation",), names=names, most_each=_MOST_EACH):
            if row.subject.startswith("model:"):
                found.setdefault(row.name, []).extend(numbers_of(row))
        return found

    def model(self, name: str) -> ModelEvidence:
        """Return what is known of one model."""
        ground, held = self.ground, self.ground.held
        version, project = self.chosen[name], self.homes[name]
        system, entry = held.system(name), held.said.get(name)
        made = self.made.get(version.subject) if version else None
        licence, records = self._licence(entry.licence if entry else "", version)
        return ModelEvidence(
            name=name,
            at=ground.at,
            version=version,
            system=system.name if system else "",
            tier=(entry.tier if entry else "") or (system.tier if system else ""),
            owner=(entry.owner if entry else "") or (system.owner if system else ""),
            licence=licence,
            licence_records=records,
            run=made.run if made else None,
            reproducible=made.reproducible.whole.sentence if made else "",
            aliases=self._aliases(name, version),
            placed=[one for one in self.placed if _is_at(one, name, version)],
            numbers=self.numbers.get(name, ()),
            data=ground.data,
            promises=self._promises(name, version, project),
            watches=self._watches(name, project),
            approvals=self.approvals.get(project.id, ()) if project else (),
            charter={str(key): str(text) for key, text in project.charter.items()}
            if project
            else {},
            words=ground.words.get(f"model:{name}", {}),
        )

    def _aliases(
        self, name: str, version: ModelVersion | None
    ) -> Sequence[tuple[str, tuple[int, ...]]]:
        if version is None:
            return ()
        return [
            (line.alias, line.began.records if line.began else ())
            for line in alias_lines(self.ground.held, name)
            if line.version == version.version
        ]

    def _licence(self, told: str, version: ModelVersion | None) -> tuple[str, tuple[int, ...]]:
        """Return a version's licence: as its registry's tags say, else as a person does."""
        found = self.ground.tags.get(version.subject) if version else None
        if found is not None:
            tags, record = found
            tagged = next((tags[tag] for tag in _LICENCE_TAGS if tags.get(tag)), "")
            if tagged:
                return str(tagged), (record,)
        return told, ()

    def _promises(
        self, name: str, version: ModelVersion | None, project: ProjectFacts | None
    ) -> Sequence[Promise]:
        """Return the criteria about this model, each judged for the card's version."""
        if project is None:
            return ()
        evidence = self.evidence.get(project.id, ProjectEvidence())
        about = (version.subject,) if version else ()
        found = []
        for facts in self.criteria.get(project.id, ()):
            if _is_about(facts, name):
                said = assess(criterion_from(facts), evidence.measured, self.ground.at, about)
                found.append(Promise(facts, said.verdict, said.sentence, said.records))
        return found

    def _watches(self, name: str, project: ProjectFacts | None) -> Sequence[Watch]:
        if project is None:
            return ()
        return [
            Watch(
                monitor.name,
                monitor.kind_words,
                rhythm_words(monitor.turns),
                Verdict(verdict.verdict),
                verdict.sentence,
                verdict.records,
            )
            for monitor, verdict in self.monitors.get(project.id, ())
            if monitor.subject.partition("@")[0] in (f"model:{name}", "")
        ]


def _is_about(criterion: CriterionFacts, name: str) -> bool:
    return criterion.subject.partition("@")[0] in (f"model:{name}", "model:*")


def _is_at(placed: Placed, name: str, version: ModelVersion | None) -> bool:
    """Say whether a deployment is of this version and running."""
    one = placed.deployment
    same = version is not None and (one.model, one.version) == (name, version.version)
    return same and one.is_running
