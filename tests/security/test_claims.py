"""What SECURITY.md says and no other test holds, tried; and that the tests it names are there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.utils import get_random_secret_key
from tests.cast import AT, Cast, a_token
from tests.doors import browser_of

from headway.domain.accounts.actions import remove_member
from headway.domain.accounts.models import AuditEntry, Token
from headway.domain.accounts.queries import actor_for_token
from headway.domain.accounts.rules import Function
from headway.domain.people.actions import set_person, set_working_time
from headway.domain.people.actions.pay import set_pay
from headway.domain.people.actions.roster import forget_person
from headway.domain.people.actions.skills import set_certification, set_skills
from headway.domain.people.models import Person
from headway.errors import Refused, SignInNeeded
from headway.site import settings as site_settings

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", SECURITY))
    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_threat_names_its_test() -> None:
    table = SECURITY.partition("| threat | defence | test |")[2].partition("\n\n")[0]
    rows = table.strip().splitlines()[1:]
    assert len(rows) > 10
    assert [row for row in rows if "`tests/" not in row] == []


def test_passwords_are_kept_by_argon2(db: None) -> None:
    assert site_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_both_keys_are_random_and_their_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET", "SOURCE"):
        monkeypatch.delenv(f"HEADWAY_{name}_KEY_FILE", raising=False)
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "first"))
    homes = [site_settings._home()]
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "second"))
    homes.append(site_settings._home())
    secrets = {site_settings._secret_key(home) for home in homes}
    keys = {site_settings._source_key(home) for home in homes}
    assert len(secrets) == len(keys) == 2
    assert min(map(len, secrets)) >= len(get_random_secret_key())
    for home in homes:
        assert home.stat().st_mode & 0o777 == 0o700
        for name in ("secret_key", "source_key"):
            assert (home / name).stat().st_mode & 0o777 == 0o600
    assert {site_settings._secret_key(home) for home in homes} == secrets, "made once, then read"
    assert {site_settings._source_key(home) for home in homes} == keys


def test_a_removed_member_is_out_at_once_with_session_and_token(cast: Cast) -> None:
    secret = a_token(cast.bob)
    browser = browser_of(cast.bob)
    page = "/w/acme/settings/members/"
    assert browser.get(page).status_code == 200
    assert cast.bob.member_id is not None
    remove_member(cast.alice, cast.bob.member_id, AT)
    assert browser.get(page).status_code == 404
    assert not Token.objects.exists()
    with pytest.raises(SignInNeeded):
        actor_for_token(secret, AT)


def test_erasing_a_person_leaves_the_name_where_the_page_says_and_nowhere_else(
    cast: Cast,
) -> None:
    name = "Wilhelmina Unmistakable"
    values = {"name": name, "role": "engineer", "email": "wilhelmina@example.org", "place": name}
    set_person(cast.mia, "engineer-1", values, AT)
    set_skills(cast.mia, "engineer-1", {name: 3}, AT)
    set_certification(cast.mia, "engineer-1", name, {}, AT)
    set_working_time(cast.mia, "engineer-1", {"absences": "2031-07-09"}, AT)
    paying = replace(cast.vera, functions=frozenset({Function.PAY}))
    set_pay(paying, "engineer-1", AT.date(), {"amount": "7654321.11", "currency": "USD"}, AT)
    with pytest.raises(Refused):
        forget_person(cast.mia, "engineer-1", AT)
    forget_person(cast.alice, "engineer-1", AT)
    assert Person.objects.get().key == "engineer-1"
    rows = [
        f"{model._meta.label}: {row}"
        for model in apps.get_models()
        for row in model._default_manager.values_list()
    ]
    traces = (name, "wilhelmina@", "2031-07-09", "765432111")
    assert [row for row in rows if any(trace in row for trace in traces)] == []


def test_the_trail_and_the_account_outlive_the_membership(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    remove_member(cast.alice, cast.bob.member_id, AT)
    assert AuditEntry.objects.filter(thing="bob@example.com").exists()
    assert get_user_model().objects.filter(email="bob@example.com").exists()
