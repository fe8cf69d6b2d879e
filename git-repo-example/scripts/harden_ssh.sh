#!/usr/bin/env bash
#
# harden_ssh: careful settings for the SSH server, in a file of their own. It is
# made so that it cannot lock the admin out:
#   - the new configuration is checked with sshd -t before the server sees it,
#     and what is then in force is compared with what was wanted; else roll-back;
#   - the server is only reloaded, open connections stay open;
#   - passwords are only switched off when the user of this connection (and root)
#     has a key to log in with;
#   - root's login is only forbidden when this is not a connection of root;
#   - the port is only touched with --change-port=N, and the old one keeps
#     answering until --remove-old-port is given over a connection on the new one.
# Running it again changes nothing.
#
# Exit codes: 0 done, 1 failed or refused, 2 wrong flags.

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

readonly FLAGS="--disable-password-auth --permit-root-login=VALUE --max-auth-tries=N --change-port=N --remove-old-port --dry-run --help"
readonly MAIN=/etc/ssh/sshd_config
readonly DROP_IN=/etc/ssh/sshd_config.d/00-linkops-hardening.conf
readonly BEGIN_MARK="# BEGIN LinkOps harden_ssh"
readonly END_MARK="# END LinkOps harden_ssh"

usage() {
  cat <<'HELP'
harden_ssh: careful settings for the SSH server, without locking anybody out

Usage: harden_ssh.sh [flags]

  --disable-password-auth     only keys from now on; refused when root or the user of
                              this connection has no authorized_keys
  --permit-root-login=VALUE   prohibit-password or no (default: prohibit-password, but
                              a "no" that is there stays); no is refused over a
                              connection of root
  --max-auth-tries=N          attempts per connection (default: 4, or fewer if set so)
  --change-port=N             listen on port N too; the old port keeps answering
  --remove-old-port           with --change-port=N, over a connection on port N:
                              stop listening on the old port
  --dry-run                   say what would change, change nothing (needs no root)
  --help                      this text

After --change-port: open the port in the firewall, put it into links.yaml, run an
operation over it, and only then use --remove-old-port.
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

# service_do ACTION NAME: start, stop, restart, reload
service_do() {
  case $(service_manager) in
    systemd) systemctl "$1" "$2" ;;
    openrc) rc-service "$2" "$1" 2>&1 | indent ;;
    *) detail "no service manager is running here (a container?): $2 is left alone" ;;
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

# need_number FLAG VALUE MIN MAX
need_number() {
  if [[ ! $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
    refuse "$1 must be a whole number from $3 to $4, not '$2'"
  fi
}

# Who is really connected: with sudo, the user who called it.
login_user() {
  if [[ -n ${SUDO_USER:-} ]]; then printf '%s' "$SUDO_USER"; else id -un; fi
}

home_of() {
  { getent passwd "$1" 2>/dev/null || grep "^$1:" /etc/passwd || true; } | awk -F: 'NR == 1 {print $6}'
}

# has_key USER: at least one usable line in authorized_keys, with modes that
# sshd accepts. 0 yes, 1 no, 2 cannot tell.
has_key() {
  local home file
  home=$(home_of "$1")
  if [[ -z $home || ! -e $home ]]; then return 1; fi
  if [[ ! -x $home || (-d $home/.ssh && ! -x $home/.ssh) ]]; then return 2; fi
  for file in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do
    if [[ -e $file && ! -r $file ]]; then return 2; fi
    if [[ -s $file ]] && grep -Eq '^[^#]*(ssh-(ed25519|rsa)|ecdsa-sha2-nistp[0-9]+|sk-(ssh|ecdsa)-[a-z0-9@.-]+) +AAAA' "$file"; then
      if [[ -n $(find "$file" "$home/.ssh" "$home" -maxdepth 0 -perm /022) ]]; then
        warn "$file, its directory or the home directory is writable for others: sshd would not accept its keys"
        return 1
      fi
      return 0
    fi
  done
  return 1
}

# The configuration in force, as sshd prints it. Needs root.
effective() {
  # Where a socket starts sshd, this directory can be missing.
  if [[ ! -d /run/sshd && $DRY_RUN == false ]]; then install -d -m 0755 /run/sshd; fi
  "$SSHD" -T 2>/dev/null
}

# Without root: the first value in the readable files, else what sshd assumes.
guess() {
  local value
  value=$(cat /etc/ssh/sshd_config.d/*.conf "$MAIN" 2>/dev/null |
    awk -v key="$1" 'tolower($1) == "match" {exit} tolower($1) == key {$1 = ""; print substr($0, 2); exit}' || true)
  printf '%s' "${value:-$2 (assumed)}"
}

now() {
  local value=""
  if ((EUID == 0)); then value=$(effective | awk -v key="$1" '$1 == key {$1 = ""; print substr($0, 2); exit}' || true); fi
  if [[ -z $value ]]; then value=$(guess "$1" "$2"); fi
  printf '%s' "$value"
}

ports_now() {
  local ports=""
  if ((EUID == 0)); then ports=$(effective | awk '$1 == "port" {print $2}' | sort -nu || true); fi
  if [[ -z $ports ]]; then
    ports=$(cat /etc/ssh/sshd_config.d/*.conf "$MAIN" 2>/dev/null | awk 'tolower($1) == "port" {print $2}' | sort -nu || true)
  fi
  printf '%s\n' "${ports:-22}"
}

# What was not asked for is never made weaker than it is.
keep_stricter() {
  local have
  ROOT_LOGIN_NOW=$(now permitrootlogin prohibit-password)
  if [[ -z $ROOT_LOGIN ]]; then
    ROOT_LOGIN=prohibit-password
    if [[ $ROOT_LOGIN_NOW == no ]]; then ROOT_LOGIN=no; fi
  fi
  if [[ -z $MAX_TRIES ]]; then
    have=$(now maxauthtries 6)
    MAX_TRIES=4
    if [[ $have =~ ^[0-9]+$ ]] && ((have < 4)); then MAX_TRIES=$have; fi
  fi
}

check_passwords() {
  local user rc
  if [[ $NO_PASSWORDS == false ]]; then return 0; fi
  step "who could still log in without passwords"
  for user in $(printf '%s\n' root "$(login_user)" | sort -u); do
    if [[ $user == root && $ROOT_LOGIN == no ]]; then
      detail "root: login will be forbidden anyway"
      continue
    fi
    rc=0
    has_key "$user" || rc=$?
    case $rc in
      0) detail "$user has a key in authorized_keys" ;;
      1)
        block "--disable-password-auth is refused: $user has no usable key in authorized_keys and would be locked out"
        ;;
      *) detail "$user: $(id -un) cannot look into its home directory; a real run checks it as root" ;;
    esac
  done
}

check_root_login() {
  local rc=0
  if [[ $(login_user) != root || $ROOT_LOGIN_NOW == no ]]; then return 0; fi
  if [[ $ROOT_LOGIN == prohibit-password ]]; then
    if [[ $ROOT_LOGIN_NOW != yes ]]; then return 0; fi
    has_key root || rc=$?
    if ((rc == 0)); then return 0; fi
    block "root logs in with a password here and has no usable key in authorized_keys: forbidding root's password is refused"
  fi
  block "--permit-root-login=no is refused over a connection of root: log in as another user with sudo"
}

# Ports that other files than the managed one set.
ports_elsewhere() {
  local other
  echo none
  for other in "$MAIN" /etc/ssh/sshd_config.d/*.conf; do
    if [[ $other == "$DROP_IN" || ! -r $other ]]; then continue; fi
    without_managed <"$other" | awk 'tolower($1) == "port" {print $2}'
  done
}

# Sets PORTS: what the managed file says about ports (nothing, unless asked).
check_port() {
  local server_port other old
  PORTS=()
  if [[ -z $PORT ]]; then
    # Ports an earlier run has set stay.
    mapfile -t PORTS < <(managed_now | awk '$1 == "Port" {print $2}')
    return 0
  fi
  step "port"
  detail "listening now: $(ports_now | tr '\n' ' ')"
  if [[ $(service_manager) == systemd ]] && systemctl is-active --quiet ssh.socket 2>/dev/null; then
    block "here systemd listens for SSH (ssh.socket), not sshd: change the port with 'systemctl edit ssh.socket'"
  fi
  if cat "$MAIN" /etc/ssh/sshd_config.d/*.conf 2>/dev/null | grep -Eiq '^[[:space:]]*ListenAddress[[:space:]]+([^:[:space:]]+|\[[^]]*\]):[0-9]+'; then
    block "a ListenAddress names a port of its own: change the port by hand"
  fi
  if [[ $REMOVE_OLD == true ]]; then
    server_port=$(awk '{print $4}' <<<"${SSH_CONNECTION:-}")
    if [[ $server_port != "$PORT" ]]; then
      block "--remove-old-port is refused: this connection uses port ${server_port:-unknown}, not $PORT"
    fi
    other=$(ports_elsewhere | grep -vx none | tr '\n' ' ' || true)
    if [[ -n $other ]]; then
      block "a file of the admin's sets port ${other}too: remove that line by hand first"
    fi
    PORTS=("$PORT")
    return 0
  fi
  mapfile -t PORTS < <({ ports_now; echo "$PORT"; } | sort -nu | grep -Fxv -f <(ports_elsewhere) || true)
  old=" $(ports_now | tr '\n' ' ')"
  if [[ $old != *" $PORT "* ]] && command -v ss >/dev/null && ss -H -tln 2>/dev/null | awk '{print $4}' | grep -Eq ":$PORT$"; then
    block "another program already listens on port $PORT"
  fi
  if [[ -r /etc/ufw/ufw.conf ]] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
    warn "ufw is enabled: allow the new port too (ufw allow $PORT/tcp)"
  fi
}

# Settings as "name value", the ones this sshd knows.
wanted() {
  printf 'PermitRootLogin %s\n' "$ROOT_LOGIN"
  if [[ $NO_PASSWORDS == true ]]; then
    printf 'PasswordAuthentication no\nKbdInteractiveAuthentication no\n'
  else
    # An earlier run that switched passwords off stays in force.
    managed_now | grep -E '^(PasswordAuthentication|KbdInteractiveAuthentication) ' || true
  fi
  printf 'PubkeyAuthentication yes\n'
  printf 'PermitEmptyPasswords no\n'
  printf 'MaxAuthTries %s\n' "$MAX_TRIES"
  printf 'LoginGraceTime 30\n'
  printf 'X11Forwarding no\n'
  printf 'ClientAliveInterval 60\n'
  printf 'ClientAliveCountMax 5\n'
}

managed_now() {
  if [[ -r $DROP_IN ]]; then cat -- "$DROP_IN"; fi
  if [[ -r $MAIN ]]; then
    awk -v b="$BEGIN_MARK" -v e="$END_MARK" '$0 == e {on = 0} on {print} $0 == b {on = 1}' "$MAIN"
  fi
}

without_managed() { awk -v b="$BEGIN_MARK" -v e="$END_MARK" '$0 == b {off = 1} !off {print} $0 == e {off = 0}'; }

# Does the main file read the directory before it sets anything itself?
includes_drop_ins() {
  local first
  first=$(awk 'NF && $1 !~ /^#/ {print tolower($1), $2; exit}' "$MAIN")
  [[ $first == "include "*sshd_config.d/* ]]
}

settings_text() {
  local port
  wanted
  for port in "${PORTS[@]}"; do printf 'Port %s\n' "$port"; done
}

verify() {
  local name value have out
  if [[ ! -d /run/sshd ]]; then install -d -m 0755 /run/sshd; fi
  if ! out=$("$SSHD" -t 2>&1); then
    indent <<<"$out"
    return 1
  fi
  detail "sshd -t accepts the new configuration"
  while read -r name value; do
    have=$(effective | awk -v key="${name,,}" '$1 == key {$1 = ""; print substr($0, 2)}')
    if [[ $value == prohibit-password ]]; then have=${have/without-password/prohibit-password}; fi
    if ! grep -Fxq -- "$value" <<<"$have"; then
      detail "$name should be $value, but is ${have//$'\n'/ }: another file sets it first"
      return 1
    fi
  done < <(wanted)
  for value in "${PORTS[@]}"; do
    if ! ports_now | grep -Fxq -- "$value"; then
      detail "port $value is not among the ports sshd would listen on"
      return 1
    fi
  done
  detail "every setting is in force as wanted"
}

reload_sshd() {
  local name
  for name in ssh sshd; do
    if service_active "$name"; then
      detail "reloading $name; open connections stay open"
      service_do reload "$name"
      return $?
    fi
  done
  detail "sshd is not run by a service manager here: it reads the new configuration at its next start"
}

show_changes() {
  local name value have
  step "settings"
  while read -r name value; do
    have=$(now "${name,,}" "$(assumed "$name")")
    have=${have/without-password/prohibit-password}
    if [[ ${have% (assumed)} == "$value" ]]; then
      detail "$name is $have"
    else
      detail "$name is $have, wanted $value"
    fi
  done < <(wanted)
}

assumed() {
  case $1 in
    PermitRootLogin) echo prohibit-password ;;
    PasswordAuthentication | KbdInteractiveAuthentication | PubkeyAuthentication) echo yes ;;
    PermitEmptyPasswords | X11Forwarding) echo no ;;
    MaxAuthTries) echo 6 ;;
    LoginGraceTime) echo 120 ;;
    ClientAliveInterval) echo 0 ;;
    *) echo 3 ;;
  esac
}

do_settings() {
  step "configuration"
  if [[ ! -r $MAIN ]]; then
    if [[ $DRY_RUN == false ]]; then die "$MAIN does not exist: is OpenSSH's server installed?"; fi
    warn "$(id -un) cannot read $MAIN (or OpenSSH's server is not installed)"
    stop_here
  fi
  if includes_drop_ins; then
    want_file "$DROP_IN" 0644 "# Written by the LinkOps script harden_ssh. The first value of a setting wins.
$(settings_text)"
  else
    detail "$MAIN does not begin by reading sshd_config.d: a marked block at its top is used"
    want_file "$MAIN" "$(stat -c %a -- "$MAIN")" "$BEGIN_MARK
$(settings_text)
$END_MARK
$(without_managed <"$MAIN")"
  fi
  if [[ $FILE_CHANGED == false ]]; then return 0; fi
  if [[ $DRY_RUN == true ]]; then
    detail "would check it with sshd -t, take it back if that fails, else reload the SSH server"
    return 0
  fi
  if ! verify; then
    undo_file
    die "the new configuration was not accepted: rolled back, the server was not reloaded"
  fi
  if ! reload_sshd; then
    undo_file
    detail "reloading once more with the old configuration"
    reload_sshd || true
    die "the server could not be reloaded: rolled back"
  fi
  keep_file
  if [[ -n $PORT ]]; then detail "ports now: $(ports_now | tr '\n' ' ')"; fi
}

NO_PASSWORDS=false
ROOT_LOGIN=""
MAX_TRIES=""
PORT=""
REMOVE_OLD=false
while (($# > 0)); do
  case $1 in
    --disable-password-auth) NO_PASSWORDS=true ;;
    --permit-root-login=*) ROOT_LOGIN=${1#*=} ;;
    --max-auth-tries=*) MAX_TRIES=${1#*=} ;;
    --change-port=*) PORT=${1#*=} ;;
    --remove-old-port) REMOVE_OLD=true ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
if [[ -n $ROOT_LOGIN && $ROOT_LOGIN != prohibit-password && $ROOT_LOGIN != no ]]; then
  refuse "--permit-root-login must be prohibit-password or no, not '$ROOT_LOGIN'"
fi
if [[ -n $MAX_TRIES ]]; then need_number --max-auth-tries "$MAX_TRIES" 2 20; fi
if [[ -n $PORT ]]; then need_number --change-port "$PORT" 1 65535; fi
if [[ $REMOVE_OLD == true && -z $PORT ]]; then refuse "--remove-old-port needs --change-port=N"; fi

need_root
need_supported_os
SSHD=$(command -v sshd || true)
if [[ -z $SSHD ]]; then die "OpenSSH's server is not installed on this machine"; fi
begin "harden_ssh"
keep_stricter
check_root_login
check_passwords
check_port
show_changes
do_settings
finish
