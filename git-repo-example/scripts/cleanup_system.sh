#!/usr/bin/env bash
#
# cleanup_system: frees disk space: downloaded packages, old journal entries,
# old rotated logs, and if asked for packages nothing needs, old files in /tmp,
# unused container images. It says how much each step frees. Data, databases,
# current logs and containers are never touched.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""

readonly FLAGS="--journal-days=14 --log-days=30 --tmp-days=N --autoremove --docker --dry-run --help"

usage() {
  cat <<'HELP'
cleanup_system: free disk space

Usage: cleanup_system.sh [flags]

  --journal-days=N    keep this many days of the system journal (default: 14)
  --log-days=N        delete rotated logs in /var/log (*.gz, *.xz, *.1, ...) that
                      are older than this many days (default: 30)
  --tmp-days=N        delete files in /tmp and /var/tmp not changed and not read for
                      this many days (default: leave them alone)
  --autoremove        remove packages nothing depends on any more, with old kernels
  --docker            remove dangling images and the build cache of Docker
  --dry-run           say what would be freed, change nothing (needs no root)
  --help              this text

Systems: Debian, Ubuntu, Alpine; on others the steps that need no package tool.
HELP
}

step() { printf '==> %s\n' "$*"; }
detail() { printf '    %s\n' "$*"; }
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

# What apt would do, without locks and without writing its caches and logs.
apt_plan() {
  apt-get -s -q -o Debug::NoLocking=1 -o APT::Get::Show-User-Simulation-Note=0 \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Dir::Log::Planner=/dev/null \
    -o Dir::Log::Solver=/dev/null "$@" </dev/null 2>/dev/null
}

make_tmp() {
  if [[ -z $TMP_DIR ]]; then TMP_DIR=$(mktemp -d "${TMPDIR:-/tmp}/linkops.XXXXXXXX"); fi
}

# need_number FLAG VALUE MIN MAX
need_number() {
  if [[ ! $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
    refuse "$1 must be a whole number from $3 to $4, not '$2'"
  fi
}

# human_size BYTES
human_size() {
  awk -v b="$1" 'BEGIN {split("B KiB MiB GiB TiB", u, " "); i = 1; while (b >= 1024 && i < 5) {b /= 1024; i++} printf (i == 1 ? "%d %s" : "%.1f %s"), b, u[i]}'
}

# bytes_of FILE...: the sum of their sizes on disk; NUL-separated names on stdin.
bytes_of_list() {
  xargs -0 -r stat -c '%b %B' -- 2>/dev/null | awk '{sum += $1 * $2} END {printf "%.0f", sum}' || true
}

free_bytes() {
  df -P -k / /var 2>/dev/null | awk 'NR > 1 && !seen[$1]++ {sum += $4} END {printf "%.0f", sum * 1024}'
}

show_disks() {
  df -P -k 2>/dev/null | awk '
    $1 ~ /^\/dev\// && !seen[$1]++ {printf "    %s: %s of %.1f GiB used, %.1f GiB free\n", $6, $5, $2 / 1048576, $4 / 1048576}'
}

# delete_list WHAT FILE: deletes the files listed (NUL-separated) in FILE.
delete_list() {
  local count bytes
  count=$(tr -cd '\0' <"$2" | wc -c)
  if ((count == 0)); then
    detail "already clean: no $1"
    return 0
  fi
  bytes=$(bytes_of_list <"$2")
  act "delete $count $1, $(human_size "${bytes:-0}")" delete_files "$2"
  PLANNED=$((PLANNED + ${bytes:-0}))
}

delete_files() { xargs -0 -r rm -f -- <"$1"; }

clean_apk_cache() { find /var/cache/apk -type f -name '*.apk' -delete; }

do_package_cache() {
  step "downloaded packages"
  make_tmp
  case $FAMILY in
    debian)
      find /var/cache/apt/archives -maxdepth 1 -type f -name '*.deb' -print0 >"$TMP_DIR/cache" 2>/dev/null || true
      ;;
    alpine)
      find /var/cache/apk -type f -name '*.apk' -print0 >"$TMP_DIR/cache" 2>/dev/null || true
      ;;
    *)
      detail "no supported package tool on $OS_NAME: left alone"
      return 0
      ;;
  esac
  local count bytes
  count=$(tr -cd '\0' <"$TMP_DIR/cache" | wc -c)
  if ((count == 0)); then
    detail "already clean: no downloaded packages are kept"
    return 0
  fi
  bytes=$(bytes_of_list <"$TMP_DIR/cache")
  PLANNED=$((PLANNED + bytes))
  if [[ $FAMILY == debian ]]; then
    act "delete $count downloaded packages, $(human_size "$bytes")" apt_get clean
  else
    act "delete $count downloaded packages, $(human_size "$bytes")" clean_apk_cache
  fi
}

do_autoremove() {
  local names
  step "packages nothing depends on any more"
  if [[ $FAMILY != debian ]]; then
    detail "only apt keeps such packages: nothing to do"
    return 0
  fi
  names=$(apt_plan autoremove | awk '$1 == "Remv" {print $2}')
  if [[ -z $names ]]; then
    detail "already none"
  else
    act "remove ${names//$'\n'/ }" apt_get autoremove
  fi
}

do_journal() {
  local usage old
  step "journal older than $JOURNAL_DAYS day(s)"
  if ! command -v journalctl >/dev/null || [[ ! -d /var/log/journal ]]; then
    detail "no journal is kept on disk here"
    return 0
  fi
  usage=$(journalctl --disk-usage 2>/dev/null | head -n 1 || true)
  if [[ -n $usage ]]; then detail "${usage%.}"; fi
  make_tmp
  find /var/log/journal -type f -name '*@*.journal*' -mtime "+$JOURNAL_DAYS" -print0 >"$TMP_DIR/journal" 2>/dev/null || true
  old=$(bytes_of_list <"$TMP_DIR/journal")
  if [[ ! -s $TMP_DIR/journal ]]; then
    detail "already clean: no archived journal file is that old"
    return 0
  fi
  PLANNED=$((PLANNED + old))
  act "drop journal files of about $(human_size "$old")" vacuum_journal
}

vacuum_journal() { journalctl --quiet --vacuum-time="${JOURNAL_DAYS}d" 2>&1 | indent; }

do_logs() {
  step "rotated logs older than $LOG_DAYS day(s)"
  make_tmp
  find /var/log -xdev -type f -mtime "+$LOG_DAYS" ! -path '/var/log/journal/*' \
    \( -name '*.gz' -o -name '*.xz' -o -name '*.bz2' -o -name '*.zst' -o -name '*.[0-9]' -o -name '*.old' -o -name '*.log-[0-9]*' \) \
    -print0 >"$TMP_DIR/logs" 2>/dev/null || true
  delete_list "rotated log file(s)" "$TMP_DIR/logs"
}

do_tmp() {
  step "files in /tmp and /var/tmp untouched for $TMP_DAYS day(s)"
  make_tmp
  # Only plain files; those of systemd's private directories belong to running services.
  find /tmp /var/tmp -xdev -type f ! -path '*/systemd-private-*' \
    -mtime "+$TMP_DAYS" -atime "+$TMP_DAYS" -ctime "+$TMP_DAYS" -print0 >"$TMP_DIR/old" 2>/dev/null || true
  delete_list "old temporary file(s)" "$TMP_DIR/old"
}

do_docker() {
  local dangling line
  step "docker"
  if ! command -v docker >/dev/null; then
    detail "docker is not installed here"
    return 0
  fi
  if ! dangling=$(docker images --quiet --filter dangling=true 2>/dev/null); then
    detail "docker does not answer user $(id -un): left alone"
    return 0
  fi
  docker system df 2>/dev/null | indent || true
  if [[ -z $dangling ]]; then
    detail "already none: dangling images"
  else
    act "remove $(sort -u <<<"$dangling" | wc -l) dangling image(s)" prune_images
  fi
  line=$(docker system df --format '{{.Type}} {{.Reclaimable}}' 2>/dev/null | grep '^Build Cache' || true)
  if [[ -n $line && $line != "Build Cache 0B"* ]]; then
    act "remove the unused build cache (${line#Build Cache })" prune_builds
  else
    detail "already none: unused build cache"
  fi
}

prune_images() { docker image prune --force 2>&1 | indent; }
prune_builds() { docker builder prune --force 2>&1 | indent; }

JOURNAL_DAYS=""
LOG_DAYS=""
TMP_DAYS=""
AUTOREMOVE=false
DOCKER=false
PLANNED=0
while (($# > 0)); do
  case $1 in
    --journal-days=*) JOURNAL_DAYS=${1#*=} ;;
    --log-days=*) LOG_DAYS=${1#*=} ;;
    --tmp-days=*) TMP_DAYS=${1#*=} ;;
    --autoremove) AUTOREMOVE=true ;;
    --docker) DOCKER=true ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
JOURNAL_DAYS=${JOURNAL_DAYS:-14}
LOG_DAYS=${LOG_DAYS:-30}
need_number --journal-days "$JOURNAL_DAYS" 1 3650
need_number --log-days "$LOG_DAYS" 1 3650
if [[ -n $TMP_DAYS ]]; then need_number --tmp-days "$TMP_DAYS" 1 3650; fi

need_root
detect_os
begin "cleanup_system"
step "disks"
show_disks
before=$(free_bytes)
do_package_cache
do_journal
do_logs
if [[ $AUTOREMOVE == true ]]; then do_autoremove; fi
if [[ -n $TMP_DAYS ]]; then do_tmp; fi
if [[ $DOCKER == true ]]; then do_docker; fi
step "result"
if [[ $DRY_RUN == true ]]; then
  detail "files worth $(human_size "$PLANNED") would be deleted (removed packages and images not counted)"
  if ((EUID != 0)); then detail "user $(id -un) cannot see everything: as root it may be more"; fi
else
  freed=$(($(free_bytes) - before))
  if ((freed < 0)); then freed=0; fi
  detail "$(human_size "$freed") freed"
fi
finish
