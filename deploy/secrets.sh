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

# url ROLE DATABASE FILE. Written aside and moved: a reader sees all of it or nothing.
url() {
    printf 'postgresql+asyncpg://%s:%s@postgres:5432/%s\n' "$1" "$(cat "/secrets/postgres/$1")" "claimstream_$2" >"$3.new"
    mv "$3.new" "$3"
}

for name in postgres fetcher store api; do draw "/secrets/postgres/$name"; done
for name in fetcher store; do
    url "$name" "$name" "/secrets/$name/database-url"
    url api "$name" "/secrets/api/$name-database-url"
done
draw /secrets/api/tokens # one a line: add another, start the API anew, hand it out, take the first away
