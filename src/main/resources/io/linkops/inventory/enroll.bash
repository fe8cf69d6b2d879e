#!/usr/bin/env bash
# Writes the client id file of this machine: enroll.bash PATH ID keep|replace
#
# LinkOps sends it as a script; path and id are arguments and never part of a command. Answers on stdout with one line:
# "same", "written", or "replaced OLD". Exit codes: 21 there is no sudo, 23 something else lies there, 24 another id is
# there, 25 it cannot be written; 1 is sudo's own.
set -u
LC_ALL=C
umask 022
path=$1
id=$2
mode=$3
directory=${path%/*}
[ -n "$directory" ] || directory=/

# Whether this user can read and write there without help.
is_able() {
  local above=$directory
  while [ ! -d "$above" ]; do
    above=${above%/*}
    [ -n "$above" ] || above=/
  done
  [ -w "$above" ] && [ -x "$above" ] && { [ ! -e "$path" ] || [ -r "$path" ]; }
}

if [ "$EUID" != 0 ] && ! is_able; then
  command -v sudo >/dev/null || exit 21
  exec sudo -n -- bash "$0" "$path" "$id" "$mode"
fi

if [ -L "$path" ] || { [ -e "$path" ] && [ ! -f "$path" ]; }; then
  exit 23
fi
answer=written
if [ -e "$path" ]; then
  size=$(wc -c <"$path") || exit 25
  [ "$size" -le 256 ] || exit 23
  old=''
  IFS= read -r -d '' old <"$path"
  while [[ $old == *[[:space:]] ]]; do old=${old%?}; done
  if [ "$old" = "$id" ]; then
    chmod 644 "$path" || exit 25
    printf 'same\n'
    exit 0
  fi
  if [ -n "$old" ]; then
    [ "$mode" = replace ] || exit 24
    answer="replaced $old"
  fi
fi

if [ ! -d "$directory" ]; then
  mkdir -p "$directory" || exit 25
fi
draft=$(mktemp "$directory/.client_id.XXXXXXXX") || exit 25
trap 'rm -f "$draft"' EXIT
printf '%s\n' "$id" >"$draft" || exit 25
chmod 644 "$draft" || exit 25
mv -f "$draft" "$path" || exit 25
printf '%s\n' "$answer"
