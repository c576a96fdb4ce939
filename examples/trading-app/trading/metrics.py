"""What Prometheus is told."""

from prometheus_client import Counter, Gauge, Histogram

orders = Counter("trading_orders_total", "Orders accepted", ["symbol", "side"])
rejections = Counter("trading_rejections_total", "Orders refused", ["symbol", "reason"])
traded_quantity = Counter("trading_traded_quantity_total", "Quantity traded", ["symbol"])
resting_orders = Gauge("trading_resting_orders", "Orders in the book", ["symbol"])
matching_seconds = Histogram(
    "trading_matching_seconds",
    "Time to check and match one order",
    buckets=(0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.1),
)
