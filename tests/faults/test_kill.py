"""kill -9 in the middle of evidence pushes: what was acknowledged is there, and nothing by halves.

Three clients push through HTTP and note a push after its 2xx, never before; the server is killed at
random moments and started again; a client that got no answer sends the same request again.
`HEADWAY_KILLS` says how often (4 on each commit, 200 in `make soak`).
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tests.faults.house import House
from tests.prepared import own_database

KILLS = int(os.environ.get("HEADWAY_KILLS", "4"))
CLIENTS = 3
RECORDS_EACH = 5

#: Seconds between an answering server and its end: within several pushes, and between them.
LIFE = (0.02, 0.5)


@dataclass
class Pusher(threading.Thread):
    """One client: it notes what was acknowledged, and repeats what was not."""

    house: House
    number: int
    acknowledged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    repeats: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(name=f"pusher {self.number}")

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        pushes = 0
        while not self.stopping.is_set():
            name = f"{self.number}-{pushes}"
            if self._pushed(name):
                self.acknowledged.append(name)
            pushes += 1

    def _pushed(self, name: str) -> bool:
        """Push until there is an answer; False when there is none in time, or a wrong one."""
        headers = {"Authorization": f"Bearer {self.house.token}", "Idempotency-Key": name}
        address = f"{self.house.address}/api/v1/evidence"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                answer = httpx.post(address, json=_records(name), headers=headers, timeout=20)
            except httpx.TransportError:
                if self.stopping.is_set():
                    return False
                self.repeats += 1
                time.sleep(0.02)
                continue
            if answer.status_code == 200 and answer.json()["refused"] == []:
                return True
            self.wrong.append(f"{answer.status_code} {answer.text}")
            return False
        self.wrong.append(f"{name}: no answer")
        return False


def _records(name: str) -> list[dict[str, object]]:
    return [
        {
            "subject": f"model:soak@{name.split('-')[0]}",
            "kind": "note",
            "observed_at": "2026-10-05T12:00:00Z",
            "payload": {"text": f"{name}/{part}"},
        }
        for part in range(RECORDS_EACH)
    ]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation with its server down."""
    house = House(tmp_path, own_database("headway_kill"))
    house.prepare()
    yield house
    if house.process is not None:
        house.kill()


@pytest.mark.fault
def test_whatever_was_acknowledged_survives_every_kill(house: House) -> None:
    chance = random.Random(20_261_123)
    pushers = [Pusher(house, number) for number in range(CLIENTS)]
    house.start()
    for pusher in pushers:
        pusher.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(*LIFE))
        house.kill()
        house.start()
    time.sleep(LIFE[1])
    for pusher in pushers:
        pusher.stopping.set()
    for pusher in pushers:
        pusher.join(timeout=90)
    house.kill()

    found = house.inspect()
    texts = Counter(found["texts"])  # type: ignore[call-overload]
    pushes = Counter(text.split("/")[0] for text in texts)
    acknowledged = {name for pusher in pushers for name in pusher.acknowledged}
    assert [pusher.wrong for pusher in pushers] == [[], [], []]
    assert len(acknowledged) >= KILLS, "too few pushes got through for this to show anything"
    assert acknowledged - set(pushes) == set(), "acknowledged and lost"
    assert {name for name, count in pushes.items() if count != RECORDS_EACH} == set(), "by halves"
    assert {text for text, count in texts.items() if count > 1} == set(), "stored twice"
    assert (found["chain"], found["audit"], found["integrity"]) == ("None", "None", "ok")
    assert found["head"] == sum(texts.values())
    assert found["rebuilt"] is True
