"""JSON by orjson where it is installed: in the image for low latency."""

from typing import Any

from flask import Flask
from flask.json.provider import JSONProvider

try:
    import orjson
except ImportError:
    orjson = None


class FastJson(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)


def use_fast_json(app: Flask) -> None:
    if orjson is not None:
        app.json = FastJson(app)
