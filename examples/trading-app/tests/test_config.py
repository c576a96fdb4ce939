from pathlib import Path

import pytest

from trading.config import load_settings, parse_settings


def test_the_settings_of_this_repository_can_be_read():
    settings = load_settings(Path(__file__).parent.parent / "config" / "exchange.yml")
    assert [instrument.symbol for instrument in settings.instruments][:2] == ["BTC-USD", "ETH-USD"]
    assert settings.reference.url is None


def test_the_address_of_reference_prices_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("REFERENCE_URL", "https://prices.example.com")
    settings = parse_settings({"instruments": [{"symbol": "A", "tick": 1, "lot": 1}]})
    assert settings.reference.url == "https://prices.example.com"


def test_settings_without_instruments_are_refused():
    with pytest.raises(ValueError, match="no instruments"):
        parse_settings({"instruments": []})
