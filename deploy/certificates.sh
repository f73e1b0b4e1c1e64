#!/bin/sh
# TLS of Kafka's listener for people outside: an authority of this deployment's own, and a certificate for the broker.
# Safe to run again: the authority stays, and with it what clients trust (/tls/ca.crt). The certificate is made anew when
# it ends within 30 days or lacks a name; Kafka reads it when it starts. The authority's key never reaches the broker.
#
#   NAMES  what clients call the broker: names and addresses, a port behind them does not matter
set -eu
umask 022 # a volume is mounted where its reader runs, and nowhere else; the broker has a user of its own
CA_DAYS=1825    # five years
BROKER_DAYS=397 # as `claimstream certificates make` has it
RENEW=2592000   # seconds: 30 days

authority=/authority/ca.key trusted=/tls/ca.crt broker=/tls/broker.pem
names="127.0.0.1 localhost"
for name in $NAMES; do
    name=${name%:*}
    case " $names " in *" $name "*) ;; *) names="$names $name" ;; esac
done

is_address() { case $1 in *[!0-9.]*) return 1 ;; esac; }

if [ ! -s "$authority" ] || [ ! -s "$trusted" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days "$CA_DAYS" -config - \
        -keyout "$authority.new" -out "$trusted.new" 2>/dev/null <<'END'
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = claimstream trial authority
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
END
    chmod 600 "$authority.new"
    rm -f "$broker"
    mv "$authority.new" "$authority"
    mv "$trusted.new" "$trusted"
fi

is_good() {
    [ -s "$broker" ] && openssl x509 -in "$broker" -noout -checkend "$RENEW" >/dev/null || return 1
    for name in $names; do
        if is_address "$name"; then check=-checkip; else check=-checkhost; fi
        openssl x509 -in "$broker" -noout "$check" "$name" | grep -q "does match" || return 1
    done
}
is_good && exit 0

san=
for name in $names; do
    if is_address "$name"; then kind=IP; else kind=DNS; fi
    san="$san${san:+,}$kind:$name"
done
cd /authority
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=claimstream broker" -config - \
    -keyout broker.key -out broker.csr 2>/dev/null <<'END'
[req]
distinguished_name = name
[name]
END
cat >broker.ext <<END
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = $san
END
openssl x509 -req -in broker.csr -CA "$trusted" -CAkey "$authority" -days "$BROKER_DAYS" -extfile broker.ext \
    -out broker.crt 2>/dev/null
cat broker.key broker.crt "$trusted" >"$broker.new"
mv "$broker.new" "$broker"
rm -f broker.key broker.csr broker.ext broker.crt
echo "a certificate for $names, $BROKER_DAYS days; a broker that runs takes it when it is restarted"
