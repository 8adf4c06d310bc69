"""What a person may say in a rule about runs, and how each field is read."""

from __future__ import annotations

from collections.abc import Mapping

from headway.domain.programs.rules.fields import Reader, clean, flag, text, whole
from headway.errors import Invalid

#: What a rule may ask of a subject; at least one of them.
CONDITION_FIELDS: Mapping[str, Reader] = {
    "source": text(200),
    "group": text(1_000),
    "name": text(1_000),
    "tag": text(300),
    "tag_value": text(1_000),
    "subject": text(1_000),
}

RULE_FIELDS: Mapping[str, Reader] = {
    **CONDITION_FIELDS,
    "project": text(60),
    "is_scratch": flag,
    "order": whole(0),
    "reason": text(2_000),
}


def read_rule(values: Mapping[str, object], held: Mapping[str, object]) -> dict[str, object]:
    """Return every field of a rule from what it says now (`held`) and what is said of it.

    Raises Invalid where nothing is asked, or where it says both a project and scratch, or neither.
    """
    said = dict(values)
    if said.get("project") and "is_scratch" not in said:
        said["is_scratch"] = False
    if said.get("is_scratch") and "project" not in said:
        said["project"] = ""
    fields = {name: "" for name in RULE_FIELDS} | {"order": 0} | dict(held)
    fields |= clean(said, RULE_FIELDS)
    fields["is_scratch"] = bool(fields["is_scratch"])
    fields["order"] = fields["order"] or 0
    asked = [name for name in CONDITION_FIELDS if name != "tag_value" and fields[name]]
    if not asked:
        sentence = (
            "The rule asks nothing, so that everything would fit; say a run group, a name, a tag, "
            "a subject or a source. A pattern such as fraud-* fits many names."
        )
        raise Invalid(sentence)
    if fields["tag_value"] and not fields["tag"]:
        sentence = "The rule asks for a tag's value and names no tag; name it."
        raise Invalid(sentence)
    if bool(fields["project"]) is fields["is_scratch"]:
        sentence = "Say either which project these runs count for, or that they are scratch."
        raise Invalid(sentence)
    return fields
