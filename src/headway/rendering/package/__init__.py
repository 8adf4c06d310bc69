"""The auditor's package: files in, one archive out that a script inside it verifies offline.

The archive is stored, not squeezed: so its bytes are the same on every machine, and the script can
make it anew from its files and compare.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from headway.observation import canonical, digest
from headway.rendering.package.verify import packed

#: Which form of a package this is: a later one says another number.
FORMAT = 1

README = """\
{title}
as of {as_of}

  python3 -I verify.py PACKAGE.zip

checks all of it with Python alone, without Headway and without a network; read it, it is short.
(Take verify.py out of the archive first, or take it from where you trust it.)

manifest.json      every file with its SHA-256; where the ledger and the audit trail stood
chain.jsonl        every row of the ledger, sealed to the one before: subject, kind, source, times
                   and the digest of its content; the content of other programs is not here
evidence.jsonl     the content of the records that belong here, as it was sealed
decisions.jsonl    what was decided at gates, with what was seen; approvals asked for; waivers
law.jsonl          class, answers, obligations, impact assessment and incidents of each system
assessments.jsonl  verdicts as of the day, each with its rule and the records it rests on
forecasts.jsonl    forecasts made by then: seed, engine, digest of the plan, odds

People are told by a reference (person-…) that is the same throughout the package. Money that is
paid to people, and records of cost, are left out. Free text is as people wrote it.
"""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the ledger as it was sealed: its text holds the digest of the content."""

    sequence: int
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a package. `payloads` are canonical texts by sequence."""

    title: str
    about: str
    as_of: str
    audit_trail: str
    chain: Sequence[LedgerRow]
    payloads: Mapping[int, str]
    decisions: Sequence[Mapping[str, object]] = ()
    law: Sequence[Mapping[str, object]] = ()
    assessments: Sequence[Mapping[str, object]] = ()
    forecasts: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class AuditPackage:
    """The archive, and what to compare elsewhere: the digest of its manifest, and the heads."""

    name: str
    data: bytes
    manifest: str
    ledger: str
    audit_trail: str
    files: Mapping[str, int]


def sealed(text: str) -> dict[str, str]:
    """Return a text with its own digest, as the script checks it in a row of decisions."""
    return {"sha256": digest(text), "text": text}


def audit_package(contents: Contents) -> AuditPackage:
    """Return the package; the same contents give the same bytes."""
    files = {
        "README.txt": README.format(title=contents.title, as_of=contents.as_of),
        "verify.py": resources.files(__name__).joinpath("verify.py").read_text("utf-8"),
        "chain.jsonl": _lines(
            {"digest": row.digest, "sequence": row.sequence, "text": row.text}
            for row in contents.chain
        ),
        "evidence.jsonl": "".join(
            f'{{"payload":{payload},"sequence":{sequence}}}\n'
            for sequence, payload in sorted(contents.payloads.items())
        ),
        "decisions.jsonl": _lines(contents.decisions),
        "law.jsonl": _lines(contents.law),
        "assessments.jsonl": _lines(contents.assessments),
        "forecasts.jsonl": _lines(contents.forecasts),
    }
    head = contents.chain[-1] if contents.chain else LedgerRow(0, "", "0" * 64)
    manifest = {
        "format": FORMAT,
        "about": contents.about,
        "as_of": contents.as_of,
        "ledger": f"{head.sequence}:{head.digest}",
        "audit_trail": contents.audit_trail,
        "files": {
            name: {"sha256": digest(text), "bytes": len(text.encode()), "rows": text.count("\n")}
            for name, text in files.items()
        },
    }
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    whole = {"manifest.json": text.encode()} | {k: v.encode() for k, v in files.items()}
    return AuditPackage(
        name=f"{contents.about.replace(':', '-')}-{contents.as_of[:10]}.zip",
        data=packed(whole),
        manifest=digest(text),
        ledger=str(manifest["ledger"]),
        audit_trail=contents.audit_trail,
        files={name: text.count("\n") for name, text in files.items()},
    )


def _lines(rows: object) -> str:
    return "".join(f"{canonical(row)}\n" for row in rows)  # type: ignore[attr-defined]
