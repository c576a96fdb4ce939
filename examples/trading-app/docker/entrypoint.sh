#!/bin/sh
# Looks for the settings before anything is started with them.
set -eu

settings="${EXCHANGE_CONFIG:-/app/config/exchange.yml}"
if [ ! -r "$settings" ]; then
  echo "entrypoint: there are no settings in $settings" >&2
  exit 78
fi

exec "$@"
