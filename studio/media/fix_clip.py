"""Repairing a clip: another wrapping where that is enough, else a new encoding. Runs in the child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.media import looking
from studio.media.encoding import encode
from studio.media.findings import FixKind
from studio.media.orders import Order
from studio.media.packing import repack


def run(payload: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    order = Order.read(payload)
    out = order.out_dir / "fixed.mp4"
    if order.kinds == {FixKind.REPACK} and not order.choices.rotate:
        repack(order.path, out)
    else:
        encode(order, out, lambda fraction: report(fraction * 0.95))
    return {"name": out.name, "facts": looking.look(out).to_dict()}
