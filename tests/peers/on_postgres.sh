#!/bin/sh
# Runs the suite on a PostgreSQL server of its own, started in a temporary folder and stopped after.
# $1: the environment to use (with Python 3.12 where there is one). The rest goes to pytest.
set -eu

venv="$1"
shift
echo "On PostgreSQL with $("$venv/bin/python" --version)." >&2

server=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$server" ]; then
  echo "No PostgreSQL server is installed; on Debian: apt-get install postgresql" >&2
  exit 1
fi
data=$(mktemp -d)
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
stop() { as "$server/pg_ctl -D $data/db -m immediate stop >/dev/null" || true; rm -rf "$data"; }
trap stop EXIT INT TERM
[ "$(id -u)" = 0 ] && chown postgres "$data"
port=$("$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as "$server/initdb -D $data/db -U headway --auth=trust --encoding=UTF8 --no-instructions >/dev/null"
# Tests roll back: what autovacuum learns of tables full of dead rows (that they are empty) makes plans that
# take ten times as long.
as "$server/pg_ctl -D $data/db -w -l $data/log -o '-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off -c autovacuum=off -c max_connections=200' start >/dev/null"

DATABASE_URL="postgres://headway@127.0.0.1:$port/postgres" "$venv/bin/pytest" -n 2 --dist loadgroup -q "$@"
