"""Orders and trades. Prices are integers, in hundredths of a cent."""

import itertools
import time
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Side(Enum):
    BUY = "buy"
    SELL = "sell"

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY


_numbers = itertools.count(1)


@dataclass
class Order:
    account: str
    symbol: str
    side: Side
    price: int
    quantity: int
    id: int = field(default_factory=lambda: next(_numbers))
    remaining: int = -1

    def __post_init__(self) -> None:
        if self.remaining < 0:
            self.remaining = self.quantity

    @property
    def is_filled(self) -> bool:
        return self.remaining == 0

    def crosses(self, price: int) -> bool:
        """Whether this order would trade at a price of the other side."""
        return price <= self.price if self.side is Side.BUY else price >= self.price

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "side": self.side.value}


@dataclass(frozen=True)
class Trade:
    symbol: str
    price: int
    quantity: int
    buyer: str
    seller: str
    maker_order: int
    taker_order: int
    at: float = field(default_factory=time.time)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
