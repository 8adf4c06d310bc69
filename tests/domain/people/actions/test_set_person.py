from __future__ import annotations

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.people.actions import set_person
from headway.domain.people.queries import names_of, people_of
from headway.errors import Conflict, Invalid, Refused


def test_a_person_need_not_be_able_to_sign_in(cast: Cast) -> None:
    made = set_person(cast.mia, "dana", {"name": "Dana Roe", "email": "Dana@Example.com"}, AT)
    assert (made.name, made.email) == ("Dana Roe", "dana@example.com")
    assert names_of(cast.vera) == {"dana": "Dana Roe"}
    assert names_of(cast.charlie) == {}


def test_a_person_changes_in_place(cast: Cast) -> None:
    set_person(cast.mia, "dana", {"name": "Dana"}, AT)
    changed = set_person(cast.mia, "dana", {"role": "data scientist"}, AT, version=1)
    assert people_of(cast.vera) == [changed]
    assert (changed.name, changed.version) == ("Dana", 2)
    with pytest.raises(Conflict, match="changed since you read it"):
        set_person(cast.mia, "dana", {"role": "lead"}, AT, version=1)


def test_the_audit_trail_never_holds_who_they_are(cast: Cast) -> None:
    set_person(cast.mia, "dana", {"name": "Dana Roe", "email": "dana@example.com"}, AT)
    set_person(cast.mia, "dana", {"name": "Dana Poe"}, AT)
    lines = audit_page(cast.alice).lines[:2]
    assert [line.thing for line in lines] == ["person dana", "person dana"]
    assert [line.detail for line in lines] == [
        {"fields": ["name"]},
        {"fields": ["email", "name"]},
    ]


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("dana", {}, "name is empty"),
        ("Dana R.", {"name": "Dana"}, "small letters"),
        ("dana", {"name": "Dana", "email": "dana at home"}, "not an address"),
        ("dana", {"name": "Dana", "salary": 1}, "no field 'salary'"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, key: str, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_person(cast.mia, key, values, AT)


def test_only_who_runs_programs_keeps_the_roster(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_person(cast.bob, "dana", {"name": "Dana"}, AT)
    with pytest.raises(Refused):
        people_of(cast.vic)
