"""What an order must keep to before it reaches the book."""

from trading.config import Instrument, RiskLimits
from trading.order import Order, Side


class Rejected(Exception):
    """An order that is refused, and why."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def check_order(
    order: Order,
    instrument: Instrument,
    limits: RiskLimits,
    position: int,
    last_price: int | None,
) -> None:
    """Raises Rejected when the order breaks a rule."""
    if order.quantity <= 0 or order.quantity % instrument.lot:
        raise Rejected("lot", f"the quantity has to be a multiple of {instrument.lot}")
    if order.price <= 0 or order.price % instrument.tick:
        raise Rejected("tick", f"the price has to be a multiple of {instrument.tick}")
    if order.quantity > limits.max_order_quantity:
        raise Rejected("size", f"an order has at most {limits.max_order_quantity}")
    signed = order.quantity if order.side is Side.BUY else -order.quantity
    if abs(position + signed) > limits.max_position:
        raise Rejected("position", f"a position has at most {limits.max_position}")
    if last_price is None:
        return
    deviation = abs(order.price - last_price) / last_price
    if deviation > limits.max_price_deviation:
        raise Rejected("price", f"the price is {deviation:.0%} away from the last trade")
