"""The JSON API."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from trading.exchange import Exchange, UnknownInstrument
from trading.native import is_native
from trading.order import Order, Side
from trading.risk import Rejected

api = Blueprint("api", __name__)


def exchange() -> Exchange:
    return current_app.extensions["exchange"]


@api.errorhandler(UnknownInstrument)
def unknown_instrument(error: UnknownInstrument) -> tuple[Response, int]:
    return jsonify(error="unknown instrument", detail=str(error)), 404


@api.errorhandler(Rejected)
def rejected(error: Rejected) -> tuple[Response, int]:
    return jsonify(error=error.reason, detail=error.detail), 422


@api.get("/health")
def health() -> Response:
    return jsonify(
        status="ok",
        version=current_app.config["VERSION"],
        instruments=len(exchange().books),
        native=is_native,
    )


@api.get("/metrics")
def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@api.post("/orders")
def submit_order() -> tuple[Response, int]:
    order = parse_order(request.get_json(force=True, silent=True))
    trades = exchange().submit(order)
    return jsonify(order=order.to_json(), trades=[trade.to_json() for trade in trades]), 201


@api.delete("/orders/<symbol>/<int:order_id>")
def cancel_order(symbol: str, order_id: int) -> tuple[Response, int]:
    order = exchange().cancel(symbol, order_id)
    if order is None:
        return jsonify(error="unknown order", detail=f"{order_id} does not rest in the book"), 404
    return jsonify(order=order.to_json()), 200


@api.get("/books/<symbol>")
def book(symbol: str) -> Response:
    found = exchange().book(symbol)
    reference = current_app.extensions["reference"]
    return jsonify(
        symbol=symbol,
        bids=found.depth(Side.BUY),
        asks=found.depth(Side.SELL),
        spread=found.spread(),
        last=found.last_price,
        reference=reference.price(symbol),
    )


@api.get("/books/<symbol>/cost")
def cost(symbol: str) -> Response:
    side = parse_side(request.args.get("side"))
    quantity = request.args.get("quantity", default=0, type=int)
    total, filled = exchange().book(symbol).cost(side, quantity)
    return jsonify(symbol=symbol, side=side.value, quantity=quantity, filled=filled, cost=total)


@api.get("/accounts/<account>/positions")
def positions(account: str) -> Response:
    return jsonify(account=account, positions=exchange().positions(account))


def parse_order(document: Any) -> Order:
    if not isinstance(document, dict):
        raise Rejected("format", "an order is a JSON object")
    try:
        return Order(
            account=str(document["account"]),
            symbol=str(document["symbol"]),
            side=parse_side(document["side"]),
            price=int(document["price"]),
            quantity=int(document["quantity"]),
        )
    except KeyError as error:
        raise Rejected("format", f"the order has no {error.args[0]}") from None
    except (TypeError, ValueError) as error:
        raise Rejected("format", str(error)) from None


def parse_side(text: Any) -> Side:
    try:
        return Side(text)
    except ValueError:
        raise Rejected("format", "the side is buy or sell") from None
