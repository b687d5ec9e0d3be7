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
# It needs sh, flock, the mv of GNU or busybox, openssl, and version 1 or 2 of the aws command line, and reads the secret with
# the role of the host. What a caller gives it is text: only COMMAND is run.
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

# A value such as file:///etc/shadow would have the aws command line read that file, and one that begins with - is an option.
case $secret in '' | -* | *://* | *[!A-Za-z0-9/_+=.@:-]*) fail 'that is no name and no ARN of a secret' ;; esac
case $version in -* | *[!A-Za-z0-9-]*) fail 'that is no VersionId' ;; esac
case $region in -* | *[!a-z0-9-]*) fail 'that is no region' ;; esac
case $directory in /*) ;; *) fail 'DIRECTORY does not begin with /' ;; esac
case $directory/ in */../*) fail 'DIRECTORY holds ..' ;; esac
case $owner in -* | *[!A-Za-z0-9._:-]*) fail 'that is no USER:GROUP' ;; esac
# Nobody but the owner and a group may read a key.
case $mode in 0400 | 0440 | 0600 | 0640 | 400 | 440 | 600 | 640) ;; *) fail 'a key has mode 0400, 0440, 0600 or 0640' ;; esac

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
chmod 0644 "$new/cert.pem" "$new/chain.pem" "$new/fullchain.pem"
# The owner first: a group never reads the key of another.
permit() {
  [ -z "$owner" ] || chown "$owner" "$1/privkey.pem"
  chmod "$mode" "$1/privkey.pem"
}

point() {
  ln -sfn "versions/$1" "$directory/.live.new"
  mv -T "$directory/.live.new" "$directory/live"
}
former=$(readlink "$directory/live" 2>/dev/null || true)
former=${former#versions/}
if [ -d "$directory/versions/$id" ]; then
  # It is there, whole, from an earlier run; its owner and mode may be others now.
  permit "$directory/versions/$id"
else
  permit "$new"
  chmod 0755 "$new"
  # What the link leads to is on the disk before the link is.
  sync
  mv -T "$new" "$directory/versions/$id"
fi
[ "$former" = "$id" ] || point "$id"

# The name of the version that the server was told of: a run that was killed before that is made up for.
told=$(cat "$directory/.told" 2>/dev/null || true)
if [ "$told" != "$id" ]; then
  if [ -n "$reload" ] && ! sh -c "$reload" 9>&-; then
    if [ -n "$told" ] && [ -d "$directory/versions/$told" ]; then
      point "$told"
      # It may have stopped.
      sh -c "$reload" 9>&- || true
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
