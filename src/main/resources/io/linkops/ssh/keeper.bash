# shellcheck shell=bash
# The keeper of a durable run, in its directory on the link: runs the script with its output into files, and records how
# it ended. $1 = what to be:
#   unit      the main process of a systemd unit: becomes the script itself; the unit's result is recorded by finish
#   session   the leader of a session of its own, which waits for the script and records its end
#   collect   carries one stream from a pipe to its file, up to the limit
#   watch     ends the script when its time is up, also while LinkOps is away
#   finish    after the unit has ended, however that was
# The words "linkops TAG" at the end of the command line show the reaper which process is the launcher.

cd "${BASH_SOURCE[0]%/*}" || exit 70
LC_ALL=C
set -f
umask 077

# began: sets ticks, when this process began, boot, and up.
began() {
  local line='' id=''
  IFS= read -r -d '' line <"/proc/$$/stat"
  # shellcheck disable=SC2206
  words=(${line##*) })
  ticks=${words[19]}
  boot_and_up
}

boot_and_up() {
  local line='' id='' whole=''
  IFS= read -r id </proc/sys/kernel/random/boot_id
  { IFS= read -r -d '' line; } 2>/dev/null </proc/1/stat
  # shellcheck disable=SC2206
  words=(${line##*) })
  boot=$id:${words[19]-}
  read -r whole _ </proc/uptime
  up=$((10#${whole/./}))
}

# claim WAY: who makes this link runs the script; there is only one.
claim() {
  began
  printf '%s %s %s %s %s\n' "$$" "$ticks" "$up" "$boot" "$1" >"me.$$" || exit 75
  ln "me.$$" begun 2>/dev/null || exit 75
}

# A whole record, whatever becomes of this process; its room was taken at the start, for a full disk.
record() {
  boot_and_up
  printf '%-100s\n' "$1 $2 $3 $up" 1<>exit.new
  mv exit.new exit
}

# take NAME: the next value of the order.
take() { IFS= read -r -d '' "$1" <&9; }

read_order() {
  local i number=0
  options=() arguments=()
  tag='' name='' place='' mask='' limit=0 most=0
  exec 9<order
  take tag
  take name
  take place
  take mask
  take limit
  take most
  take number
  for ((i = 0; i < number; i++)); do take "options[$i]"; done
  for ((i = 0; ; i++)); do take "arguments[$i]" || break; done
  unset "arguments[$i]"
  exec 9<&-
}

# enter FILE: makes its entries the environment; what no shell can set is left out.
enter() {
  while IFS= read -r -d '' LINKOPS_ENTRY; do
    case ${LINKOPS_ENTRY%%=*} in
      '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
      BASHOPTS | BASH_VERSINFO | EUID | LINKOPS_ENTRY | PPID | SHELLOPTS | UID) ;;
      *) export "${LINKOPS_ENTRY?}" ;;
    esac
  done 2>/dev/null <"$1"
}

# become COMMAND…: this process becomes the script, with the surroundings of the log-in it was started by. From where the
# environment is entered nothing is known by its name any more: it may have any.
become() {
  local entry
  if env --default-signal=INT,QUIT true 2>/dev/null; then set -- env '--default-signal=INT,QUIT' "$@"; fi
  set -- "$tag" "$place" "$@" "${options[@]}" "$PWD/script/$name" "${arguments[@]}"
  umask "$mask"
  for entry in $(compgen -e); do unset "$entry"; done 2>/dev/null
  enter environ
  enter added
  unset LINKOPS_ENTRY
  export LINKOPS_EXECUTION="$1"
  cd "$2" 2>/dev/null || cd / || exit 70
  shift 2
  exec 0</dev/null 1>&7 2>&8 7>&- 8>&-
  exec "$@"
}

# sizes: sets size, how much both streams have.
sizes() { size=$(($(wc -c <stdout) + $(wc -c <stderr))); }

# drain PID…: until the collectors have all, or nothing has come for two seconds; no longer than a minute.
drain() {
  local quiet=0 round before pid left
  sizes
  for ((round = 0; round < 600 && quiet < 20; round++)); do
    left=''
    for pid in "$@"; do
      if kill -0 "$pid" 2>/dev/null; then left=yes; fi
    done
    if [ -z "$left" ]; then break; fi
    sleep 0.1
    before=$size
    sizes
    if ((size == before)); then quiet=$((quiet + 1)); else quiet=0; fi
  done
}

case $1 in
  unit)
    read_order
    claim systemd
    mkfifo out.pipe err.pipe || exit 70
    ("$BASH" "$PWD/keeper" collect stdout "$most" <out.pipe >/dev/null 2>&1 &)
    ("$BASH" "$PWD/keeper" collect stderr "$most" <err.pipe >/dev/null 2>&1 &)
    exec 7>out.pipe 8>err.pipe
    rm -f out.pipe err.pipe
    become bash
    ;;
  session)
    trap '' TERM HUP INT QUIT PIPE
    read_order
    claim session
    mkfifo out.pipe err.pipe watch.pipe || exit 70
    "$BASH" "$PWD/keeper" collect stdout "$most" <out.pipe >/dev/null 2>&1 &
    collectors=("$!")
    disown "$!"
    "$BASH" "$PWD/keeper" collect stderr "$most" <err.pipe >/dev/null 2>&1 &
    collectors+=("$!")
    disown "$!"
    "$BASH" "$PWD/keeper" watch "$((limit + 2))" "$tag" </dev/null >/dev/null 2>&1 &
    watch=$!
    disown "$!"
    # Here fd 1 and 3 show the reaper which pipes are the script's output.
    exec 1>out.pipe 3>err.pipe 2>/dev/null
    rm -f out.pipe err.pipe
    how='' seen=''
    trap 'seen=$(jobs -l); case $seen in "" | *Running*) ;; *) how=$seen ;; esac' CHLD
    (
      trap - TERM HUP INT QUIT PIPE CHLD
      exec 7>&1 8>&3 3>&- 1>/dev/null
      become setsid bash
    ) &
    script=$!
    wait "$script"
    code=$?
    while [ -n "$(jobs -pr)" ]; do
      wait "$script"
      code=$?
    done
    trap - CHLD
    exec 1>/dev/null 3>&-
    drain "${collectors[@]}"
    # Bash tells 128 + n both for a signal and for an exit with that number; its job list knows which it was.
    if ((code > 128)) && ! [[ $how =~ ^\[[0-9]+\][+-]?\ +[0-9]+\ (Exit|Done) ]]; then
      record "$code" "$(kill -l "$((code - 128))")" signal
    else
      record "$code" - exit
    fi
    kill -s KILL "$watch" 2>/dev/null
    ;;
  collect)
    trap '' TERM HUP INT QUIT PIPE
    # A reader that stops at the limit, to the byte and without a buffer that makes others wait. The rest is dropped.
    blocks=$(($3 / 1024 + 64))
    if ! (
      ulimit -c 0
      ulimit -f "$blocks"
      exec cat >>"$2"
    ); then
      if (($(wc -c <"$2") < blocks * 1024)); then rm -f "whole.$2"; fi
    fi
    exec cat >/dev/null
    ;;
  watch)
    trap '' TERM HUP INT QUIT PIPE
    exec 4<>watch.pipe
    rm -f watch.pipe
    read -r -t "$2" -u 4 _
    if (($? > 128)); then
      rm -f intime
      exec "$BASH" reap "$3" <grace
    fi
    ;;
  finish)
    if [ ! -e exit ] && read -r first _ <begun && [ "$first" != never ]; then
      if [ "${SERVICE_RESULT-}" = timeout ]; then rm -f intime; fi
      case ${EXIT_CODE-} in
        killed | dumped) record 128 "${EXIT_STATUS-KILL}" "${SERVICE_RESULT-unknown}" ;;
        *) record "${EXIT_STATUS-255}" - "${SERVICE_RESULT-unknown}" ;;
      esac
    fi
    ;;
esac
exit 0
