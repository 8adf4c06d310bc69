"""The ground that gates are judged on, gathered for any number of gates in the same few queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.rules.ground import NAMES, Fact, Ground, Pinned, facts_in
from headway.domain.assessments.rules.project import in_order
from headway.domain.assessments.rules.terms import (
    PLACEHOLDER,
    Binding,
    Given,
    Reducer,
    Soak,
    Term,
    filled_term,
    leaves,
)
from headway.domain.evidence.queries import (
    KnownSubject,
    LatestRecord,
    Want,
    known_subjects,
    records_wanted,
    run_commits,
)
from headway.domain.gates.queries.given import (
    REPRODUCIBLE,
    given_by_gate,
    reproducible_by_gate,
)
from headway.domain.gates.queries.rows import GateRow
from headway.domain.gates.rules import Requirement
from headway.errors import NotFound
from headway.observation import SubjectRef

#: Of how many of the newest versions evidence is read, so that a trace can name what fell away.
_BEFORE = 2
#: The newest versions among which one that was heard is looked for (`@*`).
_MOST_VERSIONS = 200


@dataclass(frozen=True)
class Asked:
    """A gate with what is asked there, and the words that fill its braces."""

    row: GateRow
    requirements: Sequence[Requirement]
    words: Mapping[str, str]
    terms: Sequence[Term]
    soaks: Sequence[Soak]
    given: frozenset[str]


def grounds(
    actor: Actor, rows: Sequence[GateRow], at: datetime, known_at: datetime | None
) -> Mapping[UUID, tuple[Asked, Ground]]:
    """Return what each gate is judged on, by gate id."""
    shelf = _Shelf(actor, rows, known_at)
    asked = [_asked(row, shelf) for row in rows]
    found = shelf.facts(asked)
    given = given_by_gate(
        actor, {one.row.facts.id: (one.row, one.given) for one in asked}, at, known_at
    )
    again = reproducible_by_gate(actor, {one.row.facts.id: _judged(one) for one in asked}, known_at)
    return {
        one.row.facts.id: (
            one,
            shelf.ground(
                one, found, {**given.get(one.row.facts.id, {}), **again.get(one.row.facts.id, {})}
            ),
        )
        for one in asked
    }


def _judged(asked: Asked) -> str:
    """Return the version whose run a gate asks about; nothing where it does not ask, or none."""
    if REPRODUCIBLE not in asked.given or "version" not in asked.words:
        return ""
    return f"model:{asked.words['model']}@{asked.words['version']}"


def named_model(actor: Actor, row: GateRow, version: str, at: datetime | None) -> str:
    """Return this version of the model that a gate judges, as a subject.

    Raises NotFound for a version that nothing was heard of.
    """
    shelf = _Shelf(actor, [row], at)
    model = shelf.words(row).get("model", "")
    known = [text for text in shelf.known(row).get(f"model:{model}", ()) if "@" in text]
    wanted = f"model:{model}@{version}"
    if wanted not in known:
        there = ", ".join(text.rpartition("@")[2] for text in known[-5:])
        what = f"model {model}" if model else f"any model of {row.facts.system_name}"
        sentence = f"Nothing is known of version {version} of {what}; known are: {there or 'none'}."
        raise NotFound(sentence)
    return wanted


def _asked(row: GateRow, shelf: _Shelf) -> Asked:
    stage = row.rules.stage(row.facts.stage)
    requirements = stage.asked(row.facts.tier) if stage else ()
    words = shelf.words(row)
    terms: list[Term] = []
    soaks: list[Soak] = []
    given: set[str] = set()
    for leaf in (leaf for one in requirements for leaf in leaves(one.tree)):
        match leaf:
            case Term():
                terms.append(filled_term(leaf, words))
            case Soak():
                soaks.append(leaf)
            case Given():
                given.add(leaf.name)
    return Asked(row, requirements, words, terms, soaks, frozenset(given))


class _Shelf:
    """Subjects and records of the projects of some gates."""

    def __init__(self, actor: Actor, rows: Sequence[GateRow], at: datetime | None) -> None:
        self.actor, self.at = actor, at
        self.project_ids = sorted({one for row in rows for one in row.project_ids}, key=str)
        kinds = {"model", "dataset"} | {
            about.partition(":")[0]
            for row in rows
            for stage in row.rules.stages
            if stage.stage == row.facts.stage
            for one in stage.requirements
            for leaf in leaves(one.tree)
            for about in _abouts(leaf)
        }
        known = known_subjects(actor, self.project_ids, at, kinds=kinds) if rows else ()
        self.subjects: dict[UUID, list[KnownSubject]] = {}
        for one in known:
            self.subjects.setdefault(one.project_id, []).append(one)

    def of(self, row: GateRow) -> Iterator[KnownSubject]:
        """Yield the subjects of a gate's projects, the first heard of first within each."""
        for project_id in row.project_ids:
            yield from self.subjects.get(project_id, ())

    def known(self, row: GateRow) -> dict[str, Sequence[str]]:
        """Return the subjects of a gate by `kind:name`, oldest version first."""
        found: dict[str, list[str]] = {}
        for one in self.of(row):
            found.setdefault(f"{one.kind}:{one.name}", []).append(one.text)
        return {name: _ordered(texts) for name, texts in found.items()}

    def words(self, row: GateRow) -> Mapping[str, str]:
        """Return what fills the braces; its subject, else the model heard last."""
        facts = row.facts
        words = {"system": facts.system, "release": facts.release, "project": facts.project}
        judged = facts.subject or self._newest(row)
        if judged:
            ref = SubjectRef.parse(judged)
            words["model"] = ref.name
            if ref.version:
                words["version"] = ref.version
        return words

    def _newest(self, row: GateRow) -> str:
        """Return the newest version of the model that was first heard of last."""
        models = [one for one in self.of(row) if one.kind == "model"]
        if not models:
            return ""
        versioned = [one for one in models if "@" in one.text]
        last = (versioned or models)[-1]
        return self.known(row)[f"model:{last.name}"][-1]

    def facts(self, asked: Sequence[Asked]) -> Mapping[UUID, Sequence[Fact]]:
        """Return the facts of all gates by project id."""
        found: dict[UUID, dict[tuple[int, str], list[Fact]]] = {}
        for want in self._wants(asked):
            for record in records_wanted(self.actor, self.project_ids, self.at, want):
                self._add(found, record)
        return {
            project: [fact for facts in records.values() for fact in facts]
            for project, records in found.items()
        }

    @staticmethod
    def _add(found: dict[UUID, dict[tuple[int, str], list[Fact]]], record: LatestRecord) -> None:
        if record.project_id is None:
            return
        mine = found.setdefault(record.project_id, {})
        moments = (record.observed_at, record.valid_until)
        mine[(record.record, record.kind)] = list(
            facts_in(record.record, record.subject, record.kind, record.payload, moments)
        )

    def _wants(self, asked: Sequence[Asked]) -> Iterator[Want]:
        """Yield what is to be read: the newest of each name, and whole series."""
        ids = {one.text: one.id for mine in self.subjects.values() for one in mine}
        newest, series = _Wanted(), _Wanted()
        for one in asked:
            known = self.known(one.row)
            newest.add_state(ids, known, one)
            for term in one.terms:
                texts = _texts(term, known)
                covers = any(filled_term(soak.cover, one.words) == term for soak in one.soaks)
                wanted = series if covers or _is_series(term) else newest
                wanted.add(term, [ids[text] for text in texts if text in ids])
        yield from newest.wants()
        yield from series.wants(is_series=True)

    def ground(
        self, asked: Asked, found: Mapping[UUID, Sequence[Fact]], given: Mapping[str, object]
    ) -> Ground:
        """Return the ground of one gate."""
        facts = [fact for one in asked.row.project_ids for fact in found.get(one, ())]
        known = self.known(asked.row)
        return Ground(
            facts=facts,
            known=known,
            words=asked.words,
            digests=_digests(facts, known),
            commit=self._commit(asked, facts),
            given=given,  # type: ignore[arg-type]
        )

    def _commit(self, asked: Asked, facts: Sequence[Fact]) -> Pinned:
        """Return the commit that the judged version was made from: that of its run."""
        if not any(Binding.COMMIT in term.bind for term in asked.terms):
            return Pinned(None)
        version = f"model:{asked.words.get('model')}@{asked.words.get('version')}"
        told = [one for one in facts if one.subject == version and one.kind == "model_version"]
        run = str(told[-1].values.get("run_id") or "") if told else ""
        if not run:
            return Pinned(None)
        commits = run_commits(self.actor, self.project_ids, [run], self.at)
        commit, record = commits.get(run, ("", 0))
        return Pinned(commit or None, (told[-1].record, *((record,) if record else ())))


class _Wanted:
    """What is to be read, while it is being collected."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.subjects: set[UUID] = set()
        self.names: set[str] = set()
        self.is_named = True

    def add(self, term: Term, ids: Sequence[UUID]) -> None:
        """Want what a term asks, of these subjects."""
        self.kinds.add(term.evidence)
        self.subjects.update(ids)
        name = dict(term.where).get(NAMES.get(term.evidence, ""))
        names = [str(name)] if name else list(term.expected)
        self.names.update(names)
        if term.evidence in NAMES and not names:
            self.is_named = False

    def add_state(
        self, ids: Mapping[str, UUID], known: Mapping[str, Sequence[str]], one: Asked
    ) -> None:
        """Want how things stand that bindings and soaks rest on."""
        bound = {binding for term in one.terms for binding in term.bind}
        if Binding.DATASET in bound:
            self.kinds.add("dataset_version")
            newest = [texts[-1] for name, texts in known.items() if name.startswith("dataset:")]
            self.subjects.update(ids[text] for text in newest)
        if Binding.COMMIT in bound:
            self.kinds.add("model_version")
            version = f"model:{one.words.get('model')}@{one.words.get('version')}"
            self.subjects.update([ids[version]] if version in ids else [])
        if one.soaks:
            self.kinds.add("deployment")
            self.subjects.update(
                ids[text]
                for soak in one.soaks
                for text in [PLACEHOLDER.sub(lambda found: one.words.get(found[1], ""), soak.about)]
                if text in ids
            )

    def wants(self, *, is_series: bool = False) -> Iterator[Want]:
        """Yield it as one question; none where nothing is wanted."""
        if self.kinds and self.subjects:
            names = sorted(self.names) if self.is_named else ()
            yield Want(
                sorted(self.kinds), sorted(self.subjects, key=str), names, is_series=is_series
            )


def _is_series(term: Term) -> bool:
    """Say whether the newest record of each name, data and split may not be the one that counts."""
    told_apart = {key for key, _ in term.where} <= {*NAMES.values(), "split", "dataset", "segment"}
    asks_more = term.evidence in NAMES and not told_apart
    return term.reduce is Reducer.COUNT or Binding.COMMIT in term.bind or asks_more


def _abouts(leaf: Term | Given | Soak) -> Sequence[str]:
    match leaf:
        case Term():
            return leaf.about
        case Soak():
            return (leaf.about,)
        case Given():
            return ()


def _texts(term: Term, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the subjects whose records a term may read."""
    for about in term.about:
        name, at, version = about.partition("@")
        if "*" in name:
            for found in known:
                if fnmatchcase(found, name):
                    yield from known[found][-1:]
        elif version == "*":
            yield from known.get(name, ())[-_MOST_VERSIONS:]
        elif at:
            yield about
            if Binding.VERSION in term.bind:
                yield from known.get(name, ())[-_BEFORE:]
        else:
            yield from known.get(name, (name,))[-1:]


def _ordered(texts: Sequence[str]) -> Sequence[str]:
    """Return what is known by a name: without a version first, then the oldest first."""
    plain = [text for text in texts if "@" not in text]
    return [*plain, *in_order([text for text in texts if "@" in text])]


def _digests(facts: Sequence[Fact], known: Mapping[str, Sequence[str]]) -> Mapping[str, Pinned]:
    """Return the digest of the newest version of each dataset; None where it fell silent."""
    told: dict[str, Fact] = {}
    for fact in facts:
        held = told.get(fact.subject)
        if fact.kind == "dataset_version" and (held is None or _age(fact) >= _age(held)):
            told[fact.subject] = fact
    found = {}
    for name, texts in known.items():
        if name.startswith("dataset:"):
            last = told.get(texts[-1])
            digest = str(last.values.get("digest") or "") if last else ""
            records = (last.record,) if last else ()
            found[name.partition(":")[2]] = Pinned(digest or None, records)
    return found


def _age(fact: Fact) -> tuple[datetime, int]:
    return (fact.observed_at, fact.record)
