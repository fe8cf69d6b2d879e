#!/usr/bin/env bash
#
# install_crowdsec: CrowdSec, which reads logs and decides which addresses to
# ban, and if asked for the firewall bouncer that enforces the bans. From the
# distribution's packages (or CrowdSec's own repository, if the admin has
# configured that one: this script adds none). Running it again changes nothing.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""

readonly FLAGS="--with-bouncer --collections=LIST --dry-run --help"
readonly DEFAULT_COLLECTIONS="crowdsecurity/linux,crowdsecurity/sshd"

usage() {
  cat <<'HELP'
install_crowdsec: install CrowdSec

Usage: install_crowdsec.sh [flags]

  --with-bouncer        also install the firewall bouncer, which really blocks
                        the addresses CrowdSec bans
  --collections=LIST    collections to have, separated by commas
                        (default: crowdsecurity/linux,crowdsecurity/sshd)
  --dry-run             say what would change, change nothing (needs no root)
  --help                this text

Systems: Debian 12 and later, Ubuntu 22.04 and later, Alpine (community).
HELP
}

step() { printf '==> %s\n' "$*"; }
detail() { printf '    %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
indent() { sed -u 's/^/    | /'; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A wrong call: say what is allowed, exit 2.
refuse() {
  printf 'error: %s\n' "$1" >&2
  printf 'error: allowed flags: %s\n' "$FLAGS" >&2
  exit 2
}

# unknown_flag ARG: a flag this script has not got, or one without its value.
unknown_flag() {
  local allowed
  for allowed in $FLAGS; do
    if [[ $allowed == "$1="* ]]; then refuse "flag $1 needs a value: $allowed"; fi
    if [[ $allowed == "${1%%=*}" ]]; then refuse "flag $allowed takes no value"; fi
  done
  if [[ $1 == -* ]]; then refuse "unknown flag: $1"; fi
  refuse "unexpected argument: $1"
}

on_error() {
  if ((BASH_SUBSHELL == 0)); then
    printf 'error: stopped at line %s: %s\n' "$1" "$2" >&2
    exit 1
  fi
}

cleanup() {
  trap - ERR
  set +e
  if [[ -n $TMP_DIR ]]; then rm -rf -- "$TMP_DIR"; fi
}
trap cleanup EXIT
trap 'on_error "$LINENO" "$BASH_COMMAND"' ERR
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Real changes need root: go on as it is, through sudo -n, or stop and say why.
need_root() {
  if [[ $DRY_RUN == true ]] || ((EUID == 0)); then return 0; fi
  if [[ -f $0 && -r $0 ]] && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    exec sudo -n -- env "SSH_CONNECTION=${SSH_CONNECTION:-}" \
      "LINKOPS_OPERATION=${LINKOPS_OPERATION:-}" "LINKOPS_EXECUTION=${LINKOPS_EXECUTION:-}" \
      "LINKOPS_LINK=${LINKOPS_LINK:-}" "$BASH" "$0" "${ARGS[@]}"
  fi
  die "this needs root, and user $(id -un) cannot use 'sudo -n': log in as root on this link," \
    "or allow the user passwordless sudo; --dry-run shows the plan without root"
}

os_field() {
  local key value
  while IFS='=' read -r key value || [[ -n $key ]]; do
    if [[ $key == "$1" ]]; then
      value=${value#[\"\']}
      printf '%s' "${value%[\"\']}"
      return 0
    fi
  done </etc/os-release
}

# Sets OS_NAME and FAMILY (debian, alpine or empty).
detect_os() {
  OS_NAME="unknown system"
  FAMILY=""
  if [[ ! -r /etc/os-release ]]; then return 0; fi
  OS_NAME=$(os_field PRETTY_NAME)
  case " $(os_field ID) $(os_field ID_LIKE) " in
    *" debian "* | *" ubuntu "*) if command -v apt-get >/dev/null; then FAMILY=debian; fi ;;
    *" alpine "*) if command -v apk >/dev/null; then FAMILY=alpine; fi ;;
  esac
}

need_supported_os() {
  detect_os
  if [[ -z $FAMILY ]]; then
    die "$OS_NAME is not supported: this script knows Debian and Ubuntu (apt) and Alpine (apk)"
  fi
}

begin() {
  local mode=""
  if [[ $DRY_RUN == true ]]; then mode=" (dry run: nothing is changed)"; fi
  step "$1 on $(uname -n), $OS_NAME$mode"
}

finish() {
  if [[ $DRY_RUN == true ]]; then
    if ((CHANGES == 0)); then
      step "dry run: nothing to do, everything is already in place"
    else
      step "dry run: $CHANGES change(s) would be made, nothing was touched"
    fi
  elif ((CHANGES == 0)); then
    step "done: everything was already in place, nothing changed"
  else
    step "done: $CHANGES change(s) made"
  fi
}

# The end of a dry run that a real run would not get beyond.
stop_here() {
  step "dry run: a real run would stop here with an error and change nothing"
  exit 0
}

# act WHAT COMMAND...: runs the command; in a dry run only says what it would do.
act() {
  local what=$1
  shift
  CHANGES=$((CHANGES + 1))
  if [[ $DRY_RUN == true ]]; then
    detail "would $what"
    return 0
  fi
  detail "$what"
  "$@"
}

# apt without questions; waits at most five minutes for the lock of dpkg.
apt_get() {
  if ! DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -y -q \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    "$@" </dev/null 2>&1 | indent; then
    die "apt-get $1 failed: see the lines above"
  fi
}

apk_do() {
  if ! apk --no-progress "$@" </dev/null 2>&1 | indent; then
    die "apk $1 failed: see the lines above"
  fi
}

# What apt would do, without locks and without writing its caches and logs.
apt_plan() {
  apt-get -s -q -o Debug::NoLocking=1 -o APT::Get::Show-User-Simulation-Note=0 \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Dir::Log::Planner=/dev/null \
    -o Dir::Log::Solver=/dev/null "$@" </dev/null 2>/dev/null
}

apt_index_fresh() {
  [[ -n $(find /var/lib/apt/lists/partial -maxdepth 0 -mmin -60 2>/dev/null) ]] &&
    [[ -n $(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' 2>/dev/null | head -n 1) ]]
}

# The package index, unless it is less than an hour old. The lock of the index
# is not covered by apt's own waiting, so this tries again for five minutes.
refresh_index() {
  local log try
  if [[ $FAMILY == alpine ]]; then
    apk_do update
    return 0
  fi
  if apt_index_fresh; then return 0; fi
  detail "refreshing the package index"
  make_tmp
  log=$TMP_DIR/apt-update.log
  for ((try = 1; try <= 20; try++)); do
    if apt-get update -q -o APT::Update::Error-Mode=any </dev/null >"$log" 2>&1; then return 0; fi
    if ! grep -q 'Could not get lock' "$log"; then
      indent <"$log"
      die "apt-get update failed: see the lines above"
    fi
    if ((try == 1)); then detail "another program holds the lock of the package index: waiting up to 5 minutes"; fi
    sleep 15
  done
  die "the package index stayed locked for 5 minutes: try again later"
}

make_tmp() {
  if [[ -z $TMP_DIR ]]; then TMP_DIR=$(mktemp -d "${TMPDIR:-/tmp}/linkops.XXXXXXXX"); fi
}

# pkg_version NAME: the installed version, or nothing.
pkg_version() {
  case $FAMILY in
    debian) dpkg-query -s "$1" 2>/dev/null | awk '/^Status: .* installed$/ {ok=1} /^Version: / {v=$2} END {if (ok) print v}' ;;
    alpine) if apk info -e "$1" >/dev/null 2>&1; then apk list --installed "$1" 2>/dev/null | awk '{print $1; exit}'; fi ;;
  esac || true
}

# pkg_candidate NAME: the version the configured repositories offer, or nothing.
pkg_candidate() {
  case $FAMILY in
    debian) apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" {print $2}' ;;
    alpine) apk policy "$1" 2>/dev/null | awk '/^  [^ ].*:$/ {sub(/:$/, "", $1); v=$1} END {print v}' ;;
  esac || true
}

# want_packages NAME...: installs those that are missing, without recommendations.
want_packages() {
  local name version missing=() plan count
  for name in "$@"; do
    version=$(pkg_version "$name")
    if [[ -n $version ]]; then
      detail "already installed: $name $version"
    else
      missing+=("$name")
    fi
  done
  if ((${#missing[@]} == 0)); then return 0; fi
  CHANGES=$((CHANGES + ${#missing[@]}))
  if [[ $DRY_RUN == true ]]; then
    for name in "${missing[@]}"; do
      version=$(pkg_candidate "$name")
      if [[ -n $version ]]; then
        detail "would install $name $version"
      else
        detail "would install $name (not in the package index as it is now: a real run refreshes the index first)"
      fi
    done
    if [[ $FAMILY == debian ]] && plan=$(apt_plan install --no-install-recommends "${missing[@]}"); then
      count=$(grep -c '^Inst ' <<<"$plan" || true)
      if ((count > ${#missing[@]})); then
        detail "with what they depend on: $count packages: $(awk '$1 == "Inst" {printf "%s ", $2}' <<<"$plan")"
      fi
    fi
    return 0
  fi
  refresh_index
  detail "installing ${missing[*]}"
  case $FAMILY in
    debian) apt_get install --no-install-recommends "${missing[@]}" ;;
    alpine) apk_do add "${missing[@]}" ;;
  esac
}

service_manager() {
  if [[ -d /run/systemd/system ]] && command -v systemctl >/dev/null; then
    echo systemd
  elif [[ -d /run/openrc ]] && command -v rc-service >/dev/null; then
    echo openrc
  else
    echo none
  fi
}

service_active() {
  case $(service_manager) in
    systemd) systemctl is-active --quiet "$1" 2>/dev/null ;;
    openrc) rc-service "$1" status >/dev/null 2>&1 ;;
    *) return 1 ;;
  esac
}

service_enabled() {
  case $(service_manager) in
    systemd) systemctl is-enabled --quiet "$1" 2>/dev/null ;;
    openrc) rc-update show default 2>/dev/null | grep -Eq "^ *$1 *\\|" ;;
    *) return 1 ;;
  esac
}

# service_do ACTION NAME: start, stop, restart, reload
service_do() {
  case $(service_manager) in
    systemd) systemctl "$1" "$2" ;;
    openrc) rc-service "$2" "$1" 2>&1 | indent ;;
    *) detail "no service manager is running here (a container?): $2 is left alone" ;;
  esac
}

service_enable() {
  case $(service_manager) in
    systemd) systemctl enable --quiet "$1" 2>&1 | indent ;;
    openrc) rc-update add "$1" default 2>&1 | indent ;;
  esac
}

# want_service NAME: enabled at boot and running.
want_service() {
  if [[ $(service_manager) == none ]]; then
    detail "no service manager is running here (a container?): $1 is not started"
    return 0
  fi
  if service_enabled "$1"; then
    detail "already enabled at boot: $1"
  else
    act "enable $1 at boot" service_enable "$1"
  fi
  if service_active "$1"; then
    detail "already running: $1"
  else
    act "start $1" service_do start "$1"
  fi
}

do_packages() {
  local names=(crowdsec)
  step "packages"
  if [[ $BOUNCER == true ]]; then
    if [[ $FAMILY == alpine ]]; then names+=(cs-firewall-bouncer); else names+=(crowdsec-firewall-bouncer); fi
  fi
  if [[ -z $(pkg_version crowdsec)$(pkg_candidate crowdsec) ]]; then
    if [[ $DRY_RUN == false ]]; then refresh_index; fi
    if [[ -z $(pkg_candidate crowdsec) ]]; then
      warn "no configured package repository offers crowdsec"
      detail "an admin must either add CrowdSec's own repository as its documentation describes"
      detail "(check the key's fingerprint, keep the key in /etc/apt/keyrings) or enable the"
      detail "distribution's universe / community section; then run this again"
      if [[ $DRY_RUN == false ]]; then die "the package crowdsec is not available on this machine"; fi
      detail "a real run would refresh the index first and look again"
      stop_here
    fi
  fi
  want_packages "${names[@]}"
}

do_collections() {
  local list=() name installed=""
  step "collections"
  IFS=',' read -r -a list <<<"$COLLECTIONS"
  if command -v cscli >/dev/null; then
    if [[ $DRY_RUN == true && $EUID -ne 0 ]]; then
      detail "only root may list the installed collections; wanted: ${list[*]}"
      return 0
    fi
    installed=$(cscli collections list -o raw 2>/dev/null | cut -d, -f1 || true)
  fi
  for name in "${list[@]}"; do
    if grep -Fxq -- "$name" <<<"$installed"; then
      detail "already installed: $name"
    else
      act "install the collection $name" install_collection "$name"
      RELOAD=true
    fi
  done
}

install_collection() {
  if [[ ! -s /etc/crowdsec/hub/.index.json ]]; then cscli hub update 2>&1 | indent; fi
  cscli collections install "$1" 2>&1 | indent
}

do_check() {
  step "configuration check"
  if [[ $DRY_RUN == true ]]; then
    detail "would run crowdsec -t before reloading"
    return 0
  fi
  if ! crowdsec -c /etc/crowdsec/config.yaml -t 2>&1 | indent; then
    die "crowdsec does not accept its configuration: it was not reloaded"
  fi
  if [[ $RELOAD == true ]] && service_active crowdsec; then
    detail "configuration is valid: reloading crowdsec"
    service_do reload crowdsec
  fi
}

do_bouncer() {
  step "bouncer"
  if [[ $FAMILY == alpine ]]; then
    want_service cs-firewall-bouncer
  else
    want_service crowdsec-firewall-bouncer
  fi
  if [[ $DRY_RUN == false ]] && service_active crowdsec; then cscli bouncers list 2>&1 | indent; fi
}

BOUNCER=false
RELOAD=false
COLLECTIONS=""
while (($# > 0)); do
  case $1 in
    --with-bouncer) BOUNCER=true ;;
    --collections=*) COLLECTIONS=${1#*=} ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
COLLECTIONS=${COLLECTIONS:-$DEFAULT_COLLECTIONS}
if [[ ! $COLLECTIONS =~ ^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+(,[A-Za-z0-9_-]+/[A-Za-z0-9._-]+)*$ ]]; then
  refuse "--collections must be names such as crowdsecurity/sshd separated by commas, not '$COLLECTIONS'"
fi

need_root
need_supported_os
begin "install_crowdsec"
do_packages
do_collections
do_check
step "service"
want_service crowdsec
if [[ $BOUNCER == true ]]; then do_bouncer; fi
finish
