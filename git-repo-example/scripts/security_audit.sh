#!/usr/bin/env bash
#
# security_audit: looks at this machine and reports what should be better. It
# only reads. Without root it checks what it can see and says what it could not.
#
# Exit codes: 0 report written (with or without findings), 1 could not run,
# 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

TMP_DIR=""

readonly FLAGS="--output-format=text --deep --help"

usage() {
  cat <<'HELP'
security_audit: report on the security of this machine (read-only)

Usage: security_audit.sh [flags]

  --output-format=text|json    the report for people (default) or for programs
  --deep                       also search the whole file system for files that are
                               writable for all or set-user-ID (can take minutes)
  --help                       this text

Findings are graded high, medium and low. The score is the share of passed checks,
weighted by grade; checks that could not be made do not count. A report with
findings is a success (exit code 0).
HELP
}

step() { printf '==> %s\n' "$*"; }
detail() { printf '    %s\n' "$*"; }
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

# ---- results: parallel lists -----------------------------------------------
IDS=()
GROUPS_OF=()
STATES=()
GRADES=()
TEXTS=()
ADVICE=()

# result GROUP ID STATE GRADE TEXT [ADVICE]; STATE: pass, finding, unknown, info
result() {
  GROUPS_OF+=("$1")
  IDS+=("$2")
  STATES+=("$3")
  GRADES+=("$4")
  TEXTS+=("$(plain "$5")")
  ADVICE+=("$(plain "${6:-}")")
  if [[ $FORMAT == text ]]; then show_last; fi
}

show_last() {
  local i=$((${#IDS[@]} - 1))
  if ((i == 0)) || [[ ${GROUPS_OF[i]} != "${GROUPS_OF[i - 1]}" ]]; then step "${GROUPS_OF[i]}"; fi
  case ${STATES[i]} in
    pass) detail "ok       ${TEXTS[i]}" ;;
    finding)
      detail "$(printf '%-8s' "${GRADES[i]^^}") ${TEXTS[i]}"
      detail "         -> ${ADVICE[i]}"
      ;;
    unknown) detail "?        ${TEXTS[i]}" ;;
    *) detail "info     ${TEXTS[i]}" ;;
  esac
}

# Printable ASCII on one line, whatever a file name or a program gave us.
plain() {
  local text=${1//[$'\n\t']/ }
  printf '%s' "${text//[^ -~]/?}"
}

# join up to N words of stdin (one per line): "a, b, c and 4 more"
some() {
  awk -v max="$1" 'NF {n++; if (n <= max) out = out (n > 1 ? ", " : "") $0}
    END {if (n > max) out = out " and " (n - max) " more"; print out}'
}

is_root() { ((EUID == 0)); }

# ---- accounts ----------------------------------------------------------------
check_accounts() {
  local g=accounts list
  list=$(awk -F: '$3 == 0 && $1 != "root" {print $1}' /etc/passwd | some 5)
  if [[ -z $list ]]; then
    result $g uid0 pass high "only root has user id 0"
  else
    result $g uid0 finding high "other accounts have user id 0: $list" "give them a user id of their own, or remove them"
  fi
  list=$(awk -F: '$2 == "" {print $1}' /etc/passwd | some 5)
  if [[ -n $list ]]; then
    result $g empty_passwords finding high "accounts without a password in /etc/passwd: $list" "lock them: passwd -l NAME"
  elif [[ ! -r /etc/shadow ]]; then
    result $g empty_passwords unknown high "empty passwords: only root may read /etc/shadow"
  else
    list=$(awk -F: '$2 == "" {print $1}' /etc/shadow | some 5)
    if [[ -z $list ]]; then
      result $g empty_passwords pass high "no account has an empty password"
    else
      result $g empty_passwords finding high "accounts with an empty password: $list" "lock them: passwd -l NAME"
    fi
  fi
  list=$(awk -F: '$7 !~ /(nologin|false|sync|shutdown|halt)$/ && ($3 == 0 || $3 >= 1000) && $3 < 65534 {print $1}' /etc/passwd | some 12)
  result $g login_accounts info low "accounts that can log in: ${list:-none}"
  if [[ -r /etc/shadow ]]; then
    # shellcheck disable=SC2016 # the dollar signs are part of the password format
    list=$(awk -F: '$2 ~ /^\$1\$/ || ($2 != "" && $2 !~ /^[!*$x]/) {print $1}' /etc/shadow | some 5)
    if [[ -z $list ]]; then
      result $g password_hashes pass medium "no password is stored with an outdated hash"
    else
      result $g password_hashes finding medium "passwords stored with an outdated hash: $list" "let them set a new password"
    fi
  else
    result $g password_hashes unknown medium "password hashes: only root may read /etc/shadow"
  fi
  if [[ ! -r /etc/sudoers ]]; then
    if [[ -e /etc/sudoers ]]; then result $g sudo_nopasswd unknown low "sudo rules: only root may read /etc/sudoers"; fi
  else
    list=$(grep -hEs '^[^#]*NOPASSWD:[[:space:]]*ALL' /etc/sudoers /etc/sudoers.d/* | awk '{print $1}' | sort -u | some 6 || true)
    if [[ -z $list ]]; then
      result $g sudo_nopasswd pass low "no sudo rule gives everything without a password"
    else
      result $g sudo_nopasswd info low "sudo gives everything without a password to: $list"
    fi
  fi
  if getent group docker >/dev/null 2>&1; then
    list=$(getent group docker | cut -d: -f4 | tr ',' '\n' | some 8)
    if [[ -n $list ]]; then result $g docker_group info low "in the group docker, which is as good as root: $list"; fi
  fi
}

# ---- ssh -------------------------------------------------------------------
# sshd_value NAME DEFAULT: from sshd itself if root, else the first in the files.
sshd_value() {
  local value=""
  if [[ -n $SSHD_DUMP ]]; then
    value=$(awk -v key="$1" '$1 == key {print $2; exit}' <<<"$SSHD_DUMP")
  else
    value=$(cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config 2>/dev/null |
      awk -v key="$1" 'tolower($1) == "match" {exit} tolower($1) == key {print $2; exit}' || true)
  fi
  printf '%s' "${value:-$2}"
}

check_ssh() {
  local g=ssh value mode
  if [[ ! -e /etc/ssh/sshd_config ]]; then
    result $g installed info low "no OpenSSH server is configured here"
    return 0
  fi
  SSHD_DUMP=""
  if is_root && command -v sshd >/dev/null; then SSHD_DUMP=$("$(command -v sshd)" -T 2>/dev/null || true); fi
  if [[ -z $SSHD_DUMP && ! -r /etc/ssh/sshd_config ]]; then
    result $g config unknown high "SSH server: only root may read its configuration"
    return 0
  fi
  value=$(sshd_value permitrootlogin prohibit-password)
  case $value in
    no | prohibit-password | without-password | forced-commands-only) result $g root_login pass high "root cannot log in with a password ($value)" ;;
    *) result $g root_login finding high "root may log in over SSH with a password" "PermitRootLogin prohibit-password (script harden_ssh)" ;;
  esac
  value=$(sshd_value passwordauthentication yes)
  if [[ $value == no ]]; then
    result $g passwords pass medium "SSH takes keys only"
  else
    result $g passwords finding medium "SSH takes passwords, which can be guessed" "PasswordAuthentication no (script harden_ssh --disable-password-auth)"
  fi
  value=$(sshd_value permitemptypasswords no)
  if [[ $value == no ]]; then
    result $g empty_passwords pass high "SSH takes no empty passwords"
  else
    result $g empty_passwords finding high "SSH takes empty passwords" "PermitEmptyPasswords no (script harden_ssh)"
  fi
  value=$(sshd_value x11forwarding no)
  if [[ $value == no ]]; then
    result $g x11 pass low "X11 forwarding is off"
  else
    result $g x11 finding low "X11 forwarding is on" "X11Forwarding no (script harden_ssh)"
  fi
  value=$(sshd_value maxauthtries 6)
  if [[ $value =~ ^[0-9]+$ ]] && ((value <= 4)); then
    result $g tries pass low "at most $value attempts per connection"
  else
    result $g tries finding low "$value attempts per connection" "MaxAuthTries 4 (script harden_ssh)"
  fi
  value=$(find /etc/ssh -maxdepth 1 -name 'ssh_host_*_key' -perm /037 2>/dev/null | some 4)
  if [[ -z $value ]]; then
    result $g host_keys pass high "private host keys are not open to others"
  else
    result $g host_keys finding high "private host keys are open to others: $value" "chmod 600 them"
  fi
  if is_root && [[ -e /root/.ssh/authorized_keys ]]; then
    mode=$(stat -c %a /root/.ssh/authorized_keys)
    if [[ -z $(find /root/.ssh/authorized_keys -perm /022) ]]; then
      result $g root_keys pass high "root's authorized_keys has mode $mode and $(grep -Ec '^[^#[:space:]]' /root/.ssh/authorized_keys || true) key(s)"
    else
      result $g root_keys finding high "root's authorized_keys can be written by others (mode $mode)" "chmod 600 /root/.ssh/authorized_keys"
    fi
  fi
}

# ---- network -----------------------------------------------------------------
unit_active() {
  if [[ -d /run/systemd/system ]]; then
    systemctl is-active --quiet "$1" 2>/dev/null
  elif [[ -d /run/openrc ]]; then
    rc-service "$1" status >/dev/null 2>&1
  else
    return 1
  fi
}

running() { [[ -n $(awk -v want="$1" '$1 == want {print; exit}' /proc/[0-9]*/comm 2>/dev/null) ]]; }

check_firewall() {
  local g=network rules
  if unit_active firewalld; then
    result $g firewall pass high "a firewall is active: firewalld"
  elif [[ -r /etc/ufw/ufw.conf ]] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf; then
    result $g firewall pass high "a firewall is active: ufw"
  elif unit_active nftables; then
    result $g firewall pass high "a firewall is active: nftables"
  elif ! is_root; then
    result $g firewall unknown high "no firewall service found; the rules themselves only root may read"
  else
    rules=$({ nft list ruleset 2>/dev/null || true; } | grep -Ec 'hook input.*policy drop|\b(drop|reject)\b' || true)
    if ((rules == 0)) && command -v iptables-save >/dev/null; then
      rules=$({ iptables-save 2>/dev/null || true; } | grep -Ec '^:INPUT DROP|-A INPUT .*-j (DROP|REJECT)' || true)
    fi
    if ((rules > 0)); then
      result $g firewall pass high "packet filter rules that refuse connections are loaded"
    else
      result $g firewall finding high "no firewall is active" "script install_firewall (if nothing in front of the machine filters)"
    fi
  fi
  if unit_active fail2ban || running fail2ban-server; then
    result $g login_guard pass medium "repeated login failures are answered by fail2ban"
  elif unit_active crowdsec || running crowdsec; then
    result $g login_guard pass medium "repeated login failures are answered by CrowdSec"
  else
    result $g login_guard finding medium "nothing answers repeated login failures" "script install_fail2ban or install_crowdsec"
  fi
}

# Lines "proto port" that are reachable on other than the loopback address.
listening() {
  if command -v ss >/dev/null; then
    ss -H -tuln 2>/dev/null | awk '$5 !~ /^(127\.|\[::1\]|\[::ffff:127\.)/ {n = split($5, a, ":"); print $1, a[n]}'
  else
    awk 'FNR > 1 && $2 !~ /^(0100007F|00000000000000000000000001000000):/ && ($4 == "0A" || FILENAME ~ /udp/) {
      n = split($2, a, ":"); split(FILENAME, f, "/"); print substr(f[length(f)], 1, 3), "0x" a[n]}' \
      /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null |
      while read -r proto hex; do echo "$proto $((hex))"; done
  fi | sort -u -k2,2n -k1,1
}

check_listening() {
  local g=network list risky="" proto port name
  list=$(listening || true)
  result $g listening info low "reachable on other than the loopback address: $(awk '{print $2 "/" $1}' <<<"$list" | some 20)"
  while read -r proto port; do
    if [[ $proto != tcp ]]; then continue; fi
    case $port in
      21) name="FTP" ;;
      23) name="telnet" ;;
      111) name="portmapper" ;;
      512 | 513 | 514) name="rsh" ;;
      2375) name="Docker without TLS" ;;
      3306) name="MySQL" ;;
      5432) name="PostgreSQL" ;;
      5900 | 5901) name="VNC" ;;
      6379) name="Redis" ;;
      9200) name="Elasticsearch" ;;
      11211) name="memcached" ;;
      27017) name="MongoDB" ;;
      *) continue ;;
    esac
    risky+="$name ($port)"$'\n'
  done <<<"$list"
  if [[ -z $risky ]]; then
    result $g risky_ports pass high "no database or unencrypted service is reachable from outside"
  else
    result $g risky_ports finding high "reachable from outside, unless a firewall is in front: $(some 6 <<<"$risky")" "let them listen on 127.0.0.1, or filter them"
  fi
}

# ---- updates -----------------------------------------------------------------
check_updates() {
  local g=updates plan total security age
  if command -v apt-get >/dev/null && [[ -d /var/lib/apt/lists ]]; then
    # "apt list" costs a third of a simulated upgrade; its header line is always there.
    plan=$(timeout 60 apt list --upgradable -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= </dev/null 2>/dev/null || true)
    total=$(grep -c 'upgradable from' <<<"$plan" || true)
    security=$(grep 'upgradable from' <<<"$plan" | grep -Ec -- '^[^ ]*-security' || true)
    if [[ -z $plan ]]; then
      result $g pending unknown high "pending updates: apt could not tell"
    elif ((security > 0)); then
      result $g pending finding high "$total update(s) pending, $security from a security repository" "script update_system"
    elif ((total > 0)); then
      result $g pending finding low "$total update(s) pending, none from a security repository" "script update_system"
    else
      result $g pending pass high "no update is pending"
    fi
    age=$(stat -c %Y /var/lib/apt/lists/partial 2>/dev/null || echo 0)
    age=$((($(date +%s) - age) / 86400))
    if ((age > 7)); then
      result $g index finding medium "the package index is $age days old: the line above may miss updates" "apt-get update, or automatic updates (script baseline)"
    else
      result $g index pass medium "the package index is at most $((age + 1)) day(s) old"
    fi
    if apt-config dump 2>/dev/null | grep -Eq '^APT::Periodic::Unattended-Upgrade "[1-9]'; then
      result $g automatic pass medium "security updates are installed automatically"
    else
      result $g automatic finding medium "security updates are not installed automatically" "script baseline"
    fi
  elif command -v apk >/dev/null; then
    total=$({ timeout 60 apk version -l '<' 2>/dev/null || true; } | grep -c '<' || true)
    if ((total > 0)); then
      result $g pending finding medium "$total update(s) pending" "script update_system"
    else
      result $g pending pass medium "no update is pending by the index on this machine"
    fi
  else
    result $g pending unknown high "pending updates: no package tool known to this script"
  fi
  if [[ -e /run/reboot-required ]]; then
    result $g reboot finding medium "a reboot is needed for updates to take effect" "reboot when it suits"
  else
    result $g reboot pass medium "the system does not ask for a reboot"
  fi
}

# ---- kernel --------------------------------------------------------------------
# sysctl_check ID GRADE KEY COMPARISON VALUE MEANING
sysctl_check() {
  local file=/proc/sys/${3//.//} have ok=false
  if [[ ! -e $file ]]; then return 0; fi
  if ! have=$(cat "$file" 2>/dev/null); then
    result kernel "$1" unknown "$2" "$3: only root may read it"
    return 0
  fi
  case $4 in
    eq) if [[ $have == "$5" ]]; then ok=true; fi ;;
    ge) if [[ $have =~ ^[0-9]+$ ]] && ((have >= $5)); then ok=true; fi ;;
  esac
  if [[ $ok == true ]]; then
    result kernel "$1" pass "$2" "$6 ($3 = $have)"
  else
    result kernel "$1" finding "$2" "missing: $6 ($3 = $have)" "$3 = $5 (script baseline)"
  fi
}

check_kernel() {
  sysctl_check aslr high kernel.randomize_va_space eq 2 "random addresses for programs"
  sysctl_check symlinks medium fs.protected_symlinks ge 1 "restricted symbolic links in shared directories"
  sysctl_check hardlinks medium fs.protected_hardlinks ge 1 "restricted hard links to others' files"
  sysctl_check syncookies medium net.ipv4.tcp_syncookies ge 1 "cookies against floods of connections"
  sysctl_check redirects medium net.ipv4.conf.all.accept_redirects eq 0 "ignoring of ICMP redirects"
  sysctl_check source_route medium net.ipv4.conf.all.accept_source_route eq 0 "refusal of source-routed packets"
  sysctl_check dmesg low kernel.dmesg_restrict eq 1 "kernel messages for root only"
  sysctl_check kptr low kernel.kptr_restrict ge 1 "hidden kernel addresses"
  if [[ -d /sys/kernel/security/apparmor || $(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || true) == Y ]]; then
    result kernel mac pass low "AppArmor is enabled"
  elif [[ -e /sys/fs/selinux/enforce ]]; then
    result kernel mac pass low "SELinux is enabled"
  else
    result kernel mac finding low "neither AppArmor nor SELinux is enabled" "enable AppArmor (apparmor=1 on the kernel's command line)"
  fi
}

# ---- files ---------------------------------------------------------------------
# mode_check ID GRADE PATH FORBIDDEN: none of the permission bits in FORBIDDEN
mode_check() {
  if [[ ! -e $3 ]]; then return 0; fi
  if [[ -z $(find "$3" -maxdepth 0 -perm "/$4" 2>/dev/null) && $(stat -c %u "$3") == 0 ]]; then
    result files "$1" pass "$2" "$3 belongs to root and has mode $(stat -c %a "$3")"
  else
    result files "$1" finding "$2" "$3 belongs to $(stat -c %U "$3") and has mode $(stat -c %a "$3")" "chown root $3; chmod so that $4 is not allowed"
  fi
}

check_files() {
  local g=files list roots=(/etc /usr/local /opt /srv) limit=20 what="in /etc, /usr/local, /opt and /srv"
  mode_check passwd high /etc/passwd 022
  mode_check shadow high /etc/shadow 037
  mode_check gshadow high /etc/gshadow 037
  mode_check sudoers high /etc/sudoers 027
  mode_check crontab medium /etc/crontab 022
  mode_check root_home medium /root 022
  if [[ $DEEP == true ]]; then
    roots=(/)
    limit=900
    what="on the root file system"
  fi
  if list=$(search "$limit" "${roots[@]}" -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/tmp \) -prune -o -type f -perm -0002 -print); then
    list=$(some 5 <<<"$list")
    if [[ -z $list ]]; then
      result $g world_writable pass high "no file $what is writable for everybody"
    else
      result $g world_writable finding high "files writable for everybody: $list" "chmod o-w them"
    fi
  else
    result $g world_writable unknown high "files writable for everybody: the search took longer than $limit s"
  fi
  if list=$(search "$limit" "${roots[@]}" -xdev \( -path /proc -o -path /sys \) -prune -o -type d -perm -0002 ! -perm -1000 -print); then
    list=$(some 5 <<<"$list")
    if [[ -z $list ]]; then
      result $g sticky pass medium "no directory $what lets everybody delete others' files"
    else
      result $g sticky finding medium "directories writable for everybody without the sticky bit: $list" "chmod +t or o-w them"
    fi
  else
    result $g sticky unknown medium "directories writable for everybody: the search took longer than $limit s"
  fi
  roots=(/usr /opt /bin /sbin)
  if [[ $DEEP == true ]]; then roots=(/); fi
  if list=$(search "$limit" "${roots[@]}" -xdev \( -path /proc -o -path /sys -o -path /usr/share -o -path /usr/src -o -path /usr/include \) -prune -o -type f -perm -4000 -user 0 -print); then
    list=$(sort -u <<<"$list" | grep -Ev '/(su|sudo|sudoedit|passwd|chsh|chfn|gpasswd|newgrp|mount|umount|fusermount3?|ntfs-3g|pkexec|polkit-agent-helper-1|ssh-keysign|dbus-daemon-launch-helper|chage|expiry|at|crontab|unix_chkpwd|bbsuid|snap-confine|doas|pppd|exim4|Xorg\.wrap|chrome-sandbox|mount\.(nfs|cifs))$' | some 6 || true)
    if [[ -z $list ]]; then
      result $g setuid pass medium "every set-user-ID program of root is a usual one"
    else
      result $g setuid finding medium "unusual set-user-ID programs of root: $list" "check where they come from; chmod u-s what needs it not"
    fi
  else
    result $g setuid unknown medium "set-user-ID programs: the search took longer than $limit s"
  fi
}

# search LIMIT FIND-ARGUMENTS...: what cannot be read is skipped; fails on time-out
search() {
  local limit=$1 rc=0
  shift
  timeout "$limit" find "$@" 2>/dev/null || rc=$?
  ((rc != 124 && rc != 143))
}

# ---- system ----------------------------------------------------------------------
check_system() {
  local g=system list name
  list=$(for name in telnetd rsh-server rsh-redone-server nis tftpd xinetd vsftpd; do
    if [[ -e /usr/sbin/in.$name || -e /usr/sbin/$name ]]; then echo "$name"; fi
  done | some 5)
  if [[ -z $list ]]; then
    result $g old_services pass medium "no outdated network service (telnet, rsh, NIS, TFTP) is installed"
  else
    result $g old_services finding medium "outdated network services are installed: $list" "remove them"
  fi
  list=$(df -P 2>/dev/null | awk '$1 ~ /^\/dev\// && !seen[$1]++ && $5 + 0 >= 90 {print $6 " (" $5 ")"}' | some 4)
  if [[ -z $list ]]; then
    result $g disk pass low "every disk has room"
  else
    result $g disk finding low "nearly full: $list" "script cleanup_system"
  fi
  if unit_active systemd-timesyncd || unit_active chrony || unit_active chronyd || unit_active ntpsec || unit_active ntpd || unit_active openntpd || running chronyd || running ntpd; then
    result $g clock pass low "the clock is synchronised"
  elif [[ -e /.dockerenv || ! -d /run/systemd/system && ! -d /run/openrc ]]; then
    result $g clock unknown low "time synchronisation: no service manager here (a container?), it is the host's business"
  else
    result $g clock finding low "nothing synchronises the clock" "script baseline"
  fi
  if running rsyslogd || running syslogd || running syslog-ng || [[ -d /var/log/journal ]]; then
    result $g logs pass low "logs are kept over a reboot"
  else
    result $g logs finding low "logs are not kept over a reboot" "mkdir /var/log/journal, then restart systemd-journald"
  fi
  if [[ -S /var/run/docker.sock ]]; then
    if [[ -z $(find /var/run/docker.sock -perm /006 2>/dev/null) ]]; then
      result $g docker_socket pass high "Docker's socket is closed to others"
    else
      result $g docker_socket finding high "everybody may use Docker's socket, which is as good as root" "chmod 660 /var/run/docker.sock"
    fi
  fi
}

# ---- report ----------------------------------------------------------------------
weight() {
  case $1 in
    high) echo 10 ;;
    medium) echo 4 ;;
    *) echo 1 ;;
  esac
}

tally() {
  local i total=0 good=0 w
  PASSED=0 FOUND=0 UNKNOWN=0 INFO=0 HIGH=0 MEDIUM=0 LOW=0
  for i in "${!IDS[@]}"; do
    w=$(weight "${GRADES[i]}")
    case ${STATES[i]} in
      pass)
        PASSED=$((PASSED + 1))
        total=$((total + w))
        good=$((good + w))
        ;;
      finding)
        FOUND=$((FOUND + 1))
        total=$((total + w))
        case ${GRADES[i]} in
          high) HIGH=$((HIGH + 1)) ;;
          medium) MEDIUM=$((MEDIUM + 1)) ;;
          *) LOW=$((LOW + 1)) ;;
        esac
        ;;
      unknown) UNKNOWN=$((UNKNOWN + 1)) ;;
      *) INFO=$((INFO + 1)) ;;
    esac
  done
  SCORE=0
  if ((total > 0)); then SCORE=$((good * 100 / total)); fi
}

report_text() {
  step "result"
  detail "score $SCORE of 100: $PASSED passed, $FOUND finding(s) ($HIGH high, $MEDIUM medium, $LOW low), $UNKNOWN could not be checked"
  if ! is_root; then detail "this ran as $(id -un): as root, more can be checked"; fi
}

quote() {
  local s=${1//\\/\\\\}
  printf '"%s"' "${s//\"/\\\"}"
}

report_json() {
  local i sep=""
  printf '{\n  "host": %s,\n  "system": %s,\n  "kernel": %s,\n' "$(quote "$(plain "$(uname -n)")")" "$(quote "$(plain "$OS_NAME")")" "$(quote "$(plain "$(uname -r)")")"
  printf '  "time": "%s",\n  "root": %s,\n  "score": %d,\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(is_root && echo true || echo false)" "$SCORE"
  printf '  "counts": {"passed": %d, "findings": %d, "high": %d, "medium": %d, "low": %d, "unknown": %d, "info": %d},\n' \
    "$PASSED" "$FOUND" "$HIGH" "$MEDIUM" "$LOW" "$UNKNOWN" "$INFO"
  printf '  "checks": ['
  for i in "${!IDS[@]}"; do
    printf '%s\n    {"id": %s, "group": %s, "state": %s, "grade": %s, "text": %s' "$sep" "$(quote "${GROUPS_OF[i]}.${IDS[i]}")" \
      "$(quote "${GROUPS_OF[i]}")" "$(quote "${STATES[i]}")" "$(quote "${GRADES[i]}")" "$(quote "${TEXTS[i]}")"
    if [[ -n ${ADVICE[i]} ]]; then printf ', "advice": %s' "$(quote "${ADVICE[i]}")"; fi
    printf '}'
    sep=","
  done
  printf '\n  ]\n}\n'
}

FORMAT=""
DEEP=false
while (($# > 0)); do
  case $1 in
    --output-format=*) FORMAT=${1#*=} ;;
    --deep) DEEP=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) unknown_flag "$1" ;;
  esac
  shift
done
FORMAT=${FORMAT:-text}
if [[ $FORMAT != text && $FORMAT != json ]]; then refuse "--output-format must be text or json, not '$FORMAT'"; fi
if [[ ! -r /proc/self/status || ! -r /etc/passwd ]]; then die "this needs a Linux system with /proc and /etc/passwd"; fi

OS_NAME=$(if [[ -r /etc/os-release ]]; then os_field PRETTY_NAME; else uname -s; fi)
if [[ $FORMAT == text ]]; then step "security_audit on $(uname -n), $OS_NAME (read-only)"; fi
check_accounts
check_ssh
check_firewall
check_listening
check_updates
check_kernel
check_files
check_system
tally
if [[ $FORMAT == json ]]; then report_json; else report_text; fi
