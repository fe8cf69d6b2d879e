#!/usr/bin/env bash
#
# backup_config: packs /etc and what else describes this machine (cron tables,
# the list of packages, enabled services) into one archive, checks that the
# archive can be read back, optionally encrypts it, and keeps the newest ones.
# If nothing has changed since the last backup, no new one is written.
#
# The archive contains secrets (password hashes, host keys): it has mode 0600
# in a directory of mode 0700. Use --encrypt when it leaves the machine.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""
umask 077

readonly FLAGS="--destination=REQUIRED --include=LIST --keep=7 --encrypt --recipient=KEY --passphrase-file=PATH --dry-run --help"

usage() {
  cat <<'HELP'
backup_config: back up the configuration of this machine

Usage: backup_config.sh --destination=DIRECTORY [flags]

  --destination=DIRECTORY   where the archives are kept, on this machine (required)
  --include=LIST            more absolute paths to back up, separated by commas
  --keep=N                  keep the newest N archives here (default: 7)
  --encrypt                 encrypt with gpg; needs exactly one of the next two
  --recipient=KEY           public key (in root's key ring) to encrypt for
  --passphrase-file=PATH    file on this machine whose first line is the passphrase
  --dry-run                 say what would be packed, change nothing (needs no root)
  --help                    this text

Read an archive back with: tar -xpzf FILE -C /some/empty/directory
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

service_manager() {
  if [[ -d /run/systemd/system ]] && command -v systemctl >/dev/null; then
    echo systemd
  elif [[ -d /run/openrc ]] && command -v rc-service >/dev/null; then
    echo openrc
  else
    echo none
  fi
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

sources() {
  local path
  for path in /etc /usr/local/etc /var/spool/cron /root/.ssh/authorized_keys /opt/etc "${INCLUDE[@]}"; do
    if [[ -e $path || -L $path ]]; then
      printf '%s\n' "$path"
    elif [[ " ${INCLUDE[*]} " == *" $path "* ]]; then
      warn "$path does not exist on this machine: left out"
    fi
  done
}

# Facts about the machine that no file in /etc holds.
write_facts() {
  uname -a >"$1/kernel.txt"
  if command -v dpkg-query >/dev/null; then
    dpkg --get-selections >"$1/packages.txt"
    apt-mark showmanual >"$1/packages-manual.txt" 2>/dev/null || true
  elif command -v apk >/dev/null; then
    apk info -v 2>/dev/null | sort >"$1/packages.txt"
  fi
  if [[ $(service_manager) == systemd ]]; then
    systemctl list-unit-files --state=enabled --no-legend --no-pager >"$1/enabled-units.txt" 2>/dev/null || true
  elif [[ $(service_manager) == openrc ]]; then
    rc-update show >"$1/enabled-services.txt" 2>/dev/null || true
  fi
}

# What would be packed, one line per source: files, size, unreadable files.
show_sources() {
  local path files bytes unreadable
  TOTAL_BYTES=0
  TOTAL_FILES=0
  while read -r path; do
    files=$(find "$path" -xdev ! -type d 2>/dev/null | wc -l || true)
    bytes=$(find "$path" -xdev -type f -exec stat -c %s {} + 2>/dev/null | awk '{s += $1} END {printf "%.0f", s}' || true)
    unreadable=$(find "$path" -xdev \( -type f -o -type d \) ! -readable 2>/dev/null | wc -l || true)
    TOTAL_BYTES=$((TOTAL_BYTES + ${bytes:-0}))
    TOTAL_FILES=$((TOTAL_FILES + files))
    if ((unreadable > 0)); then
      detail "$path: $files file(s), $(human_size "${bytes:-0}"), $unreadable not readable for $(id -un)"
    else
      detail "$path: $files file(s), $(human_size "${bytes:-0}")"
    fi
  done < <(sources)
}

check_encryption() {
  if [[ $ENCRYPT == false ]]; then return 0; fi
  step "encryption"
  if ! command -v gpg >/dev/null; then
    if [[ $DRY_RUN == false ]]; then die "gpg is not installed here: install gnupg, or run without --encrypt"; fi
    warn "gpg is not installed here: a real run would stop here"
  elif [[ -n $RECIPIENT ]]; then
    if gpg --batch --list-keys -- "$RECIPIENT" >/dev/null 2>&1; then
      detail "for the key $RECIPIENT"
    elif [[ $DRY_RUN == true ]]; then
      warn "the key ring of $(id -un) has no key $RECIPIENT"
    else
      die "the key ring of $(id -un) has no key $RECIPIENT: import its public key first"
    fi
  elif [[ ! -r $PASSPHRASE_FILE || ! -s $PASSPHRASE_FILE ]]; then
    if [[ $DRY_RUN == false ]]; then die "cannot read a passphrase from $PASSPHRASE_FILE"; fi
    warn "user $(id -un) cannot read a passphrase from $PASSPHRASE_FILE"
  else
    if [[ -n $(find "$PASSPHRASE_FILE" -perm /077 2>/dev/null) ]]; then
      warn "$PASSPHRASE_FILE can be read by others: chmod 600 it"
    fi
    detail "with the passphrase in $PASSPHRASE_FILE"
  fi
}

kind() {
  if [[ $ENCRYPT == false ]]; then
    echo plain
  elif [[ -n $RECIPIENT ]]; then
    echo "for $RECIPIENT"
  else
    echo "with a passphrase"
  fi
}

# One value for the whole content: names, modes, owners, link targets, bytes.
fingerprint() {
  {
    kind
    while read -r path; do
      find "$path" -xdev -path "$DESTINATION" -prune -o -exec stat -c '%n %a %u %g %F %N' {} + | sort
      find "$path" -xdev -path "$DESTINATION" -prune -o -type f -exec sha256sum {} + | sort
    done < <(sources 2>/dev/null)
    cat -- "$TMP_DIR"/facts/*
  } | sha256sum | cut -d' ' -f1
}

existing() {
  find "$DESTINATION" -maxdepth 1 -type f -name "$NAME-*" 2>/dev/null |
    grep -E -- "-[0-9]{8}T[0-9]{6}Z\\.tar\\.gz(\\.gpg)?\$" |
    awk -v start="$DESTINATION/$NAME-" 'substr($0, length(start) + 1) ~ /^[0-9]+T/' | sort || true
}

encrypt() {
  if [[ -n $RECIPIENT ]]; then
    gpg --batch --yes --quiet --trust-model always --encrypt --recipient "$RECIPIENT" --output "$2" -- "$1" 2>&1 | indent
  else
    install -d -m 0700 -- "$TMP_DIR/gnupg"
    gpg --homedir "$TMP_DIR/gnupg" --batch --yes --quiet --pinentry-mode loopback --no-symkey-cache \
      --passphrase-file "$PASSPHRASE_FILE" --symmetric --cipher-algo AES256 --output "$2" -- "$1" 2>&1 | indent
    gpgconf --homedir "$TMP_DIR/gnupg" --kill all >/dev/null 2>&1 || true
  fi
}

pack() {
  local stamp target list=() path rc=0
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  target=$DESTINATION/$NAME-$stamp.tar.gz
  if [[ $ENCRYPT == true ]]; then target+=.gpg; fi
  while read -r path; do list+=(".${path}"); done < <(sources 2>/dev/null)
  # tar's 1 means a file changed while it was read: the archive is complete otherwise.
  tar -C / --exclude=".$DESTINATION" -czf "$TMP_DIR/archive" "${list[@]}" -C "$TMP_DIR" facts 2>"$TMP_DIR/tar.log" || rc=$?
  if ((rc > 1)); then
    indent <"$TMP_DIR/tar.log"
    die "tar failed: no backup was written"
  fi
  if ! tar -tzf "$TMP_DIR/archive" >"$TMP_DIR/listing"; then die "the archive cannot be read back: no backup was written"; fi
  detail "packed and read back: $(wc -l <"$TMP_DIR/listing") entries"
  if [[ $ENCRYPT == true ]]; then
    encrypt "$TMP_DIR/archive" "$TMP_DIR/encrypted"
    mv -f -- "$TMP_DIR/encrypted" "$TMP_DIR/archive"
    detail "encrypted $(kind)"
  fi
  mv -- "$TMP_DIR/archive" "$target"
  (cd -- "$DESTINATION" && sha256sum -- "${target##*/}" >"$target.sha256")
  printf '%s\n' "$FINGERPRINT" >"$TMP_DIR/fingerprint"
  mv -f -- "$TMP_DIR/fingerprint" "$DESTINATION/$NAME.fingerprint"
  detail "written: $target ($(human_size "$(stat -c %s -- "$target")"), mode 0600)"
}

prune() {
  local all=() old
  step "older backups (keep $KEEP)"
  mapfile -t all < <(existing)
  if ((${#all[@]} <= KEEP)); then
    detail "already within the limit: ${#all[@]} archive(s) here"
    return 0
  fi
  for old in "${all[@]:0:${#all[@]}-KEEP}"; do
    act "delete $old" rm -f -- "$old" "$old.sha256"
  done
}

DESTINATION=""
INCLUDE_LIST=""
INCLUDE=()
KEEP=""
ENCRYPT=false
RECIPIENT=""
PASSPHRASE_FILE=""
while (($# > 0)); do
  case $1 in
    --destination=*) DESTINATION=${1#*=} ;;
    --include=*) INCLUDE_LIST=${1#*=} ;;
    --keep=*) KEEP=${1#*=} ;;
    --encrypt) ENCRYPT=true ;;
    --recipient=*) RECIPIENT=${1#*=} ;;
    --passphrase-file=*) PASSPHRASE_FILE=${1#*=} ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
KEEP=${KEEP:-7}
need_number --keep "$KEEP" 1 1000
if [[ -z $DESTINATION || $DESTINATION == REQUIRED ]]; then refuse "the flag --destination=DIRECTORY is required"; fi
if [[ $DESTINATION != /* || $DESTINATION == / || /$DESTINATION/ == */../* || $DESTINATION == *$'\n'* ]]; then
  refuse "--destination must be an absolute directory without .., not '$DESTINATION'"
fi
DESTINATION=${DESTINATION%/}
IFS=',' read -r -a INCLUDE <<<"$INCLUDE_LIST"
for path in "${INCLUDE[@]}"; do
  if [[ $path != /* || $path == / ]]; then refuse "--include must list absolute paths, not '$path'"; fi
done
if [[ $ENCRYPT == true && -z $RECIPIENT && -z $PASSPHRASE_FILE ]]; then
  refuse "--encrypt needs --recipient=KEY or --passphrase-file=PATH"
elif [[ -n $RECIPIENT && -n $PASSPHRASE_FILE ]]; then
  refuse "--recipient and --passphrase-file exclude each other"
elif [[ $ENCRYPT == false && -n $RECIPIENT$PASSPHRASE_FILE ]]; then
  refuse "--recipient and --passphrase-file only make sense with --encrypt"
elif [[ -n $PASSPHRASE_FILE && $PASSPHRASE_FILE != /* ]]; then
  refuse "--passphrase-file must be an absolute path, not '$PASSPHRASE_FILE'"
fi

need_root
OS_NAME=$(if [[ -r /etc/os-release ]]; then os_field PRETTY_NAME; else uname -s; fi)
NAME=config-$(uname -n)
begin "backup_config"
for tool in tar gzip sha256sum; do
  if ! command -v "$tool" >/dev/null; then die "$tool is not installed here: install it first"; fi
done
step "what is packed"
show_sources
detail "in all $TOTAL_FILES file(s), $(human_size "$TOTAL_BYTES"), and the list of packages and enabled services"
check_encryption

step "destination $DESTINATION"
parent=$DESTINATION
while [[ ! -d $parent ]]; do parent=$(dirname -- "$parent"); done
available=$(df -P -k -- "$parent" | awk 'NR == 2 {printf "%.0f", $4 * 1024}')
if [[ -d $DESTINATION && $(stat -c %u -- "$DESTINATION") != 0 ]]; then
  if [[ $DRY_RUN == false ]]; then die "it belongs to another user than root, who could replace the backups: choose another"; fi
  warn "it belongs to another user than root: a real run would stop here"
fi
detail "$(human_size "$available") free on its file system"
if ((available < TOTAL_BYTES)); then
  if [[ $DRY_RUN == false ]]; then die "not enough free space there"; fi
  warn "not enough free space there: a real run would stop here"
fi
latest=$(existing | tail -n 1)
if [[ -n $latest ]]; then detail "newest backup there: ${latest##*/}"; else detail "no backup of this machine there yet"; fi

if [[ $DRY_RUN == true ]]; then
  if [[ ! -d $DESTINATION ]]; then act "create $DESTINATION (mode 0700)" true; fi
  act "write $DESTINATION/$NAME-$(date -u +%Y%m%dT%H%M%SZ).tar.gz$([[ $ENCRYPT == false ]] || echo .gpg), unless nothing changed since the newest" true
  prune
  finish
  exit 0
fi

if [[ ! -d $DESTINATION ]]; then act "create $DESTINATION (mode 0700)" install -d -m 0700 -- "$DESTINATION"; fi
# The working directory lies in the destination: the finished archive is renamed into place.
TMP_DIR=$(mktemp -d "$DESTINATION/.linkops.XXXXXXXX")
mkdir -- "$TMP_DIR/facts"
write_facts "$TMP_DIR/facts"
FINGERPRINT=$(fingerprint)
if [[ -n $latest && -r $DESTINATION/$NAME.fingerprint && $(<"$DESTINATION/$NAME.fingerprint") == "$FINGERPRINT" ]]; then
  detail "already backed up: nothing has changed since ${latest##*/}"
else
  act "pack a new backup" pack
fi
prune
finish
