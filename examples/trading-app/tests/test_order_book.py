from trading.order import Order, Side
from trading.order_book import OrderBook


def order(side: Side, price: int, quantity: int, account: str = "alice") -> Order:
    return Order(account=account, symbol="BTC-USD", side=side, price=price, quantity=quantity)


def test_an_order_that_crosses_nothing_rests():
    book = OrderBook("BTC-USD")
    assert book.submit(order(Side.BUY, 100, 5)) == []
    assert book.depth(Side.BUY) == [(100, 5)]


def test_an_order_trades_at_the_price_of_the_one_that_rests():
    book = OrderBook("BTC-USD")
    book.submit(order(Side.SELL, 100, 5, "bob"))
    [trade] = book.submit(order(Side.BUY, 110, 3))
    assert (trade.price, trade.quantity, trade.buyer, trade.seller) == (100, 3, "alice", "bob")


def test_the_best_price_comes_first():
    book = OrderBook("BTC-USD")
    book.submit(order(Side.SELL, 102, 1))
    book.submit(order(Side.SELL, 101, 1))
    assert [trade.price for trade in book.submit(order(Side.BUY, 102, 2))] == [101, 102]


def test_at_one_price_the_earlier_order_comes_first():
    book = OrderBook("BTC-USD")
    first = order(Side.SELL, 100, 1)
    book.submit(first)
    book.submit(order(Side.SELL, 100, 1))
    [trade] = book.submit(order(Side.BUY, 100, 1))
    assert trade.maker_order == first.id


def test_what_is_left_of_an_order_rests():
    book = OrderBook("BTC-USD")
    book.submit(order(Side.SELL, 100, 2))
    book.submit(order(Side.BUY, 100, 5))
    assert book.depth(Side.BUY) == [(100, 3)]
    assert book.depth(Side.SELL) == []


def test_a_cancelled_order_leaves_the_book():
    book = OrderBook("BTC-USD")
    resting = order(Side.BUY, 100, 2)
    book.submit(resting)
    assert book.cancel(resting.id) is resting
    assert book.cancel(resting.id) is None
    assert len(book) == 0


def test_the_spread_is_between_the_best_prices():
    book = OrderBook("BTC-USD")
    assert book.spread() is None
    book.submit(order(Side.BUY, 98, 1))
    book.submit(order(Side.SELL, 101, 1))
    assert book.spread() == 3


def test_the_cost_goes_up_through_the_levels():
    book = OrderBook("BTC-USD")
    book.submit(order(Side.SELL, 100, 2))
    book.submit(order(Side.SELL, 101, 2))
    assert book.cost(Side.BUY, 3) == (301, 3)
    assert book.cost(Side.BUY, 9) == (402, 4)
