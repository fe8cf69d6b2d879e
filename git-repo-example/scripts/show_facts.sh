#!/usr/bin/env bash
#
# show_facts: what this machine is and how it is doing, in a dozen lines. It only
# reads, asks for no rights and takes a moment.
#
# Exit codes: 0 done, 1 failed, 2 wrong flags.

set -Eeuo pipefail
export LC_ALL=C

readonly FLAGS="--help"

usage() {
  cat <<'HELP'
show_facts: what this machine is and how it is doing (read-only)

Usage: show_facts.sh [flags]

  --help    this text
HELP
}

step() { printf '==> %s\n' "$*"; }
detail() { printf '    %s\n' "$*"; }

# A wrong call: say what is allowed, exit 2.
refuse() {
  printf 'error: %s\n' "$1" >&2
  printf 'error: allowed flags: %s\n' "$FLAGS" >&2
  exit 2
}

# field FILE NAME: the value behind NAME= or NAME: in a file of such lines
field() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    if [[ $line == "$2"[=:]* ]]; then
      line=${line#"$2"[=:]}
      line=${line#"${line%%[![:space:]]*}"}
      line=${line#\"}
      printf '%s' "${line%\"}"
      return 0
    fi
  done <"$1"
}

machine() {
  step "${LINKOPS_LINK:-$HOSTNAME}"
  detail "host     $HOSTNAME"
  detail "system   $(field /etc/os-release PRETTY_NAME)"
  detail "kernel   $(uname -sr), $(uname -m)"
  detail "cores    $(grep -c '^processor' /proc/cpuinfo || true)"
}

condition() {
  local up load total free
  read -r up _ </proc/uptime
  read -r load _ </proc/loadavg
  total=$(field /proc/meminfo MemTotal)
  free=$(field /proc/meminfo MemAvailable)
  step "Condition"
  detail "up       $((${up%.*} / 86400)) days, $((${up%.*} % 86400 / 3600)) hours"
  detail "load     $load"
  detail "memory   $((${free% kB} / 1024)) MiB available of $((${total% kB} / 1024)) MiB"
  detail "disk     $(df -Ph / | awk 'NR == 2 { print $4 " available of " $2 }')"
}

for argument in "$@"; do
  if [[ $argument != --help ]]; then refuse "unknown flag: $argument"; fi
  usage
  exit 0
done

machine
condition
