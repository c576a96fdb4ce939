"""Settings: a YAML file, with a few values from the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DEFAULT_PATH = Path(__file__).parent.parent / "config" / "exchange.yml"


@dataclass(frozen=True)
class Instrument:
    symbol: str
    tick: int
    """Smallest step of a price, in hundredths of a cent."""
    lot: int
    """Smallest step of a quantity."""


@dataclass(frozen=True)
class RiskLimits:
    max_order_quantity: int = 10_000
    max_position: int = 100_000
    max_price_deviation: float = 0.1
    """How far from the last trade an order's price may be, as a share of it."""


@dataclass(frozen=True)
class ReferenceSource:
    url: str | None = None
    token: str | None = None
    timeout_seconds: float = 0.5
    max_age_seconds: float = 5.0


@dataclass(frozen=True)
class Settings:
    instruments: tuple[Instrument, ...]
    risk: RiskLimits = field(default_factory=RiskLimits)
    reference: ReferenceSource = field(default_factory=ReferenceSource)


def load_settings(path: Path | None = None) -> Settings:
    """Reads EXCHANGE_CONFIG, or config/exchange.yml where that is not set."""
    path = path or Path(os.environ.get("EXCHANGE_CONFIG", DEFAULT_PATH))
    with path.open(encoding="utf-8") as file:
        return parse_settings(yaml.safe_load(file))


def parse_settings(document: dict[str, Any]) -> Settings:
    reference = dict(document.get("reference") or {})
    if url := os.environ.get("REFERENCE_URL"):
        reference["url"] = url
    if token := os.environ.get("REFERENCE_API_TOKEN"):
        reference["token"] = token
    instruments = tuple(Instrument(**entry) for entry in document["instruments"])
    if not instruments:
        raise ValueError("the settings name no instruments")
    return Settings(
        instruments=instruments,
        risk=RiskLimits(**(document.get("risk") or {})),
        reference=ReferenceSource(**reference),
    )
