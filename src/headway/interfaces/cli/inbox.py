"""`headway inbox` and `headway rule …`: what no project claims, and saying once what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from headway.interfaces.cli.output import print_json, print_line, print_table, say
from headway.interfaces.cli.place import Here, here
from headway.interfaces.cli.server import Ask, call, get, listed, post, speaks_to_server

Workspace = Annotated[str, typer.Option(help="Workspace, where there are several")]
As = Annotated[str, typer.Option("--as", help="Act as this member")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]


def inbox(workspace: Workspace = "", as_email: As = "", as_json: Json = False) -> None:
    """List what belongs to no project yet, in a handful of groups.

    Examples:

      headway inbox

      headway inbox --json
    """
    if speaks_to_server(workspace, as_email):
        found = get("/inbox")
    else:
        found = _inbox_here(here(workspace, as_email))
    if as_json:
        print_json(found)
        return
    if not found["subjects"]:
        print_line("The inbox is empty.")
        return
    print_line(f"{found['subjects']:,} subjects belong to no project yet.")
    rows = [
        (
            one["words"],
            f"{one['count']:,}",
            ", ".join(one["metrics"]) or "none",
            one["proposed"] or "?",
        )
        for one in found["groups"]
    ]
    headers = ("What", "Subjects", "Metrics", "Looks like")
    print_table("Groups", headers, rows, numbers=("Subjects",))
    say("`headway rule add --group 'NAME' --project P` (or --scratch) says what a group is.")


def _inbox_here(place: Here) -> dict[str, Any]:
    """Return the local inbox in the keys of the API."""
    from dataclasses import asdict

    from headway.domain.evidence.queries import inbox_page

    page = inbox_page(place.actor, place.at)
    return {
        "subjects": page.subjects,
        "groups": [
            {
                "words": line.group.condition.words,
                "condition": asdict(line.group.condition),
                "count": line.group.count,
                "newest": line.group.newest.isoformat() if line.group.newest else None,
                "examples": list(line.group.examples),
                "metrics": list(line.metrics),
                "proposed": line.proposed,
                "is_part": line.group.is_part,
                "has_parts": line.group.has_parts,
            }
            for line in page.groups
        ],
        "more_groups": page.more_groups,
        "unknown": [{"project": slug, "subjects": count} for slug, count in page.unknown],
    }


def add(  # noqa: PLR0913  what a rule asks and says, each an option
    project: Annotated[str, typer.Option(help="Project that they count for")] = "",
    scratch: Annotated[bool, typer.Option("--scratch", help="They count for nothing")] = False,
    group: Annotated[str, typer.Option(help="Pattern of the run group (MLflow experiment)")] = "",
    name: Annotated[str, typer.Option(help="Pattern of the run's name")] = "",
    tag: Annotated[str, typer.Option(help="Tag, as KEY or KEY=PATTERN")] = "",
    subject: Annotated[str, typer.Option(help="Pattern of kind:name, for models and others")] = "",
    source: Annotated[str, typer.Option(help="Only from this source, such as mlflow:lab")] = "",
    reason: Annotated[str, typer.Option(help="Why")] = "",
    order: Annotated[int, typer.Option(help="Among equally narrow rules the lower wins")] = 0,
    workspace: Workspace = "",
    as_email: As = "",
    as_json: Json = False,
) -> None:
    """Say once that runs like these count for a project, or are scratch.

    It is applied to what is there and to what comes. A run's tag headway.project always wins.

    Examples:

      headway rule add --group 'fraud-*' --project fraud

      headway rule add --group sandbox --scratch --reason "trying things out"
    """
    key, _, value = tag.partition("=")
    said: dict[str, object] = {"source": source, "group": group, "name": name, "tag": key}
    said |= {"tag_value": value, "subject": subject, "reason": reason, "order": order}
    said |= {"project": project, "is_scratch": scratch}
    if speaks_to_server(workspace, as_email):
        ruled = post("/run-rules", said)
    else:
        ruled = _add_here(here(workspace, as_email), said)
    if as_json:
        print_json(ruled)
        return
    rule = ruled["rule"]
    verdict = "scratch" if rule["is_scratch"] else f"counts for {rule['project']}"
    print_line(f"Rule {rule['key']}: {verdict}; {ruled['moved']:,} subjects moved.")


def _add_here(place: Here, said: Mapping[str, object]) -> dict[str, Any]:
    from headway.domain.evidence.actions import set_run_rule

    ruled = set_run_rule(place.actor, said, place.now)
    return {"rule": _document(ruled.rule), "moved": ruled.moved}


def _document(rule: Any) -> dict[str, Any]:  # noqa: ANN401  RuleFacts, which is not imported here
    """Return a rule in the keys of the API."""
    from dataclasses import asdict

    found = asdict(rule)
    found |= {name: str(found[name]) for name in ("id", "workspace_id")}
    found["project_id"] = str(rule.project_id) if rule.project_id else None
    found["made_at"] = rule.made_at.isoformat()
    return found


def rules(workspace: Workspace = "", as_email: As = "", as_json: Json = False) -> None:
    """List the rules about runs.

    Examples:

      headway rule list

      headway rule list --json
    """
    if speaks_to_server(workspace, as_email):
        found = listed("/run-rules")
    else:
        found = _rules_here(here(workspace, as_email))
    if as_json:
        print_json(found)
        return
    if not found:
        print_line("No rule is remembered.")
    rows = [
        (
            one["key"],
            _words(one["condition"]),
            "scratch" if one["is_scratch"] else one["project"],
            one["reason"],
        )
        for one in found
    ]
    print_table("Rules", ("Rule", "Asks", "Says", "Why"), rows)


def _rules_here(place: Here) -> list[dict[str, Any]]:
    from headway.domain.evidence.queries import run_rules

    return [_document(rule) for rule in run_rules(place.actor, place.at)]


def _words(condition: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in condition.items() if text)


def remove(
    rule: Annotated[str, typer.Argument(help="Key of the rule, or how it begins")],
    workspace: Workspace = "",
    as_email: As = "",
) -> None:
    """Forget a rule; its runs go where they belong without it, most often into the inbox.

    Examples:

      headway rule list

      headway rule remove 3f9a1c20b7de
    """
    if speaks_to_server(workspace, as_email):
        _remove_there(rule)
        print_line(f"Rule {rule} is gone.")
        return
    place = here(workspace, as_email)
    from headway.domain.evidence.actions import remove_run_rule
    from headway.domain.evidence.queries import rule_named

    gone = remove_run_rule(place.actor, rule_named(place.actor, rule).id, place.now)
    print_line(f"Rule {gone.rule.key} is gone; {gone.moved:,} subjects moved.")


def _remove_there(key: str) -> None:
    """Remove a rule on the server. Raises NotFound unless the key begins exactly one."""
    from headway.errors import NotFound

    found = [one for one in listed("/run-rules") if len(key) >= 4 and one["key"].startswith(key)]
    if len(found) != 1:
        sentence = f"{len(found)} rules begin with {key!r}; `headway rule list` shows them."
        raise NotFound(sentence)
    call(Ask("DELETE", f"/run-rules/{found[0]['id']}", if_match="*"))
