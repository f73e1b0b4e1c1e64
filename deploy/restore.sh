#!/bin/sh
# Puts the databases back as deploy/backup.sh copied them, and lets the services read again what came after.
#
#   sh deploy/restore.sh FOLDER                    Kafka is as it was
#   sh deploy/restore.sh FOLDER --without-offsets  Kafka is new and empty: there is nothing to read again
#
# Both epochs rise by one in .env: visits and revisions that were given out after the copy are given out anew, and
# readers of claims take what has the higher (epoch, revision).
set -eu
cd "$(dirname "$0")/.."
folder=${1:?sh deploy/restore.sh FOLDER [--without-offsets]}
case ${2:-} in
'' | --without-offsets) ;;
*) echo "$2: not understood; sh deploy/restore.sh FOLDER [--without-offsets]" >&2; exit 2 ;;
esac
groups=/opt/kafka/bin/kafka-consumer-groups.sh
for file in store.dump fetcher.dump offsets.csv; do
    [ -f "$folder/$file" ] || { echo "$folder/$file is missing: not a folder of deploy/backup.sh" >&2; exit 2; }
done

echo "stopping what reads and writes the databases"
running='fetcher|store|relay|api'
# Cleaner and extractor hold places on the topics of the old Kafka.
if [ "${2:-}" = --without-offsets ]; then running="$running|cleaner|extractor"; fi
docker compose stop $(docker compose config --services | grep -xE "$running")
docker compose up --detach --wait kafka postgres
names=$(cut -d, -f1 "$folder/offsets.csv" | sort -u)
if [ "${2:-}" != --without-offsets ]; then
    there=$(docker compose exec -T kafka $groups --bootstrap-server kafka:19092 --list)
    for name in $names; do
        echo "$there" | grep -qxF "$name" && continue
        echo "this Kafka does not know the readers of the copy ($name). Is it a new one? Then: sh deploy/restore.sh $1 --without-offsets" >&2
        exit 2
    done
fi
docker compose run --rm -T cleaner-database # not in the copy: it learns the sites anew
docker compose run --rm -T api-role # the copies grant it their tables; on a new machine it is not there yet

for name in store fetcher; do
    echo "restoring claimstream_$name"
    docker compose exec -T postgres psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username=postgres \
        --command="DROP DATABASE IF EXISTS claimstream_$name WITH (FORCE)"
    docker compose exec -T postgres pg_restore --username=postgres --dbname=postgres --create --exit-on-error \
        <"$folder/$name.dump"
done

# Kafka refuses while a member that was killed still counts as one: up to a minute.
reset() { # WORDS…; the plan is on standard input
    plan=$(cat)
    for _ in $(seq 20); do
        said=$(echo "$plan" | docker compose exec -T kafka sh -c "cat >/tmp/offsets.csv; exec $groups \
            --bootstrap-server kafka:19092 --reset-offsets --execute $*" 2>&1) || true
        case $said in *rror:* | *xception*) sleep 3 ;; *) return 0 ;; esac
    done
    echo "$said" >&2
    return 1
}

if [ "${2:-}" = --without-offsets ]; then
    echo "forgetting the old Kafka"
    docker compose run --rm -T topics # builds the image that the next two use, on a machine that has none yet
    docker compose run --rm --no-deps -T migrate
    docker compose run --rm --no-deps -T tools topics forget
else
    echo "setting the readers back to where they were:" $names
    # A partition that nobody had read by then is read from its beginning.
    reset $(echo "$names" | sed 's/^/--group /') --all-topics --to-earliest </dev/null
    for name in $names; do
        grep "^$name," "$folder/offsets.csv" | cut -d, -f2- | reset --group "$name" --from-file /tmp/offsets.csv
    done
fi

for name in FETCHER STORE; do
    epoch=$(sed -n "s/^CLAIMSTREAM_${name}_EPOCH=\([0-9]*\).*/\1/p" .env | tail -1)
    grep -v "^CLAIMSTREAM_${name}_EPOCH=" .env >.env.new || true
    echo "CLAIMSTREAM_${name}_EPOCH=$((${epoch:-1} + 1))" >>.env.new
    cat .env.new >.env # keeps the file's owner and rights
    rm .env.new
done
grep _EPOCH= .env | grep -v '^#'
docker compose up --detach --wait
echo "restored: docker compose run --rm tools status shows what is read again"
