"""Pages say what the code holds: links resolve, and every list of names is whole."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from headway.domain.accounts.rules.permissions import (
    ROLE_PERMISSIONS,
    SCOPE_PERMISSIONS,
    Permission,
    Role,
)
from headway.domain.assessments.rules import health
from headway.domain.assessments.rules.judgement import LONGEST_OVERRIDE
from headway.domain.evidence.rules import KINDS
from headway.interfaces.cli.main import COMMANDS, LATER

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=str)
def test_a_decision_fits_on_a_page(page: Path) -> None:
    assert len(page.read_text().splitlines()) <= 40


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    from typer import Typer
    from typer.main import get_command

    page = (REFERENCE / "command-line.md").read_text()
    section = page.split(f"## `headway {name}`\n")[1].split("\n## ")[0]
    module, _, function = COMMANDS[name][0].partition(":")
    app = Typer(add_completion=False)
    app.command(name=name)(getattr(import_module(module), function))
    for parameter in get_command(app).params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert f"`{parameter.opts[0]}`" in section, f"{name} {parameter.opts[0]}"


def test_commands_not_built_yet_are_named_as_such() -> None:
    page = (REFERENCE / "command-line.md").read_text().split("## Not built yet")[1]
    named = set(re.findall(r"\| `headway ([^`]+)` \|", page))
    assert named == set(LATER) - set(COMMANDS)


def test_every_kind_of_evidence_and_every_key_is_documented() -> None:
    sections = re.split(r"\n## ", (REFERENCE / "evidence-kinds.md").read_text())[1:]
    written = {part.split("`")[1]: re.findall(r"^\| `(\w+)` \|", part, re.M) for part in sections}
    assert written == {kind: list(model.model_fields) for kind, model in KINDS.items()}


def test_the_table_of_roles_is_the_codes() -> None:
    page = (REFERENCE / "permissions.md").read_text()
    for permission in Permission:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{permission}` |"))
        cells = [cell.strip() for cell in row.split("|")[3:-1]]
        held = ["yes" if permission in ROLE_PERMISSIONS[role] else "–" for role in Role]
        assert cells == held, permission
    scopes = page.split("## Scopes")[1]
    for scope, permissions in SCOPE_PERMISSIONS.items():
        row = next(line for line in scopes.splitlines() if line.startswith(f"| `{scope}` |"))
        assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == set(permissions)


def test_every_setting_is_documented() -> None:
    page = (REFERENCE / "configuration.md").read_text()
    settings = (ROOT / "src/headway/site/settings.py").read_text()
    names = set(re.findall(r'"((?:HEADWAY_[A-Z_]+|DATABASE_URL))"', settings))
    assert names <= set(re.findall(r"`([A-Z_]+)`", page))


def test_every_key_of_a_plan_file_is_documented() -> None:
    from headway.analysis.schedule.readers import yaml_plan as reader

    words = set(re.findall(r"`(\w+)`", (REFERENCE / "plan-file.md").read_text()))
    keys = {*reader.PLAN_KEYS, *reader.ITEM_KEYS, *reader.ATTEMPT_KEYS}
    assert keys | {*reader.RISK_KEYS, *reader.MITIGATION_KEYS} <= words


def test_every_key_of_a_rule_file_is_documented() -> None:
    from headway.analysis.quality import reading as reader

    words = set(re.findall(r"`(\w+)`", (REFERENCE / "rule-file.md").read_text()))
    keys = {*reader.TOP, *reader.ROWS, *reader.SCHEMA, *reader.CHECK, *reader.COVERAGE}
    assert keys <= words


def test_every_check_of_an_audit_is_documented_with_its_severity() -> None:
    from headway.analysis.repository import CATALOGUE
    from headway.analysis.repository import rules as reader

    page = (REFERENCE / "audit-checks.md").read_text()
    written = re.findall(r"^\| `([\w-]+)` \| (error|warning|note) \| (.+?) \|", page, re.M)
    assert written == [(one.id, one.severity.value, one.question) for one in CATALOGUE]
    assert {*reader.TOP, *reader.IGNORE, *reader.LIMITS} <= set(re.findall(r"`(\w+)`", page))


def test_the_thresholds_of_status_are_the_codes() -> None:
    page = (ROOT / "docs/explanation/how-status-is-computed.md").read_text()
    assert f"≥ {health.GOOD_ODDS:.0%}".replace("%", " %") in page
    assert f"≥ {health.FAIR_ODDS:.0%}".replace("%", " %") in page
    assert f"forecast older than {health.FORECAST_LASTS.days} days" in page
    assert f"older than {health.CHECK_LASTS.days} days" in page
    assert f"{LONGEST_OVERRIDE.days} days at most" in page
    for stage in health.EARLY_STAGES:
        assert stage in page
