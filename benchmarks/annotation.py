"""Pages of labels at size, and an export of 100,000 tasks: read, and compared by overlap.

The pages: 200 batches of ten vendors in one program, 100,000 labels in 1,000 deliveries, each
inspected, agreement by four measures, pilots of 500 annotators; the floor is the same page of one
batch. The export is Label Studio's, two boxes a task, one task in five by two; the floor is
`json.loads` of it. Seconds are of the processor: the machine may be shared.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from benchmarks.timing import cpu_of

BATCHES, DELIVERIES, LABELS, ANNOTATORS, VENDORS = 200, 5, 100, 500, 10
TASKS = 100_000


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    large, small = _Labelled("labelled", BATCHES, ANNOTATORS), _Labelled("unlabelled", 1, 2)
    for words, page in (
        ("annotation of all programs, 200 batches", "money/annotation/"),
        ("annotation of one program, 200 batches", "programs/clear/annotation/"),
        ("one batch of 200", "programs/clear/annotation/batches/b0/"),
        ("a pilot of 500 annotators", "programs/clear/annotation/pilots/p0/"),
        ("a guideline", "programs/clear/annotation/guidelines/g/"),
    ):
        yield words, large.seconds(page), small.seconds(page)
    yield "a vendor's own batches, 20 of 200", large.own(), small.own()
    yield from _reading()


def _reading() -> Iterator[tuple[str, float, float]]:
    """Measure an export of many tasks: read, and compared."""
    from headway.connectors.results import Asked, read_results
    from headway.domain.evidence.actions.labelling import labelling_observations

    text = export()
    asked = Asked(datetime.fromisoformat("2026-11-23T09:00:00+00:00"), "batch:clear/b0")
    found = read_results(text, asked)
    assert found is not None
    floor = cpu_of(1, lambda: json.loads(text))
    size = f"{TASKS:,} tasks, {len(text) / 1e6:.0f} MB"
    yield f"{size}: read", cpu_of(2, lambda: read_results(text, asked)), floor
    yield f"{size}: compared", cpu_of(2, lambda: labelling_observations(found)), floor


def export(tasks: int = TASKS) -> str:
    """Return an export of Label Studio: boxes a little moved, of one annotator or of two."""
    rng = random.Random(3)
    rows = []
    for number in range(tasks):
        boxes = [[rng.uniform(5, 60) for _ in range(4)] for _ in range(2)]
        who = [rng.randrange(ANNOTATORS)]
        who += [(who[0] + 1) % ANNOTATORS] if number % 5 == 0 else []
        annotations = [
            {
                "id": number,
                "completed_by": one,
                "was_cancelled": False,
                "ground_truth": False,
                "created_at": f"2026-10-{1 + number % 28:02d}T10:00:00.123Z",
                "updated_at": f"2026-10-{1 + number % 28:02d}T10:00:00.123Z",
                "lead_time": 12.5,
                "result": [_box(rng, box) for box in boxes],
            }
            for one in who
        ]
        task = {"id": number, "project": 4, "data": {"image": f"/data/{number}.png"}}
        rows.append(task | {"annotations": annotations, "predictions": [], "meta": {}})
    return json.dumps(rows)


def _box(rng: random.Random, box: list[float]) -> dict[str, object]:
    x, y, wide, high = (one + rng.uniform(-2, 2) for one in box)
    value = {"x": x, "y": y, "width": wide / 3, "height": high / 3, "rotation": 0}
    names = {"from_name": "label", "to_name": "image", "type": "rectanglelabels"}
    sizes = {"original_width": 640, "original_height": 480, "image_rotation": 0}
    label = rng.choice(["car", "bus", "tram"])
    return {"id": "a", **names, **sizes, "value": value | {"rectanglelabels": [label]}}


class _Labelled:
    """A workspace whose one program has so many batches; its owner and a vendor signed in."""

    def __init__(self, slug: str, batches: int, annotators: int) -> None:
        from tests.builders.workspace import MOMENT, Size, build_workspace
        from tests.cast import a_member, a_program
        from tests.doors import browser_of

        from headway.domain.accounts.queries import headway_actor
        from headway.domain.accounts.rules import Role
        from headway.domain.evidence.actions import record_evidence
        from headway.domain.vendors.actions import set_vendor_member

        self.slug = slug
        workspace = build_workspace(Size(2, 10, 5), slug=slug)
        actor = headway_actor(workspace.id)
        _agreed(actor, workspace, a_program(workspace, "clear"), batches)
        told = [*_of_batches(batches, MOMENT), *_of_pilots(annotators, MOMENT)]
        for start in range(0, len(told), 1_000):
            outcome = record_evidence(actor, told[start : start + 1_000], MOMENT)
            assert not outcome.refused, outcome.refused[:1]
        self.client = browser_of(a_member(workspace, f"Olga-{slug}", Role.OWNER))
        vic = a_member(workspace, f"Vic-{slug}", Role.VENDOR)
        assert vic.member_id is not None
        set_vendor_member(actor, vic.member_id, "v0", MOMENT)
        self.vic = browser_of(vic)

    def seconds(self, page: str) -> float:
        """Return the least CPU seconds of `page` in five visits, after one to warm up."""
        return self._visit(self.client, page)

    def own(self) -> float:
        """Return the same of the vendor's own page."""
        return self._visit(self.vic, "vendor/batches/")

    def _visit(self, client: object, page: str) -> float:
        address = f"/w/{self.slug}/{page}"
        get = client.get  # type: ignore[attr-defined]
        answer = get(address, headers={"host": "localhost"})
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return cpu_of(5, lambda: get(address, headers={"host": "localhost"}))


def _told(number: int, rng: random.Random) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what is told of one delivery: it came, was adjudicated, measured, inspected."""
    name = f"d{number}"
    classes = {"car": 60, "bus": 30, "tram": 10}
    yield "annotation_delivery", {
        "delivery": name, "units": LABELS, "classes": classes, "overlap_units": 20, "annotators": 9,
    }  # fmt: skip
    yield "annotation_adjudication", {"delivery": name, "units": 20, "changed": 3}
    for measure in ("alpha", "fleiss", "cohen", "regions"):
        scale = "iou" if measure == "regions" else "none" if measure == "cohen" else "nominal"
        yield "annotation_agreement", {
            "measure": measure, "scale": scale, "value": 0.8, "low": 0.7, "high": 0.9, "items": 20,
        }  # fmt: skip
    yield "annotation_inspection", {
        "deliveries": [name], "inspected": 60, "defects": rng.choice([0, 0, 0, 1, 9]),
    }  # fmt: skip


def _agreed(actor: Any, workspace: Any, program: Any, batches: int) -> None:  # noqa: ANN401
    """Write down ten vendors with four orders each, a guideline, ten pilots and so many batches."""
    from tests.builders.workspace import MOMENT

    from headway.domain.annotation.actions import publish_guideline, set_guideline
    from headway.domain.annotation.models import Batch, Guideline, Pilot

    begun = MOMENT - timedelta(weeks=30)
    set_guideline(actor, "clear", "g", {"name": "Boxes"}, begun)
    publish_guideline(actor, ("clear", "g"), {"text": "Draw tight."}, begun)
    guideline, here = Guideline.objects.get(program=program), {"workspace": workspace}
    orders = _ordered(workspace, program)
    Batch.objects.bulk_create(
        Batch(
            program=program, order=orders[n % len(orders)], guideline=guideline,
            guideline_version=1, key=f"b{n}", name=f"Batch {n}", promised=600, a_week=90,
            measure="regions", quotas={"car": 200, "bus": 100}, **here,
        )
        for n in range(batches)
    )  # fmt: skip
    Pilot.objects.bulk_create(
        Pilot(program=program, guideline=guideline, key=f"p{n}", name=f"Pilot {n}", **here)
        for n in range(10)
    )


def _ordered(workspace: Any, program: Any) -> list[Any]:  # noqa: ANN401
    from headway.domain.vendors.models import Contract, PurchaseOrder, Vendor

    here, orders = {"workspace": workspace}, []
    for n in range(VENDORS):
        vendor = Vendor.objects.create(key=f"v{n}", name=f"Vendor {n}", **here)
        contract = Contract.objects.create(
            vendor=vendor, key=f"c{n}", name="Labels", starts=date(2026, 1, 1), currency="USD",
            **here,
        )  # fmt: skip
        orders += [
            PurchaseOrder(
                contract=contract, program=program, key=f"po-{n}-{k}", name=f"Order {n}.{k}",
                unit="label", units=4_000.0, unit_price_micros=200_000, amount_minor=80_000,
                ordered_on=date(2026, 2, 1), **here,
            )
            for k in range(4)
        ]  # fmt: skip
    return list(PurchaseOrder.objects.bulk_create(orders))


def _of_batches(batches: int, moment: datetime) -> Iterator[Any]:
    from headway.observation import Observation, SubjectRef

    rng = random.Random(1)
    for n in range(batches):
        subject = SubjectRef("batch", f"clear/b{n}")
        for k in range(DELIVERIES):
            at = moment - timedelta(weeks=12 - 2 * k, minutes=n)
            for step, (kind, payload) in enumerate(_told(k, rng)):
                yield Observation(subject, kind, "bench", at + timedelta(hours=step), payload)


def _of_pilots(annotators: int, moment: datetime) -> Iterator[Any]:
    """Yield gold of ten pilots: the first tried everybody, the others a tenth each."""
    from headway.observation import Observation, SubjectRef

    rng = random.Random(2)
    for n in range(10):
        for a in range(annotators if n == 0 else max(1, annotators // 10)):
            payload = {"annotator": f"ls-{a}", "right": rng.randrange(30, 60), "of": 60}
            subject = SubjectRef("pilot", f"clear/p{n}")
            at = moment - timedelta(weeks=30)
            yield Observation(subject, "annotation_gold", "bench", at, payload)
