"""Secrets are found by shape and by chance, made-up ones are let be, and none is ever shown."""

from __future__ import annotations

import json
import random
import string
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.repository.made import audited, finding, made, verdict

from headway.analysis.repository.secrets import entropy, secrets

#: Drawn once by a seed, so that this file holds none itself.
_DRAWN = random.Random(7)


def drawn(count: int, letters: str = string.ascii_letters + string.digits) -> str:
    return "".join(_DRAWN.choice(letters) for _ in range(count))


REAL = {
    "aws": "AK" + "IA" + drawn(16, string.ascii_uppercase + string.digits),
    "github": "gh" + "p_" + drawn(36),
    "gitlab": "gl" + "pat-" + drawn(20),
    "hugging face": "h" + "f_" + drawn(34),
    "google": "AI" + "za" + drawn(35),
    "databricks": "da" + "pi" + drawn(32, "0123456789abcdef"),
    "address": "postgresql" + "://svc:" + drawn(14) + "@db.internal/x",
    "key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + drawn(64),
}


@pytest.mark.parametrize("kind", REAL)
def test_a_known_shape_is_found_with_its_line_and_never_shown(kind: str) -> None:
    answer = finding("secrets", {"src/a.py": f"x = 1\ny = '''{REAL[kind]}'''\n"})
    assert answer.verdict.value == "unmet"
    assert answer.evidence == ("src/a.py:2",)
    assert REAL[kind][6:] not in str(answer)


def test_a_secret_in_the_output_of_a_notebook_is_found() -> None:
    cell = {"cell_type": "code", "source": ["x"], "outputs": [{"text": [REAL["aws"]]}]}
    book = json.dumps({"cells": [cell]}, indent=1)
    assert verdict("secrets", {"a.ipynb": book}) == "unmet"
    assert verdict("secrets", {"a.ipynb": book.encode("utf-16")}) == "unmet"


@pytest.mark.parametrize(
    "line",
    [
        "api_key = '{}'",
        'DB_PASSWORD: str = "{}"',
        "client(token='x', secret=\"{}\")",
        '{{"access_key": "{}"}}',
    ],
)
def test_a_value_of_a_telling_name_that_looks_drawn_is_found(line: str) -> None:
    value = drawn(28) + "7a"
    assert verdict("secrets", {"a.py": line.format(value) + "\n"}) == "unmet"
    assert verdict("secrets", {"tests/a.py": line.format(value) + "\n"}) == "met"


@pytest.mark.parametrize(
    "line",
    [
        "api_key = 'your-api-key-goes-here-1'",
        "password = os.environ['PASSWORD_OF_THE_DB_1']",
        "token = 'AKIAIOSFODNN7EXAMPLE'",
        "secret = 'correct-horse-battery-staple'",
        "token: ${{ secrets.GITHUB_TOKEN_2 }}",
        "tokenizer_name = 'bert-base-uncased-v12x9'",
        "url = 'https://user:password1@localhost/db'",
        "API_KEY=<insert-key-123456>",
        "secret_name = 'prod7/Db4/Xk9mQ2pL'",
    ],
)
def test_what_is_made_up_or_read_from_elsewhere_is_let_be(line: str) -> None:
    assert verdict("secrets", {"a.py": f"{line}\n", "b.env": f"{line}\n"}) == "met"


def test_settings_hold_secrets_without_quotes() -> None:
    files = {".env": f"A=1\nAPI_KEY={drawn(30)}3z\n"}
    assert finding("secrets", files).evidence == (".env:2",)


def test_digests_of_a_lock_are_no_secrets() -> None:
    line = f'{{name = "tokenizers", hash = "sha256:{drawn(64, "0123456789abcdef")}"}}\n'
    assert verdict("secrets", {"uv.lock": line, "a.py": "x = 1\n"}) == "met"


@given(st.text(max_size=80))
def test_entropy_lies_between_none_and_that_of_as_many_letters(text: str) -> None:
    assert -1e-9 <= entropy(text) <= (len(set(text)).bit_length() if text else 0)


HOSTILE = {
    "comments": "<!--" * 5_000,
    "empty lines": "\n" * 30_000,
    "blanks": "# a\n" + " " * 30_000,
    "names": "password" * 2_500,
    "an address": "a" * 30_000 + "://",
    "quotes": "'" * 20_000,
    "targets": "test: " + " " * 20_000 + "\n" + "\t'\"" * 2_000,
    "calls": "load_dataset(" * 2_000,
    "brackets": "((" * 10_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_file_can_make_the_audit_slow(kind: str) -> None:
    text = HOSTILE[kind]
    names = (
        "README.md",
        "a.py",
        "Makefile",
        "Dockerfile",
        ".gitlab-ci.yml",
        "model_card.md",
        "Jenkinsfile",
        "requirements.txt",
        "k8s/a.yaml",
    )
    files = dict.fromkeys(names, text) | {
        ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{run: make test}]}}\n",
        "train.py": "import sklearn\nmodel.fit(x)\n",
    }
    started = process_time()
    audited(files)
    assert process_time() - started < 1


def test_bytes_that_are_no_text_are_passed_over() -> None:
    assert secrets(made({"a.bin": b"\x00\x01\xff" * 1000, "b.txt": b"\xff\xfe\xfd"})) == ()
