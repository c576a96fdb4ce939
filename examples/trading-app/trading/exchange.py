"""All order books, and who holds what. One process holds one exchange."""

from collections import defaultdict, deque
from collections.abc import Iterable
from threading import Lock

from trading import metrics
from trading.config import Instrument, RiskLimits
from trading.order import Order, Trade
from trading.order_book import OrderBook
from trading.risk import Rejected, check_order

KEPT_TRADES = 1_000


class UnknownInstrument(Exception):
    """A symbol that is not traded here."""


class Exchange:
    def __init__(self, instruments: Iterable[Instrument], limits: RiskLimits) -> None:
        self.instruments = {instrument.symbol: instrument for instrument in instruments}
        self.books = {symbol: OrderBook(symbol) for symbol in self.instruments}
        self.trades: deque[Trade] = deque(maxlen=KEPT_TRADES)
        self._limits = limits
        self._positions: dict[tuple[str, str], int] = defaultdict(int)
        self._lock = Lock()

    def book(self, symbol: str) -> OrderBook:
        try:
            return self.books[symbol]
        except KeyError:
            raise UnknownInstrument(symbol) from None

    def submit(self, order: Order) -> list[Trade]:
        """Raises Rejected, or UnknownInstrument."""
        book = self.book(order.symbol)
        with self._lock, metrics.matching_seconds.time():
            self._check(order, book)
            trades = book.submit(order)
            for trade in trades:
                self._settle(trade)
        metrics.orders.labels(order.symbol, order.side.value).inc()
        metrics.resting_orders.labels(order.symbol).set(len(book))
        return trades

    def cancel(self, symbol: str, order_id: int) -> Order | None:
        book = self.book(symbol)
        with self._lock:
            order = book.cancel(order_id)
        metrics.resting_orders.labels(symbol).set(len(book))
        return order

    def positions(self, account: str) -> dict[str, int]:
        return {
            symbol: quantity
            for (holder, symbol), quantity in self._positions.items()
            if holder == account and quantity
        }

    def _check(self, order: Order, book: OrderBook) -> None:
        position = self._positions[order.account, order.symbol]
        instrument = self.instruments[order.symbol]
        try:
            check_order(order, instrument, self._limits, position, book.last_price)
        except Rejected as rejected:
            metrics.rejections.labels(order.symbol, rejected.reason).inc()
            raise

    def _settle(self, trade: Trade) -> None:
        self._positions[trade.buyer, trade.symbol] += trade.quantity
        self._positions[trade.seller, trade.symbol] -= trade.quantity
        self.trades.append(trade)
        metrics.traded_quantity.labels(trade.symbol).inc(trade.quantity)
