"""Gate templates: the shipped ones on first need, a workspace's own, and new versions of rules.

A version of rules is never changed: an edit adds the next, and gates and decisions stay with
theirs until somebody changes that on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import GateRules, GateTemplate
from headway.domain.gates.queries import template_named
from headway.domain.gates.rules import Requirement, TemplateRules, content_digest
from headway.domain.gates.rules.facts import TemplateFacts
from headway.domain.gates.rules.gate_files import (
    read_gate_text,
    read_stored,
    require_stages,
    written_template,
)
from headway.domain.gates.rules.requirements import (
    GatedStage,
    with_requirement,
    without_requirement,
)
from headway.domain.gates.rules.shipped import shipped_templates
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import stage_templates_of
from headway.domain.programs.rules import DEFAULT_STAGES
from headway.domain.programs.rules.fields import clean, flag, text

_reason = text(2_000)
TEMPLATE_FIELDS = {
    "name": text(200, required=True),
    "words": text(2_000),
    "is_retired": flag,
}


@transaction.atomic
def install_gate_templates(actor: Actor, at: datetime) -> int:
    """Add the shipped templates that the workspace does not have yet; return how many."""
    require(actor, Permission.PROGRAM)
    held = set(
        GateTemplate.objects.filter(workspace_id=actor.workspace_id).values_list("key", flat=True)
    )
    new = [one for one in shipped_templates() if one.key not in held]
    for one in new:
        _add(actor, one, "shipped with Headway", at)
    return len(new)


@transaction.atomic
def add_gate_template(
    actor: Actor, rules_text: str, at: datetime, *, reason: str = ""
) -> TemplateFacts:
    """Make a template from the text of a gate file.

    Raises Invalid with every fault and its line, Conflict when its key is taken.
    """
    require(actor, Permission.PROGRAM)
    found = read_gate_text(rules_text)
    _require_known(actor, found)
    _add(actor, found, _reason("reason", reason), at)
    return template_named(actor, found.key)


@transaction.atomic
def edit_gate_rules(
    actor: Actor,
    key: str,
    rules_text: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> TemplateFacts:
    """Add the next version of a template's rules from the text of a gate file.

    The key in the text is the template's own. What stands there already adds nothing. Gates that
    are open keep the version that they are judged by. Raises Invalid, NotFound; Conflict when the
    template moved on since `version`.
    """
    require(actor, Permission.PROGRAM)
    found = read_gate_text(rules_text)
    held = _locked(actor, key)
    _require_known(actor, found)
    return _next_version(actor, held, replace(found, key=key), at, reason, version)


@transaction.atomic
def set_requirement(
    actor: Actor,
    place: GatedStage,
    requirement: Requirement,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> TemplateFacts:
    """Add the next version of a template's rules, with one requirement new or changed.

    It is asked at `place`, instead of the one with its key, or as the last. Raises
    Invalid for what a gate file may not say, NotFound for the template or a stage that it does not
    gate, Conflict when the template moved on since `version`.
    """
    require(actor, Permission.PROGRAM)
    held = _locked(actor, place.template)
    found = with_requirement(held.content, place.stage, requirement)
    # One judge of what a requirement may say, whoever made the record: the reader of gate files.
    found = read_stored(written_template(found))
    told = {"stage": place.stage, "requirement": requirement.key}
    return _next_version(actor, held, found, at, reason, version, **told)


@transaction.atomic
def remove_requirement(
    actor: Actor,
    place: GatedStage,
    requirement: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> TemplateFacts:
    """Add the next version of a template's rules, without one requirement at `place`.

    The earlier version keeps it. Raises NotFound; Invalid for the last of a stage; Conflict when
    the template moved on since `version`.
    """
    require(actor, Permission.PROGRAM)
    held = _locked(actor, place.template)
    found = without_requirement(held.content, place.stage, requirement)
    told = {"stage": place.stage, "removed": requirement}
    return _next_version(actor, held, found, at, reason, version, **told)


@transaction.atomic
def edit_gate_template(
    actor: Actor,
    key: str,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> TemplateFacts:
    """Rename a template, or retire it: no new gate is opened from a retired one."""
    require(actor, Permission.PROGRAM)
    fields = clean(changes, TEMPLATE_FIELDS)
    held = template_named(actor, key)
    row = GateTemplate.objects.select_for_update().get(id=held.id)
    change_row(actor, row, fields, at, "edit_gate_template", version)
    return template_named(actor, key)


def _locked(actor: Actor, key: str) -> TemplateFacts:
    """Lock a template's row, and return what it holds since. Raises NotFound."""
    mine = GateTemplate.objects.filter(workspace_id=actor.workspace_id, key=key)
    mine.select_for_update().first()
    return template_named(actor, key)


def _next_version(
    actor: Actor,
    held: TemplateFacts,
    found: TemplateRules,
    at: datetime,
    reason: str,
    version: int | None,
    **told: object,
) -> TemplateFacts:
    """Store `found` as the next version; what stands there already adds nothing."""
    row = GateTemplate.objects.get(id=held.id)
    changes = _columns(found)
    content = written_template(found)
    is_new = content_digest(content) != held.newest.digest
    if is_new:
        # Each new version of the rules changes the template, though its row may read the same.
        changes["version"] = row.version + 1
    change_row(actor, row, changes, at, "edit_gate_template", version)
    if is_new:
        _add_version(actor, row, content, str(_reason("reason", reason)), at, **told)
    return template_named(actor, held.key)


def _add(actor: Actor, found: TemplateRules, reason: object, at: datetime) -> None:
    row = GateTemplate(workspace_id=actor.workspace_id, key=found.key, **_columns(found))
    add_row(actor, row, at, "add_gate_template", made_for=found.made_for)
    _add_version(actor, row, written_template(found), str(reason), at)


def _columns(found: TemplateRules) -> dict[str, object]:
    return {
        "name": found.name,
        "words": found.words,
        "made_for": found.made_for,
        "is_light": found.is_light,
    }


def _add_version(
    actor: Actor,
    row: GateTemplate,
    content: Mapping[str, object],
    reason: str,
    at: datetime,
    **told: object,
) -> None:
    last = GateRules.objects.filter(template_id=row.id).aggregate(last=Max("number"))["last"]
    rules = GateRules(
        workspace_id=actor.workspace_id,
        template=row,
        number=(last or 0) + 1,
        content=content,
        digest=content_digest(content),
        author=actor.label,
        reason=reason,
        at=at,
    )
    told |= {"number": rules.number, "digest": rules.digest}
    add_row(actor, rules, at, "add_gate_rules", **told)


def _require_known(actor: Actor, found: TemplateRules) -> None:
    """Raise Invalid for a stage that no release of the workspace goes through."""
    known = [stage.id for one in stage_templates_of(actor) for stage in one.stages]
    require_stages(found, known or [stage.id for stage in DEFAULT_STAGES])
