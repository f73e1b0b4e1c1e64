#!/bin/sh
# The cleaner's role and database, for its memory of sites. Runs at every `up`, before the migrations: a deployment that
# an earlier release made gets them at its upgrade, and what is there already stays as it is.
set -eu
umask 022 # the volume is mounted where its reader runs, which has a user of its own
export PGHOST=postgres PGUSER=postgres PGPASSWORD="$(cat /run/claimstream/postgres)"

# As deploy/secrets.sh draws the others; written aside and moved, so that a reader sees all of it or nothing.
if [ ! -s /secrets/password ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >/secrets/password.new
    mv /secrets/password.new /secrets/password
fi
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname postgres --set password="$(cat /secrets/password)" <<'SQL'
SELECT 'CREATE ROLE cleaner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cleaner') \gexec
ALTER ROLE cleaner PASSWORD :'password';
SELECT 'CREATE DATABASE claimstream_cleaner OWNER cleaner ENCODING ''UTF8'' TEMPLATE template0'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'claimstream_cleaner') \gexec
REVOKE ALL ON DATABASE claimstream_cleaner FROM PUBLIC;
SQL
printf 'postgresql+asyncpg://cleaner:%s@postgres:5432/claimstream_cleaner\n' "$(cat /secrets/password)" >/secrets/database-url.new
mv /secrets/database-url.new /secrets/database-url
