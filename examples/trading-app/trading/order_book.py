"""One instrument's book: orders rest by price, then by time."""

from bisect import insort
from collections import deque
from collections.abc import Iterator

from trading.native import sweep_cost
from trading.order import Order, Side, Trade


class PriceLevels:
    """The orders of one side, best price first."""

    def __init__(self, side: Side) -> None:
        self._sign = -1 if side is Side.BUY else 1
        self._keys: list[int] = []
        self._queues: dict[int, deque[Order]] = {}

    @property
    def best(self) -> int | None:
        return self._keys[0] * self._sign if self._keys else None

    def add(self, order: Order) -> None:
        if order.price not in self._queues:
            self._queues[order.price] = deque()
            insort(self._keys, order.price * self._sign)
        self._queues[order.price].append(order)

    def first(self) -> Order | None:
        return self._queues[self.best][0] if self.best is not None else None

    def remove(self, order: Order) -> None:
        queue = self._queues[order.price]
        queue.remove(order)
        if not queue:
            del self._queues[order.price]
            self._keys.remove(order.price * self._sign)

    def depth(self) -> Iterator[tuple[int, int]]:
        """Price and quantity of each level, best first."""
        for key in self._keys:
            price = key * self._sign
            yield price, sum(order.remaining for order in self._queues[price])


class OrderBook:
    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.last_price: int | None = None
        self._levels = {side: PriceLevels(side) for side in Side}
        self._resting: dict[int, Order] = {}

    def submit(self, order: Order) -> list[Trade]:
        """Matches what crosses; what is left rests."""
        trades = []
        while not order.is_filled:
            maker = self._levels[order.side.opposite].first()
            if maker is None or not order.crosses(maker.price):
                break
            trades.append(self._trade(maker, order))
        if not order.is_filled:
            self._levels[order.side].add(order)
            self._resting[order.id] = order
        return trades

    def cancel(self, order_id: int) -> Order | None:
        order = self._resting.pop(order_id, None)
        if order is not None:
            self._levels[order.side].remove(order)
        return order

    def best(self, side: Side) -> int | None:
        return self._levels[side].best

    def spread(self) -> int | None:
        bid, ask = self.best(Side.BUY), self.best(Side.SELL)
        return ask - bid if bid is not None and ask is not None else None

    def depth(self, side: Side, levels: int = 10) -> list[tuple[int, int]]:
        return [level for level, _ in zip(self._levels[side].depth(), range(levels))]

    def cost(self, side: Side, quantity: int) -> tuple[int, int]:
        """What taking this quantity would cost now, and how much of it the book holds."""
        return sweep_cost(list(self._levels[side.opposite].depth()), quantity)

    def __len__(self) -> int:
        return len(self._resting)

    def _trade(self, maker: Order, taker: Order) -> Trade:
        quantity = min(maker.remaining, taker.remaining)
        maker.remaining -= quantity
        taker.remaining -= quantity
        if maker.is_filled:
            self.cancel(maker.id)
        self.last_price = maker.price
        buyer, seller = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        return Trade(
            symbol=self.symbol,
            price=maker.price,
            quantity=quantity,
            buyer=buyer.account,
            seller=seller.account,
            maker_order=maker.id,
            taker_order=taker.id,
        )
