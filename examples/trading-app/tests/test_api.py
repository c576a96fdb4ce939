import pytest
from flask.testing import FlaskClient


def submit(client: FlaskClient, **changes):
    order = {"account": "alice", "symbol": "BTC-USD", "side": "buy", "price": 1000, "quantity": 10}
    return client.post("/orders", json={**order, **changes})


def test_the_service_says_that_it_is_well(client: FlaskClient):
    reply = client.get("/health")
    assert reply.status_code == 200
    assert reply.json["status"] == "ok"


def test_two_orders_that_cross_trade(client: FlaskClient):
    assert submit(client).status_code == 201
    reply = submit(client, account="bob", side="sell")
    assert [trade["quantity"] for trade in reply.json["trades"]] == [10]
    assert client.get("/accounts/alice/positions").json["positions"] == {"BTC-USD": 10}
    assert client.get("/accounts/bob/positions").json["positions"] == {"BTC-USD": -10}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quantity": 3}, "lot"),
        ({"price": 1005}, "tick"),
        ({"quantity": 102}, "size"),
        ({"side": "hold"}, "format"),
        ({"price": "much"}, "format"),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused(client: FlaskClient, changes: dict, reason: str):
    reply = submit(client, **changes)
    assert reply.status_code == 422
    assert reply.json["error"] == reason


def test_a_position_has_a_limit(client: FlaskClient):
    for _ in range(2):
        submit(client, quantity=100)
        submit(client, account="bob", side="sell", quantity=50)
    assert submit(client, quantity=60).json["error"] == "position"


def test_a_price_far_from_the_last_trade_is_refused(client: FlaskClient):
    submit(client)
    submit(client, account="bob", side="sell")
    assert submit(client, price=3000).json["error"] == "price"


def test_an_unknown_instrument_is_not_found(client: FlaskClient):
    assert submit(client, symbol="DOGE").status_code == 404
    assert client.get("/books/DOGE").status_code == 404


def test_an_order_can_be_cancelled_once(client: FlaskClient):
    number = submit(client).json["order"]["id"]
    assert client.delete(f"/orders/BTC-USD/{number}").status_code == 200
    assert client.delete(f"/orders/BTC-USD/{number}").status_code == 404


def test_the_book_shows_its_depth(client: FlaskClient):
    submit(client)
    submit(client, price=990, quantity=4)
    book = client.get("/books/BTC-USD").json
    assert book["bids"] == [[1000, 10], [990, 4]]
    assert book["reference"] is None


def test_metrics_count_orders(client: FlaskClient):
    submit(client)
    assert b'trading_orders_total{side="buy",symbol="BTC-USD"}' in client.get("/metrics").data


def test_the_page_shows_prices(client: FlaskClient):
    submit(client)
    assert "0.1000" in client.get("/").text
