"""The page for people."""

from flask import Blueprint, current_app, render_template

from trading.order import Side

pages = Blueprint("pages", __name__)


@pages.app_template_filter("price")
def format_price(price: int | None) -> str:
    return "–" if price is None else f"{price / 10_000:,.4f}"


@pages.get("/")
def overview() -> str:
    exchange = current_app.extensions["exchange"]
    return render_template(
        "overview.html",
        version=current_app.config["VERSION"],
        books=exchange.books.values(),
        trades=list(exchange.trades)[-20:][::-1],
        buy=Side.BUY,
        sell=Side.SELL,
    )
