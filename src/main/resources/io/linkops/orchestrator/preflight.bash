#!/bin/bash
# Looks whether scripts could run here, and changes nothing. Arguments: names of commands the scripts need.
# Prints a line for each thing it looked at; each kind of trouble is one bit of the exit code (see PreflightScript).

code=0
fine() { printf 'ok: %s\n' "$1"; }
trouble() {
  printf 'problem: %s\n' "$2"
  code=$((code | $1))
}

if ((BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 1))); then
  fine "bash $BASH_VERSION"
else
  trouble 1 "bash is $BASH_VERSION, but 4.1 or newer is needed"
fi

for tool in sha256sum setsid head mkdir rm; do
  if command -v "$tool" >/dev/null; then fine "$tool is there"; else trouble 2 "there is no $tool"; fi
done

case ${TMPDIR-} in
  /*) directory=$TMPDIR ;;
  *) directory=/tmp ;;
esac
probe=$directory/linkops-preflight-$$
if (umask 077 && mkdir "$probe") 2>/dev/null; then
  rmdir "$probe"
  fine "$directory can be written"
else
  trouble 4 "$directory cannot be written"
fi
free=$(df -Pk "$directory" 2>/dev/null | while read -r _ _ _ available _; do printf '%s' "${available//[!0-9]/}"; done)
if ((${free:-0} >= 51200)); then
  fine "$((free / 1024)) MiB are free in $directory"
else
  trouble 8 "only $((${free:-0} / 1024)) MiB are free in $directory, but 50 are needed"
fi

for tool in "$@"; do
  if ! command -v "$tool" >/dev/null; then
    trouble 16 "there is no $tool, which a script needs"
  elif [ "$tool" = sudo ] && ! sudo -n true 2>/dev/null; then
    trouble 32 "sudo asks for a password"
  else
    fine "$tool is there"
  fi
done
exit "$code"
