"""Framework packs: controls of laws, standards and policies as data, read without Django."""

from headway.domain.compliance.rules.packs.differing import Changed, Difference, difference
from headway.domain.compliance.rules.packs.pack import Ask, Control, Group, Licence, Pack, PackKind
from headway.domain.compliance.rules.packs.reading import Given, read_pack
from headway.domain.compliance.rules.packs.shipped import shipped_packs
from headway.domain.compliance.rules.packs.wording import ask_words

__all__ = [
    "Ask",
    "Changed",
    "Control",
    "Difference",
    "Given",
    "Group",
    "Licence",
    "Pack",
    "PackKind",
    "ask_words",
    "difference",
    "read_pack",
    "shipped_packs",
]
