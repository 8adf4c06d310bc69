"""Check an auditor's package offline, with Python alone:  python3 -I verify.py PACKAGE.zip

Files against the manifest, the ledger's chain from its first row to its head, records and decisions
against what was sealed. Compare the lines it prints with what Headway said elsewhere.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Files = dict[str, bytes]


def sha(data: bytes | str) -> str:
    """Return the SHA-256 of bytes or text."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def packed(files: Files) -> bytes:
    """Return the archive that Headway writes of these files: stored, undated, in order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return made.getvalue()


def rows(files: Files, name: str, wrong: list[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield the place and the text of each line of a file, and the object in it."""
    text = files.get(name, b"").decode("utf-8", "replace")
    for number, line in enumerate(filter(None, text.split("\n")), 1):
        try:
            yield f"{name}, row {number}", line, json.loads(line)
        except ValueError:
            wrong.append(f"{name}, row {number}: is not JSON")


def check_chain(files: Files, wrong: list[str]) -> tuple[dict[int, str], str]:
    """Walk the chain; return the digest that each record was sealed with, and the head."""
    previous, sealed = "0" * 64, dict[int, str]()
    for place, _, row in rows(files, "chain.jsonl", wrong):
        told = json.loads(row["text"])
        if not row["sequence"] == told["sequence"] == len(sealed) + 1:
            wrong.append(f"{place}: a row is missing, or was put in")
        if row["digest"] != sha(f"{previous}\n{row['text']}"):
            wrong.append(f"{place}: was edited, or does not follow the one before")
        previous, sealed[len(sealed) + 1] = row["digest"], told["payload"]
    return sealed, f"{len(sealed)}:{previous}"


def check_rows(files: Files, sealed: dict[int, str], wrong: list[str]) -> None:
    """Check each record against the chain, and each text that carries a digest of its own."""
    for place, line, row in rows(files, "evidence.jsonl", wrong):
        payload = line[len('{"payload":') : line.rindex(',"sequence":')]
        if sealed.get(row["sequence"]) != sha(payload):
            wrong.append(f"{place}: is not record {row['sequence']} as it was sealed")
    for place, _, row in rows(files, "decisions.jsonl", wrong):
        for part in row.values():
            if isinstance(part, dict) and part.get("sha256") != sha(part.get("text", "")):
                wrong.append(f"{place}: what is there is not what was decided on")


def check(data: bytes) -> tuple[list[str], dict[str, str]]:
    """Return everything that is wrong with a package, and the lines to compare elsewhere."""
    archive, wrong = zipfile.ZipFile(io.BytesIO(data)), list[str]()
    for info in archive.infolist():
        del info.CRC  # the digests say more: which file, and which row of it
    files = {info.filename: archive.read(info) for info in archive.infolist()}
    manifest = json.loads(files["manifest.json"])
    told = {name: one["sha256"] for name, one in manifest["files"].items()}
    held = {name: sha(data) for name, data in files.items() if name != "manifest.json"}
    for name in sorted({*told, *held}):
        if told.get(name) != held.get(name):
            wrong.append(f"{name}: is missing, or is not what the manifest says")
    sealed, head = check_chain(files, wrong)
    if head != manifest["ledger"]:
        wrong.append("chain.jsonl: it does not end at the manifest's head")
    check_rows(files, sealed, wrong)
    if not wrong and packed(files) != data:
        wrong.append("the archive: a byte outside its files is another")
    said = {name: str(manifest[name]) for name in ("about", "as_of", "ledger", "audit_trail")}
    return wrong, said | {"manifest": sha(files["manifest.json"])}


if __name__ == "__main__":
    try:
        faults, lines = check(Path(sys.argv[1]).read_bytes())
    except Exception as broken:
        sys.exit(f"Broken: {type(broken).__name__}: {broken}")
    print("\n".join(f"{name:12}{value}" for name, value in lines.items()))
    sys.exit("\n".join(["Broken:", *faults]) if faults else print("Everything holds."))
