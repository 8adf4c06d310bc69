"""Data: which exactly trained a model, what it is, and large files out of the history."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.seen import Seen

_TABLES = (".csv", ".parquet", ".tsv", ".feather", ".arrow", ".jsonl", ".xlsx", ".npz", ".h5")
_MANIFEST = re.compile(
    r"(?:^|/)(?:[\w.-]*(?:manifest|checksums?|digests?|sha256sums?|md5sums?|data[_-]versions?|data[_-]lock)[\w.-]*)"
    r"\.(?:json|ya?ml|toml|txt|csv)$|(?:^|/)(?:SHA256SUMS|MD5SUMS|CHECKSUMS)$",
    re.I,
)
_DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b")
_VERSIONED = re.compile(
    r"\blakefs\b|versionAsOf|version_as_of|\.load_table\([^)]{0,300}version|DeltaTable\([^)]{0,300}version|"
    r"load_dataset\([^)]{0,300}revision\s*=|snapshot_id|dvc\.api|\.use_artifact\("
)
_PACKAGED = re.compile(
    r"sklearn\.datasets\.(?:load_(?!files|svmlight)|make_)|statsmodels|vega_datasets|seaborn"
)
_ABOUT = re.compile(
    r"(?:^|/)(?:data[_-]?(?:card|sheet|dictionary|description)|datasheet|dataset[_-]?card|data_?readme)[\w.-]*\.(?:md|rst|txt|ya?ml)$|"
    r"(?:^|/)data(?:sets?)?/readme\.(?:md|rst|txt)$|(?:^|/)docs/data[\w-]*\.(?:md|rst)$",
    re.I,
)
_BINARIES = (
    ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".onnx", ".h5", ".keras", ".pb", ".bin", ".so",
    ".dll", ".exe", ".jar", ".zip", ".tar", ".gz", ".7z", ".safetensors", ".ckpt",
    ".whl", ".model",
)  # fmt: skip


def data_versioned(seen: Seen) -> Finding:
    """The data that trained a model can be told exactly: by a tool, a digest, or the commit."""
    if not seen.model.trains:
        return not_applicable("data-version", "Nothing here trains a model.")
    tool = _by_tool(seen)
    if tool is not None:
        return met("data-version", *tool)
    digests = _by_digest(seen)
    if digests is not None:
        return met("data-version", "A file of digests names the data exactly.", digests)
    code = _by_code(seen)
    if code is not None:
        return met("data-version", *code)
    tables = _tables(seen)
    if tables:
        sentence = f"The data lies in the repository ({len(tables)} files), so the commit names it."
        return met("data-version", sentence, *(f"{path}:1" for path in tables[:3]))
    evidence = (seen.project.place(*place) for place in seen.model.loaded[:3])
    return missing("data-version", "Nothing tells which data trained the model.", *evidence)


def _by_tool(seen: Seen) -> tuple[str, str] | None:
    """Return the sentence and the place of DVC or LFS."""
    for path in seen.project.files:
        if path.endswith(".dvc") and "md5" in (seen.tree.text(path) or ""):
            return "DVC names the data by its digest.", f"{path}:1"
    lock = seen.project.near("dvc.lock")
    if lock is not None:
        return "DVC's lock names the data by its digest.", f"{lock}:1"
    kept = seen.project.near(".gitattributes")
    for line, text in enumerate(seen.tree.lines(kept) if kept else (), 1):
        if "filter=lfs" in text and re.search(r"data|csv|parquet|npz|jsonl|zip|h5", text):
            return "Git LFS keeps the data by its digest.", f"{kept}:{line}"
    return None


def _by_digest(seen: Seen) -> str | None:
    """Return where a file of digests names data."""
    for path in seen.project.files:
        if not _MANIFEST.search(path) or seen.project.is_test(path) or "package" in path:
            continue
        for line, text in enumerate(seen.tree.lines(path)[:2_000], 1):
            if _DIGEST.search(text):
                return f"{path}:{line}"
    return None


def _by_code(seen: Seen) -> tuple[str, str] | None:
    """Return the sentence and the place of code that names a version of its data."""
    trained = (*seen.model.trained, *(path for path, _ in seen.model.loaded))
    for path in dict.fromkeys(trained):
        match = _VERSIONED.search(seen.tree.text(path) or "")
        if match:
            line = (seen.tree.text(path) or "").count("\n", 0, match.start()) + 1
            return "The code names the version of its data.", seen.project.place(path, line)
    for path in dict.fromkeys(trained):
        code = seen.project.code(path)
        for call in code.calls if code else ():
            if _PACKAGED.match(call.name) and seen.project.locks:
                sentence = "The data comes with a package whose version the lock fixes."
                return sentence, seen.project.place(path, call.line)
    return None


def _tables(seen: Seen) -> list[str]:
    return [
        path
        for path in seen.project.files
        if path.lower().endswith(_TABLES)
        and not seen.project.is_test(path)
        and not seen.project.is_secondary(path)
    ]


def data_documented(seen: Seen) -> Finding:
    """It is written down what the data is, where from, and for what it may be used."""
    if not seen.model.trains and not _tables(seen):
        return not_applicable("data-documented", "There is no data to write about.")
    for path in seen.project.files:
        if (
            _ABOUT.search(path)
            and len((seen.tree.text(path) or "").split()) >= seen.limits.readme_words
        ):
            return met("data-documented", "The data is described.", f"{path}:1")
    for path in seen.project.documents(".md", ".rst"):
        for line, text in enumerate(seen.tree.lines(path)[:2_000], 1):
            if re.match(r"#{1,4}\s.*\b(?:data|datasets?)\b", text, re.I):
                return met(
                    "data-documented", f"{path} has a section about the data.", f"{path}:{line}"
                )
    return missing("data-documented", "Nothing says what the data is and where it comes from.")


def large_files(seen: Seen) -> Finding:
    """No large binary, and no serialised model, lies in the history itself."""
    if not seen.tree.files:
        return missing("large-files", "There is no file.")
    large = [
        entry.path
        for entry in seen.tree.entries
        if entry.size > seen.limits.large_file and not entry.path.endswith((".lock", ".sql"))
    ]
    models = [
        path
        for path in seen.tree.files
        if path.lower().endswith(_BINARIES)
        and seen.tree.by_path[path].size > 100_000
        and not seen.project.is_test(path)
    ]
    found = list(dict.fromkeys((*large, *models)))
    if found:
        entry = seen.tree.by_path[found[0]]
        like = f"like {entry.path} ({entry.size:,} bytes)"
        sentence = f"{len(found)} large or binary files lie in the repository, {like}."
        return unmet("large-files", sentence, *(f"{path}:1" for path in found[:5]))
    return met("large-files", f"None of {len(seen.tree.files):,} files is large or a built binary.")
