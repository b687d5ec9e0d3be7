#!/bin/sh
# Fetches a certificate that certkeep keeps in Secrets Manager, and gives it to a server on this host.
#
#   certkeep-files SECRET DIRECTORY [--for NAME] [--version ID] [--region REGION]
#                  [--owner USER:GROUP] [--mode 0640] [--reload COMMAND]
#
# DIRECTORY/live/ then holds privkey.pem, fullchain.pem, chain.pem and cert.pem. `live` is a link, and one rename points it at
# another version: no server sees a key and a certificate that do not match. Until the new pair has passed its checks, and
# unless --reload succeeds, the earlier version stays. Nothing is done, and nothing printed, where nothing is new.
#
# It needs sh, flock, openssl, and version 1 or 2 of the aws command line, and reads the secret with the role of the host.
set -eu
umask 077

fail() {
  echo "certkeep-files: $*" >&2
  exit 1
}

[ $# -ge 2 ] || fail 'usage: certkeep-files SECRET DIRECTORY [--for NAME] [--version ID] [--region REGION] [--owner USER:GROUP] [--mode MODE] [--reload COMMAND]'
secret=$1
directory=$2
shift 2
name='' version='' region='' owner='' mode=0600 reload=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 has no value"
  case $1 in
    --for) name=$2 ;;
    --version) version=$2 ;;
    --region) region=$2 ;;
    --owner) owner=$2 ;;
    --mode) mode=$2 ;;
    --reload) reload=$2 ;;
    *) fail "there is no option $1" ;;
  esac
  shift 2
done

mkdir -p "$directory/versions"
chmod 0755 "$directory" "$directory/versions"
# The timer and a command may come at once: one waits for the other.
exec 9>"$directory/.lock"
flock -w 300 9 || fail 'another run holds the lock'

# What a run that was killed has left.
rm -rf "$directory"/versions/.new.*
new=$(mktemp -d "$directory/versions/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

set -- secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text
[ -z "$version" ] || set -- "$@" --version-id "$version"
[ -z "$region" ] || set -- "$@" --region "$region"
aws "$@" >"$new/secret" || fail "$secret cannot be read"

# The fields hold nothing but PEM: letters, digits and + / = - between quotes, and \n for a new line.
field() {
  text=$(sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$new/secret")
  printf '%b' "$text"
}
field key >"$new/privkey.pem"
field certificate >"$new/cert.pem"
field chain >"$new/chain.pem"
cat "$new/cert.pem" "$new/chain.pem" >"$new/fullchain.pem"
rm "$new/secret"

[ -s "$new/cert.pem" ] || fail "$secret holds no certificate yet"
openssl pkey -in "$new/privkey.pem" -pubout -out "$new/key.pub" || fail 'the key cannot be read'
openssl x509 -in "$new/cert.pem" -noout -pubkey >"$new/cert.pub" || fail 'the certificate cannot be read'
cmp -s "$new/key.pub" "$new/cert.pub" || fail 'the key is not that of the certificate'
openssl x509 -in "$new/cert.pem" -noout -checkend 0 >/dev/null || fail 'the certificate has expired'
if [ -n "$name" ]; then
  openssl x509 -in "$new/cert.pem" -noout -checkhost "$name" | grep -q 'does match' ||
    fail "the certificate is not for $name"
fi
rm "$new/key.pub" "$new/cert.pub"

id=$(openssl x509 -in "$new/cert.pem" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
chmod "$mode" "$new/privkey.pem"
chmod 0644 "$new/cert.pem" "$new/chain.pem" "$new/fullchain.pem"
[ -z "$owner" ] || chown "$owner" "$new/privkey.pem"
chmod 0755 "$new"

point() {
  ln -sfn "versions/$1" "$directory/.live.new"
  mv -T "$directory/.live.new" "$directory/live"
}
former=$(readlink "$directory/live" 2>/dev/null || true)
former=${former#versions/}
# A run that was killed may have put it there whole.
[ -d "$directory/versions/$id" ] || mv -T "$new" "$directory/versions/$id"
[ "$former" = "$id" ] || point "$id"

# The name of the version that the server was told of: a run that was killed before that is made up for.
told=$(cat "$directory/.told" 2>/dev/null || true)
if [ "$told" != "$id" ]; then
  if [ -n "$reload" ] && ! sh -c "$reload" 9>&-; then
    if [ -n "$told" ] && [ -d "$directory/versions/$told" ]; then
      point "$told"
      fail "the server does not take it, and keeps $told: $reload"
    fi
    fail "the server does not take it: $reload"
  fi
  echo "$id" >"$directory/.told.new"
  mv -T "$directory/.told.new" "$directory/.told"
  echo "certkeep-files: $directory/live is $id"
fi

# The one before stays, so that a person can look at it.
for each in "$directory"/versions/*; do
  case ${each##*/} in
    "$id" | "$former" | "$told") ;;
    *) rm -rf "$each" ;;
  esac
done
