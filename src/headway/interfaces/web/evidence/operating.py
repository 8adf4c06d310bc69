"""Records of what runs and of what was decided, each as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from headway.rendering import phrases

Payload = Mapping[str, object]

_OUTCOMES = {
    "go": "go",
    "go_with_conditions": "go, with conditions",
    "hold": "hold",
    "recycle": "go through it again",
    "kill": "stop it",
}


def _deployment(payload: Payload) -> str:
    version = f"Version {payload['version']}" if payload.get("version") else "Nothing"
    where = f"{payload['environment']} ({payload['target']})"
    return f"{version} of {payload['model']} in {where}: {_words(payload['status'])}."


def _pipeline_run(payload: Payload) -> str:
    made = f", made {payload['produced']}" if payload.get("produced") else ""
    return f"Run {payload['run_id']} {payload['status']}{made}."


def _drill(payload: Payload) -> str:
    worked = {True: "worked", False: "did not work"}
    passed = payload["passed"]
    outcome = worked[passed] if isinstance(passed, bool) else "was broken off"
    return f"A {_words(payload['drill'])} drill {outcome}. {payload.get('sentence') or ''}".strip()


def _audit(payload: Payload) -> str:
    checks = payload["checks"] if isinstance(payload["checks"], list) else []
    met = sum(check["verdict"] == "met" for check in checks)
    return f"Audit of a repository: {met} of {phrases.quantity(len(checks), 'check')} met."


def _card(payload: Payload) -> str:
    share = float(str(payload["completeness"]))
    return f"A {payload['card']} card, {share:.0%} complete."


def _attestation(payload: Payload) -> str:
    says = f": {payload['statement']}" if payload.get("statement") else "."
    return f"{payload['role']} answers {_words(payload['answer'])} for {payload['item']}{says}"


def _delivery(payload: Payload) -> str:
    again = f", which rework {payload['reworks']}" if payload.get("reworks") else ""
    by = payload.get("guideline")
    rule = f" by guideline version {by}" if by is not None else ""
    return f"Delivery {payload['delivery']}: {payload['units']:,} labels{rule}{again}."


def _inspection(payload: Payload) -> str:
    named = payload["deliveries"]
    lot = ", ".join(map(str, named)) if isinstance(named, list) else ""
    lot = lot or "all that was delivered"
    return f"{payload['defects']} of {payload['inspected']} inspected labels are wrong ({lot})."


def _adjudicated(payload: Payload) -> str:
    return f"{payload['units']:,} labels were adjudicated, {payload['changed']:,} of them changed."


def _agreed(payload: Payload) -> str:
    if payload.get("value") is None:
        return str(payload.get("sentence") or "Agreement is undefined.")
    return (
        f"Agreement ({payload['measure']}): {payload['value']:.3f} over {payload['items']} items."
    )


def _differences(payload: Payload) -> str:
    pairs = payload.get("confusions")
    first = pairs[0] if isinstance(pairs, list) and pairs else None
    if first is None:
        return "Annotators took no class for another."
    names = [str(first[name]) or "nothing" for name in ("first", "second")]
    return f"Most often taken for each other: {' and '.join(names)} ({first['count']} times)."


def _gold(payload: Payload) -> str:
    return f"{payload['right']} of {payload['of']} gold items are right."


def _bill(payload: Payload) -> str:
    rows = phrases.quantity(int(str(payload["rows"])), "row")
    return f"Bill of {payload['provider']} for {payload['month']}: {rows}."


def _gate_decision(payload: Payload) -> str:
    outcome = _OUTCOMES[str(payload["outcome"])]
    why = f": {payload['reason']}" if payload.get("reason") else "."
    return f"Gate to {payload['stage']} of {payload['release']}: {outcome}{why}"


def _waiver(payload: Payload) -> str:
    if payload.get("revoked"):
        return f"The waiver of {payload['requirement']} was taken back."
    return f"{payload['requirement']} waived until {payload['until']}: {payload['reason']}"


def _incident(payload: Payload) -> str:
    harm = _words(payload["harm"])
    return f"Incident {payload['incident']} ({harm}): {_words(payload['step'])}."


def _words(value: object) -> str:
    return str(value).replace("_", " ")


SENTENCES: Mapping[str, Callable[[Payload], str]] = {
    "deployment": _deployment,
    "pipeline_run": _pipeline_run,
    "drill": _drill,
    "audit": _audit,
    "card": _card,
    "attestation": _attestation,
    "bill": _bill,
    "gate_decision": _gate_decision,
    "waiver": _waiver,
    "incident": _incident,
    "annotation_delivery": _delivery,
    "annotation_adjudication": _adjudicated,
    "annotation_agreement": _agreed,
    "annotation_differences": _differences,
    "annotation_inspection": _inspection,
    "annotation_gold": _gold,
}
