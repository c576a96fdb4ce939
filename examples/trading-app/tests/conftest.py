import pytest
from flask.testing import FlaskClient

from trading import create_app
from trading.config import parse_settings

SETTINGS = {
    "instruments": [{"symbol": "BTC-USD", "tick": 10, "lot": 2}],
    "risk": {"max_order_quantity": 100, "max_position": 150, "max_price_deviation": 0.5},
}


@pytest.fixture
def client() -> FlaskClient:
    return create_app(parse_settings(SETTINGS)).test_client()
