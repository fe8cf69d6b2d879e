#!/usr/bin/env bash
#
# install_firewall: ufw with "deny incoming" as the default. The ports SSH
# listens on, and the port of this very connection, are always opened first: it
# cannot lock the admin out. Rules that are there already stay. Running it again
# changes nothing.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

ARGS=("$@")
DRY_RUN=false
CHANGES=0
TMP_DIR=""

readonly FLAGS="--allow=LIST --ssh-from=NETWORK --dry-run --help"

usage() {
  cat <<'HELP'
install_firewall: install ufw, allow SSH, deny other incoming connections

Usage: install_firewall.sh [flags]

  --allow=LIST          more to allow, separated by commas, such as 80/tcp,443/tcp
  --ssh-from=NETWORK    allow SSH only from this address or network, such as
                        10.0.0.0/8; refused if this connection comes from elsewhere
                        (rules that allow SSH from anywhere must be deleted by hand)
  --dry-run             say what would change, change nothing (needs no root)
  --help                this text

Ports that Docker publishes are not filtered by ufw: publish them on 127.0.0.1.
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

# need_number FLAG VALUE MIN MAX
need_number() {
  if [[ ! $2 =~ ^[0-9]{1,9}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
    refuse "$1 must be a whole number from $3 to $4, not '$2'"
  fi
}

# The ports sshd listens on by its configuration, one per line.
sshd_ports() {
  local ports=""
  if ((EUID == 0)) && command -v sshd >/dev/null; then
    ports=$("$(command -v sshd)" -T 2>/dev/null |
      awk '$1 == "port" {print $2} $1 == "listenaddress" {n = split($2, a, ":"); print a[n]}' || true)
  fi
  if [[ -z $ports ]]; then
    ports=$(grep -hEis '^[[:space:]]*Port[[:space:]]+[0-9]+' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf |
      awk '{print $2}' || true)
  fi
  printf '%s\n' "${ports:-22}"
}

# The ports SSH is or may be reached on, one per line.
ssh_ports() {
  {
    sshd_ports
    if [[ -n $SSH_CONNECTION ]]; then awk '{print $4}' <<<"$SSH_CONNECTION"; fi
    if [[ $(service_manager) == systemd ]] && systemctl is-active --quiet ssh.socket 2>/dev/null; then
      systemctl show -p Listen --value ssh.socket 2>/dev/null | grep -Eo ':[0-9]+ ' | tr -d ': ' || true
    fi
  } | grep -E '^[0-9]+$' | sort -nu
}

# Another firewall in charge would fight with ufw.
check_others() {
  local name
  step "other firewalls"
  for name in firewalld nftables awall shorewall; do
    if service_active "$name"; then
      block "$name is running here: switch it off first, two firewalls would fight"
    fi
  done
  detail "none is running"
}

ip_number() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  echo $(((a << 24) + (b << 16) + (c << 8) + d))
}

# in_network ADDRESS NETWORK (IPv4)
in_network() {
  local bits=32 mask
  if [[ $2 == */* ]]; then bits=${2#*/}; fi
  mask=$(((0xffffffff << (32 - bits)) & 0xffffffff))
  ((($(ip_number "$1") & mask) == ($(ip_number "${2%/*}") & mask)))
}

check_ssh_from() {
  local client=${SSH_CONNECTION%% *}
  if [[ -z $SSH_FROM ]]; then return 0; fi
  if [[ -z $client ]]; then
    block "--ssh-from is refused: it is not known here where this connection comes from"
  elif [[ $client != *.*.*.* ]] || ! in_network "${client#::ffff:}" "$SSH_FROM"; then
    block "--ssh-from=$SSH_FROM does not contain $client, from where you are connected: it would lock you out"
  fi
}

rule_known() { grep -Fxq -- "ufw $*" <<<"$RULES"; }

# want_rule ARGUMENTS...: a rule as ufw takes it, such as: allow 22/tcp
want_rule() {
  local text="$*"
  if rule_known "$@"; then
    detail "already allowed: ${text#allow }"
  elif rule_known limit "${@:2}"; then
    detail "already allowed, with a limit: ${text#allow }"
  else
    act "add the rule: ufw $*" run_ufw "$@"
  fi
}

run_ufw() { ufw "$@" 2>&1 </dev/null | indent; }

do_rules() {
  local port item list=()
  step "rules"
  RULES=""
  if command -v ufw >/dev/null; then
    if ((EUID == 0)); then
      RULES=$(ufw show added 2>/dev/null || true)
    else
      detail "only root may read the present rules: all wanted rules are listed"
    fi
  fi
  while read -r port; do
    if [[ -n $SSH_FROM ]]; then
      want_rule allow from "$SSH_FROM" to any port "$port" proto tcp
    else
      want_rule allow "$port/tcp"
    fi
  done < <(ssh_ports)
  IFS=',' read -r -a list <<<"$ALLOW"
  for item in "${list[@]}"; do want_rule allow "$item"; done
}

do_defaults() {
  local file=/etc/default/ufw
  step "defaults"
  if [[ -r $file ]] && grep -Eq '^DEFAULT_INPUT_POLICY="?DROP"?' "$file"; then
    detail "already: incoming is denied"
  else
    act "deny incoming by default" run_ufw default deny incoming
  fi
  if [[ -r $file ]] && grep -Eq '^DEFAULT_OUTPUT_POLICY="?ACCEPT"?' "$file"; then
    detail "already: outgoing is allowed"
  else
    act "allow outgoing by default" run_ufw default allow outgoing
  fi
}

show_listening() {
  step "what listens here on other than the loopback address"
  if ! command -v ss >/dev/null; then
    detail "ss is not installed: cannot tell"
    return 0
  fi
  ss -H -tuln 2>/dev/null | awk '
    $5 !~ /^(127\.|\[::1\]|\[::ffff:127\.)/ {n = split($5, a, ":"); print a[n] "/" $1}' |
    sort -t/ -k1,1n -k2,2 -u | sed 's/^/    /' || true
  detail "(those not allowed below are no longer reachable from outside)"
}

do_enable() {
  step "firewall"
  if ((EUID == 0)) && command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active'; then
    detail "already active"
  elif [[ -r /etc/ufw/ufw.conf ]] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf && ((EUID != 0)); then
    detail "already enabled"
  else
    act "enable ufw, now and at boot" run_ufw --force enable
  fi
  if [[ $FAMILY == alpine ]]; then want_service ufw; fi
}

# What must hold in the end, else it is switched off again.
do_check() {
  local port
  step "check"
  RULES=$(ufw show added 2>/dev/null || true)
  while read -r port; do
    if ! grep -Eq "^ufw (allow|limit) .*\\b$port(/tcp| proto tcp)|^ufw (allow|limit) $port\$" <<<"$RULES"; then
      run_ufw --force disable
      die "no rule allows SSH on port $port: ufw is switched off again"
    fi
  done < <(ssh_ports)
  detail "SSH stays allowed on port(s) $(ssh_ports | tr '\n' ' ')"
  ufw status 2>/dev/null | indent
}

ALLOW=""
SSH_FROM=""
RULES=""
while (($# > 0)); do
  case $1 in
    --allow=*) ALLOW=${1#*=} ;;
    --ssh-from=*) SSH_FROM=${1#*=} ;;
    --dry-run) DRY_RUN=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
if [[ -n $ALLOW && ! $ALLOW =~ ^[0-9]{1,5}(/(tcp|udp))?(,[0-9]{1,5}(/(tcp|udp))?)*$ ]]; then
  refuse "--allow must be ports such as 80/tcp,443/tcp, not '$ALLOW'"
fi
IFS=',' read -r -a ports <<<"$ALLOW"
for port in "${ports[@]}"; do need_number --allow "${port%/*}" 1 65535; done
if [[ -n $SSH_FROM ]]; then
  octet='(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])'
  if [[ ! $SSH_FROM =~ ^$octet\.$octet\.$octet\.$octet(/(3[0-2]|[12]?[0-9]))?$ ]]; then
    refuse "--ssh-from must be an IPv4 address or network such as 10.0.0.0/8, not '$SSH_FROM'"
  fi
fi
SSH_CONNECTION=${SSH_CONNECTION:-}

need_root
need_supported_os
begin "install_firewall"
check_ssh_from
check_others
step "package"
want_packages ufw
show_listening
do_rules
do_defaults
do_enable
if [[ $DRY_RUN == false ]]; then do_check; fi
finish
