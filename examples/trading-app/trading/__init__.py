"""A small exchange: order books, matching, risk limits and metrics over HTTP."""

from flask import Flask

from trading.api import api
from trading.config import Settings, load_settings
from trading.exchange import Exchange
from trading.json_provider import use_fast_json
from trading.pages import pages
from trading.reference import ReferencePrices

__version__ = "2.4.1"


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with an empty order book for each instrument of the settings."""
    settings = settings or load_settings()
    app = Flask(__name__)
    app.config["VERSION"] = __version__
    app.extensions["exchange"] = Exchange(settings.instruments, settings.risk)
    app.extensions["reference"] = ReferencePrices(settings.reference)
    use_fast_json(app)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    return app
