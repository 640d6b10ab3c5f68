#!/bin/sh
# The server takes its password from the environment only; the environment of a container is not a place to keep one.
set -eu
POSTGRES_PWD="$(cat /run/secrets/temporal_password)"
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
