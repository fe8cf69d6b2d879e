#!/usr/bin/env bash
#
# install_docker: the Docker engine with Compose, log rotation for containers.
# From the distribution's packages; with --source=vendor from Docker's own apt
# repository if the admin has already configured that one (this script adds no
# repository and no key). Running it again changes nothing.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""
NEW_FILE=""
UNDO_PATH=""
UNDO_COPY=""
readonly BACKUP_DIR=/var/backups/linkops

readonly FLAGS="--source=distribution --add-user=NAME --log-max-size=10m --dry-run --help"
readonly DAEMON_FILE=/etc/docker/daemon.json

usage() {
  cat <<'HELP'
install_docker: install the Docker engine and Compose

Usage: install_docker.sh [flags]

  --source=distribution|vendor  where the packages come from (default: distribution);
                                vendor needs Docker's apt repository to be configured
  --add-user=NAME               put this user into the group docker (that is as much
                                as giving the user root)
  --log-max-size=SIZE           rotate container logs at this size (default: 10m);
                                only written when there is no daemon.json yet
  --dry-run                     say what would change, change nothing (needs no root)
  --help                        this text

Systems: Debian, Ubuntu, Alpine (distribution only).
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
  if [[ -n $UNDO_PATH ]]; then undo_file; fi
  if [[ -n $NEW_FILE ]]; then rm -f -- "$NEW_FILE"; fi
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

# block WHY: the script must not go on. In a dry run that is said, not an error.
block() {
  if [[ $DRY_RUN == false ]]; then die "$*; nothing was changed"; fi
  warn "$*"
  stop_here
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

# put_file PATH MODE CONTENT: backup, then an atomic replacement. undo_file takes
# it back until keep_file is called (also when the script is stopped half-way).
put_file() {
  local path dir
  mkdir -p -- "$(dirname -- "$1")"
  path=$(readlink -f -- "$1")
  dir=$(dirname -- "$path")
  NEW_FILE=$(mktemp "$dir/.linkops.XXXXXXXX")
  printf '%s\n' "$3" >"$NEW_FILE"
  chown 0:0 -- "$NEW_FILE"
  chmod "$2" -- "$NEW_FILE"
  UNDO_COPY=""
  if [[ -e $path ]]; then
    install -d -m 0700 -- "$BACKUP_DIR"
    UNDO_COPY="$BACKUP_DIR/$(tr / _ <<<"${path#/}").$(date -u +%Y%m%dT%H%M%SZ)"
    while [[ -e $UNDO_COPY ]]; do UNDO_COPY+="+"; done
    cp -p -- "$path" "$UNDO_COPY"
    detail "the old file is kept as $UNDO_COPY"
  fi
  UNDO_PATH=$path
  mv -f -- "$NEW_FILE" "$path"
  NEW_FILE=""
}

keep_file() {
  UNDO_PATH=""
  UNDO_COPY=""
}

undo_file() {
  if [[ -z $UNDO_PATH ]]; then return 0; fi
  if [[ -n $UNDO_COPY ]]; then
    NEW_FILE=$(mktemp "$(dirname -- "$UNDO_PATH")/.linkops.XXXXXXXX")
    cp -p -- "$UNDO_COPY" "$NEW_FILE"
    mv -f -- "$NEW_FILE" "$UNDO_PATH"
    NEW_FILE=""
    detail "rolled back: $UNDO_PATH is as it was"
  else
    rm -f -- "$UNDO_PATH"
    detail "rolled back: $UNDO_PATH is removed again"
  fi
  UNDO_PATH=""
  UNDO_COPY=""
}

# want_file PATH MODE CONTENT: sets FILE_CHANGED to true when the file was (in a
# dry run: would be) written. The caller checks it, then calls keep_file.
want_file() {
  local path=$1 mode=$2 content=$3
  FILE_CHANGED=false
  if [[ -r $path && $(<"$path") == "$content" ]]; then
    detail "already as wanted: $path"
    return 0
  fi
  if [[ $DRY_RUN == true ]]; then
    CHANGES=$((CHANGES + 1))
    FILE_CHANGED=true
    if [[ ! -e $path ]]; then
      detail "would create $path (mode $mode):"
      awk '{print "    + " $0}' <<<"$content"
    elif [[ ! -r $path ]]; then
      detail "would compare $path and replace it where it differs (user $(id -un) may not read it)"
    elif command -v diff >/dev/null; then
      detail "would change $path:"
      diff -U 0 -- "$path" <(printf '%s\n' "$content") | sed -n '3,$ s/^/    /p' || true
    else
      detail "would replace $path"
    fi
    return 0
  fi
  CHANGES=$((CHANGES + 1))
  FILE_CHANGED=true
  detail "writing $path"
  put_file "$path" "$mode" "$content"
}

compose_package() {
  local name
  for name in docker-compose-v2 docker-compose; do
    if [[ -n $(pkg_version "$name")$(pkg_candidate "$name") ]]; then
      printf '%s' "$name"
      return 0
    fi
  done
  printf 'docker-compose'
}

do_packages() {
  local conflict
  step "packages ($SOURCE)"
  if [[ $FAMILY == alpine ]]; then
    if [[ $SOURCE == vendor ]]; then block "Docker has no packages of its own for Alpine: use --source=distribution"; fi
    want_packages docker docker-cli-compose
    return 0
  fi
  if [[ $SOURCE == distribution ]]; then
    conflict=$(pkg_version docker-ce)
    if [[ -n $conflict ]]; then
      detail "already installed from the vendor: docker-ce $conflict; left as it is"
      return 0
    fi
    want_packages docker.io "$(compose_package)"
    return 0
  fi
  conflict=$(pkg_version docker.io)
  if [[ -n $conflict ]]; then
    block "docker.io $conflict of the distribution is installed: remove it first, or use --source=distribution"
  fi
  if [[ -z $(pkg_version docker-ce)$(pkg_candidate docker-ce) ]]; then
    explain_vendor
    if [[ $DRY_RUN == false ]]; then die "the package docker-ce is not available on this machine"; fi
    stop_here
  fi
  want_packages docker-ce docker-ce-cli containerd.io docker-compose-plugin
}

explain_vendor() {
  warn "Docker's apt repository is not configured here, and this script adds no repositories"
  detail "an admin must do that once:"
  detail "  1. fetch the key from https://download.docker.com/linux/$(os_field ID)/gpg, compare its"
  detail "     fingerprint with the one in Docker's documentation, save it as /etc/apt/keyrings/docker.asc"
  detail "  2. write /etc/apt/sources.list.d/docker.sources:"
  detail "       Types: deb"
  detail "       URIs: https://download.docker.com/linux/$(os_field ID)"
  detail "       Suites: $(os_field VERSION_CODENAME)"
  detail "       Components: stable"
  detail "       Signed-By: /etc/apt/keyrings/docker.asc"
  detail "  3. apt-get update, then run this again"
}

do_daemon_config() {
  local content
  step "configuration"
  if [[ -e $DAEMON_FILE ]]; then
    detail "already there, left as it is: $DAEMON_FILE"
    return 0
  fi
  content='{
  "log-driver": "json-file",
  "log-opts": {
    "max-size": "'$LOG_MAX_SIZE'",
    "max-file": "3"
  }
}'
  want_file "$DAEMON_FILE" 0644 "$content"
  if [[ $FILE_CHANGED == false || $DRY_RUN == true ]]; then return 0; fi
  if dockerd --help 2>/dev/null | grep -q -- '--validate' &&
    ! dockerd --validate --config-file "$DAEMON_FILE" >/dev/null; then
    undo_file
    die "dockerd does not accept the configuration: rolled back"
  fi
  if service_active docker; then
    if ! service_do restart docker; then
      undo_file
      service_do restart docker || true
      die "docker did not start with the new configuration: rolled back"
    fi
  fi
  keep_file
}

do_user() {
  local groups
  step "user $ADD_USER"
  if ! groups=$(id -nG -- "$ADD_USER" 2>/dev/null); then
    if [[ $DRY_RUN == false ]]; then die "there is no user $ADD_USER on this machine"; fi
    warn "there is no user $ADD_USER on this machine: a real run would stop here"
    return 0
  fi
  if [[ " $groups " == *" docker "* ]]; then
    detail "already in the group docker"
  elif [[ $FAMILY == alpine ]]; then
    act "add $ADD_USER to the group docker" addgroup "$ADD_USER" docker
  else
    act "add $ADD_USER to the group docker" usermod -a -G docker -- "$ADD_USER"
  fi
}

SOURCE=""
ADD_USER=""
LOG_MAX_SIZE=""
while (($# > 0)); do
  case $1 in
    --source=*) SOURCE=${1#*=} ;;
    --add-user=*) ADD_USER=${1#*=} ;;
    --log-max-size=*) LOG_MAX_SIZE=${1#*=} ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
SOURCE=${SOURCE:-distribution}
LOG_MAX_SIZE=${LOG_MAX_SIZE:-10m}
if [[ $SOURCE != distribution && $SOURCE != vendor ]]; then
  refuse "--source must be distribution or vendor, not '$SOURCE'"
fi
if [[ ! $LOG_MAX_SIZE =~ ^[1-9][0-9]{0,5}[kmg]$ ]]; then
  refuse "--log-max-size must be a size such as 10m, not '$LOG_MAX_SIZE'"
fi
if [[ -n $ADD_USER && ! $ADD_USER =~ ^[a-z_][a-z0-9_-]{0,31}$ ]]; then
  refuse "--add-user must be a user name, not '$ADD_USER'"
fi

need_root
need_supported_os
begin "install_docker"
do_packages
do_daemon_config
step "service"
want_service docker
if [[ -n $ADD_USER ]]; then do_user; fi
if [[ $DRY_RUN == false ]]; then
  step "check"
  docker --version | sed 's/^/    /'
fi
finish
