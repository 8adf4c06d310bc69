"""The words of a comment are text: cut into parts, never read as markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.discussion.rules import Part, handles_in, parts_of, read_about
from headway.domain.discussion.rules.links import read_url
from headway.domain.discussion.rules.words import MOST_MENTIONS
from headway.errors import Invalid

BITS = st.sampled_from(
    ["https://", "http://", "@dana", "@", "a@b.com", ".", ")", "(", "]", "[", "<b>", "\n", " ", "x"]
)
WORDS = st.one_of(st.text(max_size=80), st.lists(BITS, max_size=20).map("".join))


@given(WORDS)
def test_the_parts_of_a_comment_are_the_comment(words: str) -> None:
    assert "".join(part.text for part in parts_of(words, {"dana": "Dana"})) == words


@given(WORDS)
def test_whatever_opens_is_an_address_of_the_web_that_reads_as_it_leads(words: str) -> None:
    for part in parts_of(words, {}):
        if part.href:
            assert part.href == part.text
            assert part.href.lower().startswith(("http://", "https://"))
            assert not set(part.href) & set("<>\"' \n")


@pytest.mark.parametrize(
    ("words", "href"),
    [
        ("see https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("[https://example.org/]", "https://example.org/"),
        ("https://example.org/?q=1&r=2, then", "https://example.org/?q=1&r=2"),
        ("HTTPS://EXAMPLE.ORG/x", "HTTPS://EXAMPLE.ORG/x"),
    ],
)
def test_the_sentences_own_signs_are_no_part_of_an_address(words: str, href: str) -> None:
    assert [part.href for part in parts_of(words, {}) if part.href] == [href]


@pytest.mark.parametrize(
    "words",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://bank.example@evil.example/",
        "https://",
        "https://[::1",
        "https://example.org:99999999/",
        "vbscript:x ftp://example.org file:///etc/passwd",
    ],
)
def test_what_is_no_plain_address_of_the_web_does_not_open(words: str) -> None:
    assert [part for part in parts_of(words, {}) if part.href] == []


def test_a_name_is_marked_only_where_it_was_known() -> None:
    parts = parts_of("Hi @dana and @nobody.", {"dana": "Dana Whitlock"})
    assert parts == [Part("Hi "), Part("@dana", person="Dana Whitlock"), Part(" and @nobody.")]


@pytest.mark.parametrize(
    "words", ["dana@example.org", "x@dana", "https://x.org/@dana", "@@", "@ a"]
)
def test_an_at_inside_a_word_calls_nobody(words: str) -> None:
    assert handles_in(words) == []


def test_a_name_is_called_once_however_often_it_is_written() -> None:
    assert handles_in("@Dana, @dana. (@dana) @tomas-r") == ["dana", "tomas-r"]


def test_a_comment_is_no_mailing_list() -> None:
    many = " ".join(f"@p{number}" for number in range(MOST_MENTIONS + 1))
    with pytest.raises(Invalid, match="calls 21 people"):
        handles_in(many)


def test_a_long_line_is_cut_in_linear_time() -> None:
    words = "https://x.org/" + ")." * 100_000 + "@" * 100_000
    assert "".join(part.text for part in parts_of(words, {})) == words


@pytest.mark.parametrize(
    "about", ["", "risk", "risk:", "user:alice", "RISK:a/b", "risk:a\nb", None]
)
def test_what_is_of_no_known_kind_cannot_be_talked_about(about: object) -> None:
    with pytest.raises(Invalid):
        read_about("about", about)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "javascript:alert(1)",
        "https://user:secret@example.org/",
        "https:///path",
        "//example.org",
        "https://example.org/\n",
        "https://example.org/a b",
        'https://example.org/"onmouseover=',
        "https://" + "a" * 2_001,
        "\\\\example.org",
    ],
)
def test_a_link_leads_to_a_plain_https_address(url: str) -> None:
    if url.endswith("\n"):
        assert read_url("url", url) == url.strip()
        return
    with pytest.raises(Invalid):
        read_url("url", url)
