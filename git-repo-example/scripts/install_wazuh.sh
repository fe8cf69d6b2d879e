#!/usr/bin/env bash
#
# install_wazuh: the Wazuh agent, connected to the given manager. Wazuh is in no
# distribution: the package comes from Wazuh's apt repository, which the admin
# must have configured (this script adds no repository and no key). Running it
# again changes nothing; with another --manager-ip it moves the agent.
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

readonly FLAGS="--manager-ip=REQUIRED --manager-port=1514 --agent-name=NAME --password-file=PATH --dry-run --help"
readonly CONF=/var/ossec/etc/ossec.conf
readonly PASS=/var/ossec/etc/authd.pass

usage() {
  cat <<'HELP'
install_wazuh: install the Wazuh agent and connect it to a manager

Usage: install_wazuh.sh --manager-ip=ADDRESS [flags]

  --manager-ip=ADDRESS    IP address or host name of the Wazuh manager (required)
  --manager-port=PORT     port of the manager for agents (default: 1514)
  --agent-name=NAME       name of this agent at its first enrolment (default: host name)
  --password-file=PATH    file on this machine with the enrolment password; its
                          content never appears on a command line or in the output
  --dry-run               say what would change, change nothing (needs no root)
  --help                  this text

Systems: Debian, Ubuntu with Wazuh's apt repository configured.
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

explain_repository() {
  warn "Wazuh's apt repository is not configured here, and this script adds no repositories"
  detail "an admin must do that once:"
  detail "  1. fetch the key https://packages.wazuh.com/key/GPG-KEY-WAZUH, compare its fingerprint"
  detail "     with the one in Wazuh's documentation, save it as /etc/apt/keyrings/wazuh.asc"
  detail "  2. write /etc/apt/sources.list.d/wazuh.list:"
  detail "       deb [signed-by=/etc/apt/keyrings/wazuh.asc] https://packages.wazuh.com/4.x/apt/ stable main"
  detail "  3. apt-get update, then run this again"
}

do_package() {
  step "package"
  if [[ -z $(pkg_version wazuh-agent)$(pkg_candidate wazuh-agent) ]]; then
    if [[ $DRY_RUN == false ]]; then refresh_index; fi
    if [[ -z $(pkg_candidate wazuh-agent) ]]; then
      explain_repository
      if [[ $DRY_RUN == false ]]; then die "the package wazuh-agent is not available on this machine"; fi
      stop_here
    fi
  fi
  # The package's own installer reads these and writes them into its configuration.
  export WAZUH_MANAGER=$MANAGER_IP WAZUH_MANAGER_PORT=$MANAGER_PORT
  if [[ -n $AGENT_NAME ]]; then export WAZUH_AGENT_NAME=$AGENT_NAME; fi
  want_packages wazuh-agent
}

# The first <address> and <port> inside <server> of the configuration.
configured() {
  awk -v tag="$1" '
    /<server>/ {inside = 1}
    /<\/server>/ {inside = 0}
    inside && $0 ~ "<" tag ">" {gsub(/^.*<[a-z]+>|<\/[a-z]+>.*$/, ""); print; exit}' "$CONF"
}

with_manager() {
  awk -v ip="$MANAGER_IP" -v port="$MANAGER_PORT" '
    /<server>/ {n++; inside = 1}
    inside && n == 1 {
      sub(/<address>[^<]*<\/address>/, "<address>" ip "</address>")
      sub(/<port>[^<]*<\/port>/, "<port>" port "</port>")
    }
    /<\/server>/ {inside = 0}
    {print}' "$CONF"
}

do_manager() {
  step "manager"
  if [[ ! -e $CONF ]]; then
    detail "would connect to $MANAGER_IP port $MANAGER_PORT once installed"
    return 0
  fi
  if [[ ! -r $CONF ]]; then
    detail "user $(id -un) may not read $CONF: would set $MANAGER_IP port $MANAGER_PORT if they differ"
    return 0
  fi
  detail "configured: $(configured address) port $(configured port)"
  want_file "$CONF" 0660 "$(with_manager)"
  if [[ $FILE_CHANGED == false || $DRY_RUN == true ]]; then return 0; fi
  chown root:wazuh -- "$CONF"
  if [[ $(configured address) != "$MANAGER_IP" ]] || ! /var/ossec/bin/wazuh-agentd -t 2>&1 | indent; then
    undo_file
    die "the agent does not accept the configuration: rolled back"
  fi
  keep_file
  RESTART=true
}

do_password() {
  step "enrolment password"
  if [[ -s /var/ossec/etc/client.keys ]]; then
    detail "already enrolled: no password is needed"
    return 0
  fi
  if [[ ! -r $PASSWORD_FILE ]]; then
    if [[ $DRY_RUN == false ]]; then die "cannot read $PASSWORD_FILE on this machine"; fi
    warn "user $(id -un) cannot read $PASSWORD_FILE on this machine"
  fi
  act "copy $PASSWORD_FILE to $PASS (mode 0640)" install -m 0640 -o root -g wazuh -- "$PASSWORD_FILE" "$PASS"
}

MANAGER_IP=""
MANAGER_PORT=""
AGENT_NAME=""
PASSWORD_FILE=""
RESTART=false
while (($# > 0)); do
  case $1 in
    --manager-ip=*) MANAGER_IP=${1#*=} ;;
    --manager-port=*) MANAGER_PORT=${1#*=} ;;
    --agent-name=*) AGENT_NAME=${1#*=} ;;
    --password-file=*) PASSWORD_FILE=${1#*=} ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
MANAGER_PORT=${MANAGER_PORT:-1514}
if [[ -z $MANAGER_IP || $MANAGER_IP == REQUIRED ]]; then refuse "the flag --manager-ip=ADDRESS is required"; fi
if [[ ! $MANAGER_IP =~ ^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$ ]]; then
  refuse "--manager-ip must be an IP address or a host name, not '$MANAGER_IP'"
fi
if [[ $MANAGER_IP =~ ^[0-9.]+$ ]]; then
  octet='(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
  if [[ ! $MANAGER_IP =~ ^$octet\.$octet\.$octet\.$octet$ ]]; then
    refuse "--manager-ip is not a valid IPv4 address: '$MANAGER_IP'"
  fi
fi
need_number --manager-port "$MANAGER_PORT" 1 65535
if [[ -n $AGENT_NAME && ! $AGENT_NAME =~ ^[A-Za-z0-9._-]{2,128}$ ]]; then
  refuse "--agent-name may have letters, digits, dot, dash and underscore, not '$AGENT_NAME'"
fi
if [[ -n $PASSWORD_FILE && $PASSWORD_FILE != /* ]]; then
  refuse "--password-file must be an absolute path, not '$PASSWORD_FILE'"
fi

need_root
detect_os
if [[ $FAMILY != debian ]]; then
  die "$OS_NAME is not supported: Wazuh offers its agent as a package for Debian and Ubuntu (apt)"
fi
begin "install_wazuh"
do_package
do_manager
if [[ -n $PASSWORD_FILE ]]; then do_password; fi
step "service"
want_service wazuh-agent
if [[ $RESTART == true ]] && service_active wazuh-agent; then
  detail "restarting wazuh-agent with the new manager"
  service_do restart wazuh-agent
fi
finish
