"""Documents: a model card and a README with content, a licence, who reviews, where to report."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.seen import Seen

_CARD = re.compile(
    r"(?:^|/)(?:\w+[_-])?model[_-]?card[\w.-]*\.(?:md|rst|ya?ml|json|html|txt)$|(?:^|/)model_?cards?/.+\.(?:md|ya?ml|json)$",
    re.I,
)
#: What a card has to speak of, under whatever heading: four are enough for a light look.
_TOPICS = {
    "intended use": r"intended|use cases?|out.of.scope|uses",
    "training data": r"training data|trained on|data\s?sets?|training procedure",
    "evaluation": r"evaluat|metrics?|results?|performance",
    "limits": r"limit|caveat|bias|risk|ethic|fairness",
    "details": r"model details|description|overview|version|licen[cs]e|owner|contact",
}
_FEWEST_TOPICS = 4
_PLACEHOLDER = re.compile(
    r"\[?more information needed\]?|\bTODO\b|\bTBD\b|\{\{[^{}]{0,200}\}\}|<!--.{0,1000}?-->|"
    r"lorem ipsum",
    re.I | re.S,
)
_RUNNING = re.compile(
    r"```|^\s{4}\$? ?\w+|\$ |\binstall\b|\brun\b|\busage\b|\bquick ?start\b|\bgetting started\b|::",
    re.I | re.M,
)
_LICENCES = (
    "LICENSE",
    "LICENCE",
    "LICENSE.md",
    "LICENCE.md",
    "LICENSE.txt",
    "LICENCE.txt",
    "COPYING",
    "COPYING.txt",
    "LICENSE.rst",
    "LICENSE-MIT",
    "LICENSES/Apache-2.0.txt",
    "UNLICENSE",
)


def model_card(seen: Seen) -> Finding:
    """There is a model card, and its sections hold more than their headings."""
    cards = [path for path in seen.project.files if _CARD.search(path)]
    cards = [path for path in cards if not re.search(r"template", path, re.I)] or cards
    if not cards:
        if not seen.model.trains:
            return not_applicable("model-card", "Nothing here trains a model.")
        return missing("model-card", "There is no model card.")
    told = [(path, *_card(seen, path)) for path in cards]
    path, topics, words = max(told, key=lambda one: (len(one[1]), one[2]))
    lacking = [name for name in _TOPICS if name not in topics]
    if words < seen.limits.card_words:
        sentence = f"{path} has {words} words of its own; {seen.limits.card_words} are the least."
        return unmet("model-card", sentence, f"{path}:1")
    if len(topics) < _FEWEST_TOPICS:
        sentence = f"{path} says nothing of {', '.join(lacking)}."
        return unmet("model-card", sentence, f"{path}:1")
    return met("model-card", f"The model card speaks of {', '.join(topics)}.", f"{path}:1")


def _card(seen: Seen, path: str) -> tuple[list[str], int]:
    """Return the topics that a card has content for, and its words without headings."""
    text = _PLACEHOLDER.sub(" ", seen.tree.text(path) or "")
    if path.endswith((".md", ".rst", ".txt")):
        parts = re.split(r"^#{1,6}\s+(.+)$", text, flags=re.M)
        sections = list(zip(parts[1::2], parts[2::2], strict=True))
        full = [(head, body) for head, body in sections if len(body.split()) >= 5]
        spoken = [f"{head} {body[:2_000]}" for head, body in full]
        words = sum(len(body.split()) for _, body in full) or len(parts[0].split())
    else:
        spoken, words = [text], len(re.findall(r"[A-Za-z]{2,}", text))
    whole = "\n".join(spoken)
    return [name for name, told in _TOPICS.items() if re.search(told, whole, re.I)], words


def readme(seen: Seen) -> Finding:
    """A README says what this is and how to run it."""
    path = seen.project.near("README.md", "README.rst", "README.txt", "README", "README.adoc")
    if path is None:
        return missing("readme", "There is no README.")
    text = _PLACEHOLDER.sub(" ", seen.tree.text(path) or "")
    words = len(text.split())
    if words < seen.limits.readme_words:
        sentence = f"{path} has {words} words; {seen.limits.readme_words} are the least."
        return unmet("readme", sentence, f"{path}:1")
    match = _RUNNING.search(text)
    if match is None:
        return unmet("readme", f"{path} does not say how to install or run anything.", f"{path}:1")
    line = text.count("\n", 0, match.start()) + 1
    return met("readme", f"{path} says what this is and how to run it.", f"{path}:{line}")


def licence(seen: Seen) -> Finding:
    """A licence, or a sentence that there is none to give."""
    path = seen.project.near(*_LICENCES)
    if path is None:
        found = [
            one
            for one in seen.tree.files
            if re.fullmatch(r"(?:LICEN[CS]ES?/|LICEN[CS]E|COPYING)[^/]*", one, re.I)
        ]
        path = found[0] if found else None
    if path is not None:
        if (seen.tree.text(path) or "").strip():
            return met("licence", f"{path} is the licence.", f"{path}:1")
        return unmet("licence", f"{path} is empty.", f"{path}:1")
    manifest = seen.project.near("pyproject.toml", "setup.cfg", "setup.py")
    for line, text in enumerate(seen.tree.lines(manifest) if manifest else (), 1):
        if re.match(r"\s*license\s*=", text):
            return unmet(
                "licence",
                "The manifest names a licence; its text is lacking.",
                f"{manifest}:{line}",
            )
    return missing("licence", "There is no licence: nobody knows whether they may use this.")


def code_owners(seen: Seen) -> Finding:
    """It is written down who reviews what."""
    path = seen.project.near(
        "CODEOWNERS",
        ".github/CODEOWNERS",
        "docs/CODEOWNERS",
        ".gitlab/CODEOWNERS",
        "OWNERS",
        "MAINTAINERS",
        "MAINTAINERS.md",
    )
    for line, text in enumerate(seen.tree.lines(path) if path else (), 1):
        if text.strip() and not text.strip().startswith("#"):
            return met("code-owners", f"{path} names who reviews.", f"{path}:{line}")
    if path is not None:
        return unmet("code-owners", f"{path} names nobody.", f"{path}:1")
    return missing("code-owners", "Nothing names who reviews a change (CODEOWNERS).")


def security_policy(seen: Seen) -> Finding:
    """It is written down where a hole is reported."""
    path = seen.project.near(
        "SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md", "SECURITY.rst", "SECURITY.txt"
    )
    if path is None:
        return missing("security-policy", "Nothing says where to report a hole (SECURITY.md).")
    if re.search(r"@|https?://|report", seen.tree.text(path) or "", re.I):
        return met("security-policy", f"{path} says where to report a hole.", f"{path}:1")
    return unmet("security-policy", f"{path} names nobody to report to.", f"{path}:1")
