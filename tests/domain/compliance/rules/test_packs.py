"""Packs: the counts that others get wrong, no orphan, and every fault with its line."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from headway.domain.compliance.rules.packs import (
    Given,
    Licence,
    Pack,
    PackKind,
    ask_words,
    difference,
    read_pack,
    shipped_packs,
)
from headway.domain.compliance.rules.packs.asking import ASKABLE
from headway.domain.evidence.rules import KINDS
from headway.errors import Invalid

PACKS = shipped_packs()
IDS = {
    "eu-ai-act": r"Art\. \d+\(\d+\)(\([a-m]\))?|Annex (III\.[1-8]|IV\.[1-9])",
    "eu-ai-act-2024": r"Art\. \d+\(\d+\)(\([a-m]\))?|Annex (III\.[1-8]|IV\.[1-9])",
    "gdpr-35": r"3[56]\(\d+\)(\([a-d]\))?|WP248\.[1-9]",
    "iso-42001": r"A\.(10|[2-9])\.\d(\.\d)?",
    "nist-ai-600-1": r"2\.(1[0-2]|[1-9])",
    "nist-ai-rmf": r"(GOVERN|MAP|MEASURE|MANAGE) [1-6]\.([1-9]|1[0-3])",
    "security-review": r"(P[OSW]|RV)\.\d|218A-P[OSW]\.\d(\.\d)?|(ML|LLM)(0[1-9]|10)",
    "sr-11-7": r"MRM-([1-9]|1[0-2])",
    "sr-26-2": r"MRM-([1-9]|1[0-2])",
}
#: NIST AI 100-1, table by table: subcategories of each category.
NIST = {
    "GOVERN": [7, 3, 2, 3, 2, 2],
    "MAP": [6, 3, 5, 2, 2],
    "MEASURE": [3, 13, 3, 3],
    "MANAGE": [4, 4, 2, 3],
}
#: ISO/IEC 42001 Annex A: the 38 ids, which a well-known catalogue numbers wrongly.
ISO = [
    "2.2",
    "2.3",
    "2.4",
    "3.2",
    "3.3",
    "4.2",
    "4.3",
    "4.4",
    "4.5",
    "4.6",
    "5.2",
    "5.3",
    "5.4",
    "5.5",
    "6.1.2",
    "6.1.3",
    "6.2.2",
    "6.2.3",
    "6.2.4",
    "6.2.5",
    "6.2.6",
    "6.2.7",
    "6.2.8",
    "7.2",
    "7.3",
    "7.4",
    "7.5",
    "7.6",
    "8.2",
    "8.3",
    "8.4",
    "8.5",
    "9.2",
    "9.3",
    "9.4",
    "10.2",
    "10.3",
    "10.4",
]
POLICY = b"""pack: release
title: Release policy
controls:
  - id: RP-1
    title: A rollback was tried
    evidence:
      - {kind: drill, where: {drill: rollback}, is: {passed: true}, within: 90}
  - {id: RP-2, title: Those who depend on it were told}
"""
GIVEN = Given("1", date(2026, 1, 1))


def test_nist_has_4_functions_19_categories_and_72_subcategories() -> None:
    pack = PACKS["nist-ai-rmf"]
    assert [group.id for group in pack.top_groups] == list(NIST)
    assert len(pack.groups) - len(pack.top_groups) == 19
    counted = Counter(control.group for control in pack.controls)
    told = {f"{name} {place}": n for name, of in NIST.items() for place, n in enumerate(of, 1)}
    assert counted == told
    assert len(pack.controls) == 72


def test_iso_42001_has_9_objectives_and_the_38_controls_and_none_of_its_text() -> None:
    pack = PACKS["iso-42001"]
    assert [group.id for group in pack.groups] == [f"A.{n}" for n in range(2, 11)]
    assert [control.id for control in pack.controls] == [f"A.{one}" for one in ISO]
    assert pack.licence is Licence.OWN_WORDS


def test_the_other_counts_hold() -> None:
    def begins(pack: str, start: str) -> int:
        return sum(control.id.startswith(start) for control in PACKS[pack].controls)

    assert len(PACKS["nist-ai-600-1"].controls) == 12
    assert [begins("gdpr-35", one) for one in ("35(3)", "WP248", "35(7)", "36")] == [3, 9, 4, 1]
    assert len(PACKS["gdpr-35"].controls) == 20
    act = [
        begins("eu-ai-act", one) for one in ("Art. 17(1)", "Art. 27(1)", "Annex III", "Annex IV")
    ]
    assert act == [13, 6, 8, 9]
    articles = {group.id.removeprefix("Art. ") for group in PACKS["eu-ai-act"].groups}
    asked = {*map(str, (*range(9, 16), 17, 18, 19, 20, 26, 27, 43, 47, 48, 49, 72, 73))}
    assert articles == asked | {"Annex III", "Annex IV"}
    practices = [one for one in PACKS["security-review"].controls if one.group in "PO PS PW RV"]
    assert len(practices) == 19
    assert [begins("security-review", one) for one in ("ML", "LLM")] == [10, 10]


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.id)
def test_a_shipped_pack_is_whole(pack: Pack) -> None:
    known = {group.id for group in pack.groups}
    assert pack.source.startswith("https://")
    assert all(re.fullmatch(IDS[pack.id], control.id) for control in pack.controls)
    assert all(control.group in known for control in pack.controls), "an orphan"
    used = {control.group for control in pack.controls} | {group.parent for group in pack.groups}
    assert known <= used, "a group without controls"
    assert all(control.effective_from >= pack.effective_from for control in pack.controls)
    assert all(control.attest for control in pack.controls), "no machine attests a law"
    assert len({control.title for control in pack.controls}) == len(pack.controls)


def test_a_superseded_pack_names_one_that_is_there_and_ends_when_it_begins() -> None:
    replaced = [pack for pack in PACKS.values() if pack.superseded_by]
    assert {pack.id for pack in replaced} == {"sr-11-7", "eu-ai-act-2024"}
    for pack in replaced:
        assert PACKS[pack.superseded_by].effective_from == pack.effective_until


def test_what_was_not_verified_says_so() -> None:
    for whole in ("eu-ai-act", "sr-26-2", "sr-11-7"):
        assert PACKS[whole].verify
    assert PACKS["eu-ai-act"].by_id["Art. 49(2)"].verify
    for each in ("gdpr-35", "sr-26-2", "nist-ai-600-1"):
        assert all(control.verify for control in PACKS[each].controls)


@pytest.mark.parametrize(
    ("day", "may"), [(date(2026, 4, 16), True), (date(2026, 4, 17), False)], ids=str
)
def test_sr_11_7_may_be_assigned_until_the_day_it_was_rescinded(day: date, may: bool) -> None:
    said = PACKS["sr-11-7"].why_not(day, PACKS["sr-26-2"])
    assert (said == "") is may
    assert may or "sr-26-2" in said
    assert (PACKS["sr-26-2"].why_not(day) == "") is not may


def test_the_acts_dates_moved_and_the_difference_shows_it() -> None:
    found = difference(PACKS["eu-ai-act-2024"], PACKS["eu-ai-act"])
    assert not found.added
    assert not found.removed
    moved = next(one for one in found.changed if one.after.id == "Art. 9(1)")
    assert list(moved.differences) == [("effective from", "2 Aug 2026", "2 Dec 2027")]


def test_what_a_control_may_ask_is_what_evidence_holds() -> None:
    for kind, askable in ASKABLE.items():
        fields = set(KINDS[kind].model_fields)
        assert set(askable.fields) | set(askable.series) <= fields, kind
        assert not askable.items or askable.items in fields


def test_a_policy_is_the_same_file_and_its_evidence_decides() -> None:
    pack = read_pack(POLICY, "release.yaml", GIVEN)
    assert pack.kind is PackKind.POLICY
    assert [control.attest for control in pack.controls] == [False, True]
    assert ask_words(pack.controls[0].asks[0]) == "a rollback drill that passed, within 90 days"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"kind: drill", b"kind: dril", "line 7: `kind` is 'dril'"),
        (b"{drill: rollback}", b"{dril: rollback}", "did you mean 'drill'"),
        (b"within: 90", b"within: 0", "1 to 3650 days"),
        (b"within: 90", b"within: soon", "line 7"),
        (b"is: {passed: true}", b"at_least: {seconds: nan}", "finite number"),
        (b"id: RP-2", b"id: RP-1", "there twice"),
        (b"id: RP-2", b"id: RP/2", "use letters"),
        (b"id: RP-2,", b"id: RP-2, group: Late,", "which is no group"),
        (b"title: A rollback was tried", b"title: ", "`title` is missing"),
        (b"title: Release policy", b"version: 3", "kept by Headway"),
        (b"title: Release policy", b"kind: law", "of your own is policy"),
        (b"title: Release policy", b"source: http://x", "https address"),
        (b"pack: release", b"pack: Release!", "use small letters"),
        (b"pack: release", b"pack: &a release\nwords: *a", "write the value out"),
    ],
    ids=lambda one: one.decode()[:30] if isinstance(one, bytes) else "",
)
def test_a_policy_that_does_not_hold_is_refused_with_the_line(
    old: bytes, new: bytes, said: str
) -> None:
    assert old in POLICY
    with pytest.raises(Invalid, match=re.escape(said)):
        read_pack(POLICY.replace(old, new), "release.yaml", GIVEN)


def test_a_policy_without_controls_asks_nothing_and_is_refused() -> None:
    with pytest.raises(Invalid, match="asks nothing"):
        read_pack(b"pack: release\ntitle: Release\ncontrols: []\n", "release.yaml", GIVEN)
