#!/usr/bin/env bash
#
# install_nano: the editor nano and, if asked for, nano as the editor that
# programs such as crontab and visudo open. Running it again changes nothing.
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

readonly FLAGS="--set-default --dry-run --help"
readonly PROFILE_FILE=/etc/profile.d/linkops-editor.sh

usage() {
  cat <<'HELP'
install_nano: install the editor nano

Usage: install_nano.sh [flags]

  --set-default    also make nano the default editor of the system
  --dry-run        say what would change, change nothing (needs no root)
  --help           this text

Systems: Debian, Ubuntu, Alpine.
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

do_default() {
  local now
  step "default editor"
  if [[ $FAMILY == debian ]]; then
    now=$(readlink /etc/alternatives/editor || true)
    if [[ $now == /bin/nano || $now == /usr/bin/nano ]]; then
      detail "already the default editor: $now"
    else
      act "make nano the default editor (now: ${now:-none})" update-alternatives --quiet --set editor /bin/nano
    fi
    return 0
  fi
  want_file "$PROFILE_FILE" 0644 'export EDITOR=nano VISUAL=nano'
  if [[ $FILE_CHANGED == true && $DRY_RUN == false ]]; then keep_file; fi
}

SET_DEFAULT=false
while (($# > 0)); do
  case $1 in
    --set-default) SET_DEFAULT=true ;;
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
begin "install_nano"
step "package"
want_packages nano
if [[ $SET_DEFAULT == true ]]; then do_default; fi
if [[ $DRY_RUN == false ]]; then
  step "check"
  nano --version | head -n 1 | sed 's/^ */    /'
fi
finish
