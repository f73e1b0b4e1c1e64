#!/bin/sh
# Passwords of this deployment, drawn once into volumes: a volume a reader, and no file on the host holds any.
# Safe to run again: what is there stays. `docker compose down -v` removes the passwords with the databases.
set -eu
umask 022 # a volume is mounted where its reader runs, and nowhere else; the readers have users of their own

# 24 random bytes in hexadecimal: nothing in it needs quoting in a URL.
draw() {
    [ -s "$1" ] && return
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1.new"
    mv "$1.new" "$1"
}

# Written aside and moved: a reader sees all of it or nothing.
url() {
    printf 'postgresql+asyncpg://%s:%s@postgres:5432/%s\n' "$1" "$(cat "/secrets/postgres/$1")" "claimstream_$1" \
        >"/secrets/$1/database-url.new"
    mv "/secrets/$1/database-url.new" "/secrets/$1/database-url"
}

for name in postgres fetcher store; do draw "/secrets/postgres/$name"; done
for name in fetcher store; do url "$name"; done
draw /secrets/api/tokens # one a line: add another, start the API anew, hand it out, take the first away
