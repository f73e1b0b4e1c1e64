#!/bin/sh
# Copies what Kafka cannot give back: both databases, and how far their readers had come.
#
#   sh deploy/backup.sh FOLDER          while everything runs; deploy/restore.sh brings it back
#
# The offsets are taken first. What is read between them and the copies is in the databases and is read again after
# a restore, which changes nothing: every record has an id. The other way round it would be in neither.
set -eu
umask 077 # the copies hold what sites were asked for, and .env may hold a secret
cd "$(dirname "$0")/.."
folder=${1:?sh deploy/backup.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

docker compose exec -T kafka /opt/kafka/bin/kafka-consumer-groups.sh --bootstrap-server kafka:19092 \
    --describe --all-groups >"$folder/groups.txt"
# GROUP TOPIC PARTITION CURRENT-OFFSET …; of the stages that write to a database, whatever the prefix.
stages='[.](fetcher[.](intake|intake-bulk|fates)|store[.](articles|extractions))$'
awk -v stages="$stages" '$1 ~ stages && $4 ~ /^[0-9]+$/ { print $1 "," $2 "," $3 "," $4 }' \
    "$folder/groups.txt" >"$folder/offsets.csv"
for name in store fetcher; do
    # Written aside: a copy that broke off is not taken for one.
    docker compose exec -T postgres pg_dump --username=postgres --format=custom "claimstream_$name" \
        >"$folder/$name.dump.new"
    mv "$folder/$name.dump.new" "$folder/$name.dump"
done
cp .env deploy/*.toml "$folder/"
echo "backed up to $folder: $(wc -l <"$folder/offsets.csv") offsets, $(du -ch "$folder"/*.dump | tail -1 | cut -f1) of databases"
