"""Groups of transcripts that agreement is measured on separately."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

MIDDLING = ("tr3-", "tr4-")
GROUPS = ("weak", "middling", "strong")


class Labelled(Protocol):
    """An item of a transcript with its label."""

    @property
    def transcript(self) -> str: ...

    @property
    def truth(self) -> str: ...


Item = TypeVar("Item", bound=Labelled)


def by_share_met(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Thirds of the transcripts by the share of their criteria that annotators call met, lowest first."""
    mine: dict[str, list[Item]] = {}
    for one in items:
        mine.setdefault(one.transcript, []).append(one)
    order = sorted(mine, key=lambda name: (sum(one.truth == "met" for one in mine[name]) / len(mine[name]), name))
    found: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for place, name in enumerate(order):
        found[GROUPS[place * len(GROUPS) // len(order)]] += mine[name]
    return found
