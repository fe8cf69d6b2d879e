#!/usr/bin/env bash
# Removes LinkOps: see --help.
set -euo pipefail

usage() {
  cat <<'TEXT'
uninstall.sh [--purge]

Stops the service linkopsd and removes LinkOps. Database, keys, recordings, logs and configuration stay, for another
installation; with --purge they and the user linkops are removed, too, and cannot be brought back. Run it as root; it
can be run again.

  --purge  remove all data, too
  --help   this text
TEXT
}

die() {
  echo "uninstall.sh: $*" >&2
  exit 1
}

act=remove
case ${1:-} in
  --help | -h)
    usage
    exit 0
    ;;
  --purge) act=purge ;;
  '') ;;
  *)
    usage >&2
    exit 2
    ;;
esac
[ "$(id -u)" = 0 ] || die "run it as root"

if [ -z "$(dpkg-query -W -f '${Status}' linkops 2>/dev/null)" ]; then
  echo "LinkOps is not installed"
  exit 0
fi
DEBIAN_FRONTEND=noninteractive apt-get "$act" -y -q linkops >/dev/null
if [ "$act" = remove ]; then
  echo "LinkOps is removed; its data is still in /var/lib/linkops, its configuration in /etc/linkops"
else
  echo "LinkOps and its data are removed"
fi
