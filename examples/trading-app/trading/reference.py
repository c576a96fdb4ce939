"""Reference prices from another venue: fetched when asked for, kept for a few seconds."""

import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from trading.config import ReferenceSource


class ReferencePrices:
    def __init__(self, source: ReferenceSource) -> None:
        self._source = source
        self._kept: dict[str, tuple[float, int]] = {}
        self._session = requests.Session()
        if source.token is not None:
            self._session.headers["Authorization"] = f"Bearer {source.token}"
        retry = Retry(total=2, backoff_factor=0.05, status_forcelist=(502, 503, 504))
        self._session.mount("https://", HTTPAdapter(max_retries=retry))
        self._session.mount("http://", HTTPAdapter(max_retries=retry))

    def price(self, symbol: str) -> int | None:
        """Absent where there is no source, or it does not answer."""
        if self._source.url is None:
            return None
        now = time.monotonic()
        at, price = self._kept.get(symbol, (0.0, 0))
        if price and now - at < self._source.max_age_seconds:
            return price
        fetched = self._fetch(symbol)
        if fetched is not None:
            self._kept[symbol] = (now, fetched)
        return fetched

    def _fetch(self, symbol: str) -> int | None:
        try:
            reply = self._session.get(
                f"{self._source.url}/prices/{symbol}", timeout=self._source.timeout_seconds
            )
            reply.raise_for_status()
            return int(reply.json()["price"])
        except (requests.RequestException, KeyError, ValueError):
            return None
