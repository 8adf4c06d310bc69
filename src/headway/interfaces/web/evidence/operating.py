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
    "gate_decision": _gate_decision,
    "waiver": _waiver,
    "incident": _incident,
}
