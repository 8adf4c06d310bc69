"""Asking somebody outside to decide, and taking their answer: once, and in their name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import headway_actor, link_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.domain.notices.actions import tell_member
from headway.domain.notices.rules import Kind, Telling
from headway.domain.people.queries import people_of
from headway.domain.plans.actions import forecast_decided, take_decision
from headway.domain.plans.queries import decision_named
from headway.domain.plans.rules import DecisionFacts
from headway.domain.programs.queries import program_named
from headway.domain.sharing.models import DecisionLink
from headway.domain.sharing.queries.links import live_decision_link, moment_of
from headway.domain.sharing.rules import ANSWER_PATH, AskDraft, answer_until, read_ask
from headway.errors import Conflict, Invalid, NotFound

#: What a link's secret begins with.
PREFIX = "an_"


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was made: `address` is shown once, and empty where it goes out by mail."""

    id: UUID
    name: str
    address: str
    expires_at: datetime


@transaction.atomic
def ask_by_link(
    actor: Actor,
    place: tuple[str, str],
    values: Mapping[str, object],
    at: datetime,
    *,
    by_hand: bool = True,
) -> Asked:
    """Ask somebody to answer the open decision at `place` (program, key) by a one-time link.

    `values` are `name` (a person's, or a key of the roster), `email` and `until`. Where mail is
    set up and there is an address the link goes out by mail, made as it is sent and kept nowhere;
    else it is returned to be handed over, unless `by_hand` is False: then Invalid says that it
    cannot be mailed. Raises Conflict when the decision does not wait.
    """
    require(actor, Permission.PROGRAM)
    draft = _known(actor, read_ask(values))
    parent = program_named(actor, place[0])
    decision = decision_named(actor, parent, place[1])
    if not decision.is_open or not decision.options:
        why = "is not open any more" if not decision.is_open else "has no option yet"
        sentence = f"“{decision.question}” {why}, so nobody can be asked to choose."
        raise Conflict(sentence)
    by_mail = bool(draft.email) and settings.MAIL_IS_SET
    if not by_mail and not by_hand:
        sentence = f"The link to {draft.name} cannot be mailed: give an e-mail and set up mail."
        raise Invalid(sentence)
    secret = new_secret(PREFIX)
    link = DecisionLink.objects.create(
        workspace_id=actor.workspace_id,
        decision_id=decision.id,
        secret_hash=secret.hash,
        name=draft.name,
        email=draft.email,
        version=decision.version,
        asked_by_id=actor.member_id,
        created_at=at,
        expires_at=answer_until(decision.due, at, draft.until),
        mail_after=at if by_mail else None,
    )
    write_audit(actor, "ask_by_link", decision.question, at, whom=draft.name, link=str(link.id))
    address = "" if by_mail else address_of(secret.plain)
    return Asked(link.id, draft.name, address, link.expires_at)


def _known(actor: Actor, draft: AskDraft) -> AskDraft:
    """Return the draft with name and address of the roster, where its name is a key there."""
    person = next((one for one in people_of(actor) if draft.name in (one.key, one.name)), None)
    if person is None:
        return draft
    return AskDraft(person.name, draft.email or person.email.lower(), draft.until)


def address_of(secret: str) -> str:
    """Return the whole address of a link to a decision."""
    return settings.BASE_URL + ANSWER_PATH.format(secret=secret)


@transaction.atomic
def revoke_decision_link(
    actor: Actor, decision: DecisionFacts, link_id: UUID, at: datetime
) -> None:
    """Take a link to a decision back: it stops working with this commit. NotFound if not open."""
    require(actor, Permission.PROGRAM, decision)
    link = (
        DecisionLink.objects.select_for_update(of=("self",))
        .select_related("decision")
        .filter(workspace_id=actor.workspace_id, decision_id=decision.id, id=link_id)
        .filter(used_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if link is None:
        sentence = "There is no such open link to this decision."
        raise NotFound(sentence)
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    write_audit(
        actor, "revoke_decision_link", link.decision.question, at, whom=link.name, link=str(link.id)
    )


def answer_decision(
    secret: str, option: str, at: datetime, *, version: int | None, reason: str = ""
) -> DecisionFacts:
    """Take the decision that a link asks for, in the name of whom it was made for; once.

    `version` is the decision's as it was shown. Raises NotFound for a link that does not work,
    Conflict when the question changed since it was shown, Invalid for what is no option.
    """
    if version is None:
        sentence = "The answer does not say which version of the question it is to; open it again."
        raise Invalid(sentence)
    actor, taken, program, moment = _answer(secret, option, at, version, reason)
    forecast_decided(actor, program, moment)
    return taken


@transaction.atomic
def _answer(
    secret: str, option: str, at: datetime, version: int, reason: str
) -> tuple[Actor, DecisionFacts, str, datetime]:
    link = live_decision_link(secret, at, lock=True)
    moment = moment_of(link, at)
    actor = link_actor(link.workspace_id, link.name, link.decision_id)
    place = (link.decision.program.slug, link.decision.key)
    taken = take_decision(actor, place, option, moment, reason=reason, version=version)
    link.used_at = moment
    link.save(update_fields=["used_at"])
    write_audit(actor, "answer_by_link", taken.question, moment, link=str(link.id), option=option)
    _tell_asker(link, taken, moment)
    return actor, taken, place[0], moment


def _tell_asker(link: DecisionLink, taken: DecisionFacts, at: datetime) -> None:
    """Tell whoever asked what the answer is; nobody when they are no member any more."""
    if link.asked_by_id is None:
        return
    chosen = taken.option(taken.chosen)
    answer = chosen.name if chosen else taken.chosen
    program = link.decision.program
    telling = Telling(
        Kind.DECISION,
        f"answer {link.id}",
        f"{program.name}: {link.name} answered “{taken.question}”: {answer}.",
        f"programs/{program.slug}/decisions/{taken.key}/",
    )
    tell_member(headway_actor(link.workspace_id), link.asked_by_id, telling, at)
