#!/usr/bin/env bash
#
# update_system: installs pending package updates, says what changed, which
# services still run old code and whether a reboot is needed. It reboots only
# when asked to. Running it again with nothing pending changes nothing.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""

readonly FLAGS="--security-only --full-upgrade --autoremove --reboot-if-needed --dry-run --help"

usage() {
  cat <<'HELP'
update_system: install pending package updates

Usage: update_system.sh [flags]

  --security-only       only updates from a security repository (Debian, Ubuntu)
  --full-upgrade        also updates that need other packages installed or removed
  --autoremove          afterwards remove packages nothing depends on any more
  --reboot-if-needed    schedule a reboot in one minute if one is needed
  --dry-run             list what would be updated, change nothing (needs no root;
                        uses the package index as it is on the machine)
  --help                this text

Systems: Debian, Ubuntu, Alpine.
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

index_age() {
  local newest now
  now=$(date +%s)
  case $FAMILY in
    debian) newest=$(stat -c %Y /var/lib/apt/lists/partial /var/cache/apt/pkgcache.bin 2>/dev/null | sort -n | tail -n 1 || true) ;;
    *) newest=$(find /var/cache/apk /etc/apk/cache -name 'APKINDEX*' -exec stat -c %Y {} + 2>/dev/null | sort -n | tail -n 1 || true) ;;
  esac
  if [[ -z $newest ]]; then
    detail "package index: none on this machine yet"
  else
    detail "package index: last refreshed about $(((now - newest) / 3600)) hour(s) ago"
  fi
}

# Lines "name old new origin" for what the chosen kind of upgrade would install.
pending_apt() {
  local kind=upgrade
  if [[ $FULL == true ]]; then kind=dist-upgrade; fi
  apt_plan --with-new-pkgs "$kind" | awk '
    $1 == "Inst" {
      name = $2; old = "-"; i = 3
      if ($3 ~ /^\[/) {old = substr($3, 2, length($3) - 2); i = 4}
      new = substr($i, 2)
      origin = ""
      for (j = i + 1; j <= NF; j++) {
        if ($j ~ /^\[/) break
        origin = origin $j
      }
      print name, old, new, (origin == "" ? "-" : origin)
    }'
}

is_security() { grep -Eiq -- '-security|debian-security|esm' <<<"$1"; }

list_pending() {
  local name old new origin mark security=0
  NAMES=()
  COUNT=0
  while read -r name old new origin; do
    mark=""
    if is_security "$origin"; then
      mark=" (security)"
      security=$((security + 1))
    elif [[ $SECURITY_ONLY == true ]]; then
      continue
    fi
    COUNT=$((COUNT + 1))
    NAMES+=("$name")
    if [[ $old == - ]]; then
      detail "$name $new, new$mark"
    else
      detail "$name $old -> $new$mark"
    fi
  done < <(pending_apt)
  if ((COUNT == 0)); then
    detail "already up to date"
  else
    detail "$COUNT package(s), $security of them from a security repository"
  fi
}

update_apt() {
  local held
  step "pending updates"
  list_pending
  held=$(apt-mark showhold 2>/dev/null || true)
  if [[ -n $held ]]; then detail "held back by the admin, not touched: ${held//$'\n'/ }"; fi
  if ((COUNT == 0)); then return 0; fi
  CHANGES=$((CHANGES + COUNT))
  if [[ $DRY_RUN == true ]]; then
    detail "would install these $COUNT update(s)"
    return 0
  fi
  step "installing"
  if [[ $SECURITY_ONLY == true ]]; then
    apt_get install --only-upgrade "${NAMES[@]}"
  elif [[ $FULL == true ]]; then
    apt_get dist-upgrade
  else
    apt_get upgrade --with-new-pkgs
  fi
}

autoremove_apt() {
  local names
  step "packages nothing depends on any more"
  names=$(apt_plan autoremove | awk '$1 == "Remv" {print $2}')
  if [[ -z $names ]]; then
    detail "already none"
    return 0
  fi
  act "remove ${names//$'\n'/ }" apt_get autoremove
}

update_apk() {
  local plan lines
  step "pending updates"
  plan=$(apk upgrade --simulate 2>/dev/null || true)
  lines=$(grep -E '^\([0-9]+/[0-9]+\)' <<<"$plan" || true)
  if [[ -z $lines ]]; then
    detail "already up to date"
    return 0
  fi
  indent <<<"$lines"
  CHANGES=$((CHANGES + $(wc -l <<<"$lines")))
  if [[ $DRY_RUN == true ]]; then
    detail "would install these updates"
    return 0
  fi
  step "installing"
  if [[ $FULL == true ]]; then
    apk_do upgrade --available
  else
    apk_do upgrade
  fi
}

# Processes that still use files which an update has replaced (root sees all).
old_code() {
  local maps pid names=""
  for maps in /proc/[0-9]*/maps; do
    if [[ $maps == "/proc/$$/maps" ]]; then continue; fi
    if grep -Eqs ' /(usr|lib|lib64|bin|sbin)/.* \(deleted\)$' "$maps"; then
      pid=${maps#/proc/}
      pid=${pid%/maps}
      names+="$(cat "/proc/$pid/comm" 2>/dev/null || true)"$'\n'
    fi
  done
  sort -u <<<"$names" | sed '/^$/d' | tr '\n' ' '
}

reboot_reason() {
  local newest
  if [[ -e /run/reboot-required ]]; then
    printf 'the system asks for it (%s)' "$(sort -u /run/reboot-required.pkgs 2>/dev/null | tr '\n' ' ' | sed 's/ $//')"
    return 0
  fi
  if [[ $FAMILY == alpine && -d /lib/modules && ! -d /lib/modules/$(uname -r) ]]; then
    newest=$(find /lib/modules -mindepth 1 -maxdepth 1 | head -n 1)
    if [[ -n $newest ]]; then printf 'the running kernel %s is no longer installed' "$(uname -r)"; fi
  fi
}

do_after() {
  local names reason
  step "after the update"
  names=$(old_code)
  if [[ -z $names ]]; then
    detail "no process seen that still runs replaced files"
  else
    detail "still running replaced files, restart when it suits: $names"
  fi
  if ((EUID != 0)); then detail "(only processes of user $(id -un) could be looked at)"; fi
  reason=$(reboot_reason)
  if [[ -z $reason ]]; then
    detail "no reboot is needed"
  elif [[ $REBOOT == false ]]; then
    warn "a reboot is needed: $reason"
  elif [[ -e /run/systemd/shutdown/scheduled ]]; then
    detail "already scheduled: a reboot, because $reason"
  elif [[ $FAMILY == debian ]]; then
    act "schedule a reboot in one minute: $reason" shutdown -r +1 "LinkOps: update_system"
  else
    act "reboot in one minute: $reason" later_reboot
  fi
}

later_reboot() {
  setsid sh -c 'sleep 60; reboot' </dev/null >/dev/null 2>&1 &
}

SECURITY_ONLY=false
FULL=false
AUTOREMOVE=false
REBOOT=false
while (($# > 0)); do
  case $1 in
    --security-only) SECURITY_ONLY=true ;;
    --full-upgrade) FULL=true ;;
    --autoremove) AUTOREMOVE=true ;;
    --reboot-if-needed) REBOOT=true ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done

need_root
need_supported_os
if [[ $SECURITY_ONLY == true && $FULL == true ]]; then
  refuse "--security-only and --full-upgrade exclude each other"
fi
if [[ $SECURITY_ONLY == true && $FAMILY == alpine ]]; then
  die "Alpine does not mark security updates: run without --security-only"
fi
begin "update_system"
step "package index"
if [[ $DRY_RUN == true ]]; then
  index_age
  detail "would refresh it first if it is older than an hour"
else
  refresh_index
  index_age
fi
if [[ $FAMILY == debian ]]; then
  if [[ -n $(dpkg --audit 2>/dev/null) ]]; then
    act "finish an interrupted installation (dpkg --configure -a)" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confold
  fi
  update_apt
  if [[ $AUTOREMOVE == true ]]; then autoremove_apt; fi
else
  update_apk
  if [[ $AUTOREMOVE == true ]]; then detail "apk removes what nothing depends on by itself"; fi
fi
do_after
finish
