#!/bin/sh
# Runs once, when PostgreSQL makes its database: a role and a database for each service that owns tables.
set -eu

for name in fetcher store; do
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set role="$name" --set database="claimstream_$name" --set password="$(cat "/run/claimstream/$name")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"role" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
