#!/bin/sh
# The API's own role: it may read both databases and write neither, whatever a question makes of the API. Runs at every
# `up`, before the migrations, so that what they make can be read too; what is there already stays as it is.
set -eu
export PGHOST=postgres PGUSER=postgres PGPASSWORD="$(cat /run/claimstream/postgres)"
ask() { psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$@"; }

ask --dbname postgres --set password="$(cat /run/claimstream/api)" <<'SQL'
SELECT 'CREATE ROLE api LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'api') \gexec
ALTER ROLE api PASSWORD :'password';
ALTER ROLE api SET default_transaction_read_only = on;
SQL
for name in fetcher store; do
    # Only what is missing: a grant on a table that a service is at work on could be refused.
    ask --dbname "claimstream_$name" --set owner="$name" --set database="claimstream_$name" <<'SQL'
GRANT CONNECT ON DATABASE :"database" TO api;
GRANT USAGE ON SCHEMA public TO api;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT ON TABLES TO api;
SELECT format('GRANT SELECT ON %s TO api', oid::regclass) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT has_table_privilege('api', oid, 'SELECT')
\gexec
SQL
done
