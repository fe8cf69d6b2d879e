#!/usr/bin/env bash
# Installs LinkOps, or upgrades it: see --help.
set -euo pipefail

usage() {
  cat <<'TEXT'
install.sh DEB

Installs LinkOps from the package DEB (made by `mvn package -Pdeb`, or a released one) on Ubuntu 24.04, Debian 12 or
Debian 13, and starts the service linkopsd. An installed version is upgraded; data and configuration stay. Run it as
root; it can be run again.

  --help   this text
TEXT
}

die() {
  echo "install.sh: $*" >&2
  exit 1
}

warn_of_others() {
  local id='' version=''
  # shellcheck source=/dev/null
  id=$(. /etc/os-release && echo "${ID:-}") version=$(. /etc/os-release && echo "${VERSION_ID:-}")
  case $id-$version in
    ubuntu-24.04 | debian-12 | debian-13) ;;
    *) echo "install.sh: $id $version is not one of those LinkOps is tested on; going on" >&2 ;;
  esac
}

require_fit() {
  local package architecture
  package=$(dpkg-deb -f "$1" Package 2>/dev/null) || die "$1 is not a Debian package"
  [ "$package" = linkops ] || die "$1 is the package $package, not linkops"
  architecture=$(dpkg-deb -f "$1" Architecture)
  [ "$architecture" = "$(dpkg --print-architecture)" ] ||
    die "$1 is for $architecture, this machine is $(dpkg --print-architecture)"
  [ -d /run/systemd/system ] || die "systemd does not run here; LinkOps is a service of it"
}

case ${1:-} in
  --help | -h)
    usage
    exit 0
    ;;
  '' | -*)
    usage >&2
    exit 2
    ;;
esac
[ $# -eq 1 ] || die "one package, please: see --help"
[ -f "$1" ] || die "there is no file $1"
[ "$(id -u)" = 0 ] || die "run it as root"
require_fit "$1"
warn_of_others

export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q --allow-downgrades -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
  "$(readlink -f "$1")" >/dev/null
systemctl is-active --quiet linkopsd || die "linkopsd does not run: journalctl -u linkopsd"

echo "LinkOps $(dpkg-query -W -f '${Version}' linkops) runs; its configuration is /etc/linkops/config.yaml"
if [ -f /var/lib/linkops/first-password ]; then
  echo "Log in as admin; the password is in /var/lib/linkops/first-password (remove it then)"
fi
