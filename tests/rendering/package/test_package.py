"""The package verifies itself, and no byte of it can be another without being told where."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.domain.accounts.rules.chain import GENESIS, seal
from headway.observation import canonical, digest
from headway.rendering.package import Contents, LedgerRow, audit_package, sealed, verify

PAYLOADS = [canonical({"text": f"note {number}\u2028, “kept”"}) for number in range(1, 6)]


def a_package() -> bytes:
    """Return a package of five rows; the third belongs to another program."""
    chain, previous = [], GENESIS
    for sequence, payload in enumerate(PAYLOADS, 1):
        text = canonical({"sequence": sequence, "kind": "note", "payload": digest(payload)})
        previous = seal(previous, text)
        chain.append(LedgerRow(sequence, text, previous))
    held = {place: text for place, text in enumerate(PAYLOADS, 1) if place != 3}
    decision = {"at": "2026-11-23", "outcome": "go", "seen": sealed(canonical({"met": True}))}
    contents = Contents(
        "Fraud", "program:fraud", "2026-11-23", "7:ab", chain, held, decisions=[decision]
    )
    return audit_package(contents).data


PACKAGE = a_package()


def repacked(change: dict[str, bytes]) -> bytes:
    """Return the package as a forger packs it again, with files changed."""
    with zipfile.ZipFile(io.BytesIO(PACKAGE)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return verify.packed(files | change)


def file_of(name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(PACKAGE)).read(name)


def faults(data: bytes) -> list[str]:
    """Return what the script says is wrong; what it cannot even read is a fault as well."""
    try:
        return verify.check(data)[0]
    except Exception as broken:  # noqa: BLE001 - as the script itself
        return [str(broken)]


def test_the_script_inside_is_short_and_needs_nothing_but_python() -> None:
    source = file_of("verify.py").decode()
    assert len(source.splitlines()) <= 100
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_verifies_offline_in_an_isolated_python(tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes(file_of("verify.py"))
    for name, data in (("good", PACKAGE), ("bad", PACKAGE.replace(b"note 2", b"note 9"))):
        (tmp_path / f"{name}.zip").write_bytes(data)
    good, bad = (
        subprocess.run(
            [sys.executable, "-I", "verify.py", f"{name}.zip"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        for name in ("good", "bad")
    )
    assert good.returncode == 0, good.stderr
    assert "Everything holds." in good.stdout
    assert digest(file_of("manifest.json").decode()) in good.stdout
    assert bad.returncode == 1
    assert "evidence.jsonl, row 2: is not record 2 as it was sealed" in bad.stderr


def test_the_same_contents_give_the_same_bytes() -> None:
    assert a_package() == PACKAGE
    assert faults(PACKAGE) == []


@given(st.integers(0, len(PACKAGE) - 1), st.integers(1, 255))
@settings(max_examples=150)
def test_no_byte_can_be_another(place: int, change: int) -> None:
    data = bytearray(PACKAGE)
    data[place] ^= change
    assert faults(bytes(data))


@pytest.mark.parametrize("name", ["README.txt", "law.jsonl", "decisions.jsonl", "verify.py"])
def test_a_changed_file_is_named(name: str) -> None:
    told = faults(repacked({name: file_of(name) + b" "}))
    assert f"{name}: is missing, or is not what the manifest says" in told


def test_a_forger_with_a_new_manifest_still_meets_the_chain() -> None:
    rows = file_of("evidence.jsonl").replace(b"note 4", b"note 8")
    manifest = json.loads(file_of("manifest.json"))
    manifest["files"]["evidence.jsonl"]["sha256"] = verify.sha(rows)
    forged = {"evidence.jsonl": rows, "manifest.json": json.dumps(manifest).encode()}
    assert faults(repacked(forged)) == ["evidence.jsonl, row 3: is not record 4 as it was sealed"]


@pytest.mark.parametrize("what", ["edited", "taken out", "swapped"])
def test_a_row_of_the_chain_cannot_be_changed_unseen(what: str) -> None:
    lines = file_of("chain.jsonl").splitlines(keepends=True)
    if what == "edited":
        lines[2] = lines[2].replace(b'\\"kind\\":\\"note\\"', b'\\"kind\\":\\"nope\\"')
    elif what == "taken out":
        del lines[2]
    else:
        lines[1], lines[2] = lines[2], lines[1]
    told = faults(repacked({"chain.jsonl": b"".join(lines)}))
    place = {"edited": 3, "taken out": 3, "swapped": 2}[what]
    assert any(one.startswith(f"chain.jsonl, row {place}: ") for one in told)


def test_what_was_seen_is_what_was_decided_on() -> None:
    rows = file_of("decisions.jsonl").replace(b'\\"met\\":true', b'\\"met\\":fals')
    told = faults(repacked({"decisions.jsonl": rows}))
    assert "decisions.jsonl, row 1: what is there is not what was decided on" in told
