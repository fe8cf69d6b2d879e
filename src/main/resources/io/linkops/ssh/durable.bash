# shellcheck shell=bash
# shellcheck disable=SC2154 # what common.bash has read
# The durable run, after common.bash: starts a script that outlives this connection, follows it, ends it, forgets it.
#
# Everything of a run is in one private directory. Its name is a lock: a second start finds it and attaches. Whether the
# script was begun is decided once, by a hard link named begun: the keeper makes it before the script starts, and whoever
# comes back and finds none makes one that says never.
# Words: start, attach, end, forget. The first two answer
#   state KIND WAY ELAPSED AGO OUT ERR CODE SIGNAL RESULT WHOLE       (times in hundredths of a second, sizes in bytes)
# and then wait for "follow OUT ERR": from there stdout and stderr are the script's, from these offsets.

# home: sets base, the directory of all runs. An installed LinkOps has its own user's files in /var/lib/linkops.
home() {
  case ${LINKOPS_RUNS-} in
    /*) base=$LINKOPS_RUNS ;;
    *)
      if ((EUID != 0)); then
        case ${XDG_STATE_HOME-} in
          /*) base=$XDG_STATE_HOME/linkops/runs ;;
          *) base=${HOME-}/.local/state/linkops/runs ;;
        esac
      elif [ -e /var/lib/linkops ] && [ ! -O /var/lib/linkops ]; then
        base=/var/lib/linkops-runs
      else
        base=/var/lib/linkops/runs
      fi
      ;;
  esac
  directory=$base/$tag
}

# secure: nobody else may change anything on the way to base.
secure() {
  local at uid mode others=8#002 above=()
  if ((EUID == 0)); then others=8#022; fi
  at=$(cd -P "$base" 2>/dev/null && pwd) || return 1
  base=$at
  directory=$base/$tag
  while [ -n "$at" ]; do
    above+=("$at")
    at=${at%/*}
  done
  while read -r uid mode; do
    if [ "$uid" != 0 ] && [ "$uid" != "$EUID" ]; then return 1; fi
    if (((8#$mode & others) != 0 && (8#$mode & 8#1000) == 0)); then return 1; fi
  done < <(stat -c '%u %a' "${above[@]}")
}

# is_ours PATH: a directory, not a link to one, that belongs to this user and that nobody else may enter.
is_ours() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] && [ "$(stat -c %a "$1")" = 700 ]
}

# ticks PID: sets began, when that process began; empty if there is none.
ticks() {
  local line='' words
  began=''
  { IFS= read -r -d '' line; } 2>/dev/null <"/proc/$1/stat"
  # shellcheck disable=SC2206
  words=(${line##*) })
  case ${words[0]-} in
    '' | Z | X | x) ;;
    *) began=${words[19]} ;;
  esac
}

# now: sets boot, which is another one after each start of the machine or container, and up, the time since then.
now() {
  local id='' whole
  IFS= read -r id </proc/sys/kernel/random/boot_id
  ticks 1
  boot=$id:$began
  read -r whole _ </proc/uptime
  up=$((10#${whole/./}))
}

# control: sets ctl, how to speak to the systemd that has, or would have, the unit of this run; false if there is none.
control() {
  [ -d /run/systemd/system ] && command -v systemctl >/dev/null || return 1
  if ((EUID == 0)); then
    ctl=(systemctl)
    return 0
  fi
  # A user's manager outlives the log-in only where lingering is on.
  [ -e "/var/lib/systemd/linger/$(id -un)" ] || return 1
  export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$EUID}"
  [ -S "$XDG_RUNTIME_DIR/systemd/private" ] || return 1
  ctl=(systemctl --user)
}

# unit_is STATE…: whether the unit of this run is in one of these states.
unit_is() {
  local state
  control || return 1
  state=$("${ctl[@]}" show -p ActiveState "linkops-$tag.service" 2>/dev/null)
  case " $* " in *" ${state#ActiveState=} "*) return 0 ;; esac
  return 1
}

# look: sets kind and all that the state line tells.
look() {
  local first end=''
  kind=absent way=none elapsed=0 ago=0 out=0 err=0 code=0 signal=- result=- whole='whole'
  pid='' born='' begin=0 boot_then=''
  if [ ! -e "$directory" ] && [ ! -L "$directory" ]; then return; fi
  is_ours "$directory" || refuse "$directory is there, and not a directory that is ours alone"
  now
  kind=waiting
  if [ ! -f "$directory/begun" ]; then return; fi
  read -r first born begin boot_then way <"$directory/begun"
  if [ "$first" = never ]; then
    kind=never way=none
    return
  fi
  pid=$first
  # First whether it runs, then whether it has ended: the record of the end comes before the end.
  ticks "$pid"
  if [ "$boot_then" != "$boot" ]; then
    kind=restarted
  elif [ "$began" = "$born" ]; then
    kind=running
  elif [ "$way" = systemd ] && unit_is active activating deactivating reloading; then
    kind=running
  else
    kind=dead
  fi
  elapsed=$((up - begin))
  if [ -f "$directory/exit" ]; then
    kind=ended
    read -r code signal result end <"$directory/exit"
    elapsed=$((end - begin))
    if [ "$boot_then" = "$boot" ]; then ago=$((up - end)); fi
    if [ ! -e "$directory/intime" ]; then result=timeout; fi
  fi
  if [ ! -e "$directory/whole.stdout" ] || [ ! -e "$directory/whole.stderr" ]; then whole='cut'; fi
  if [ -f "$directory/stdout" ] && [ -f "$directory/stderr" ]; then
    out=$(($(wc -c <"$directory/stdout"))) err=$(($(wc -c <"$directory/stderr")))
  else
    kind=gone
  fi
}

answer() {
  say "state $kind $way $elapsed $ago $out $err $code $signal $result $whole"
}

# never: from now on this run cannot be started any more, unless it was.
never() {
  if [ ! -e "$base" ]; then mkdir -p "$base"; fi
  secure || refuse "$base, or a directory above it, may be changed by others"
  if [ ! -e "$directory" ] && [ ! -L "$directory" ]; then mkdir "$directory"; fi
  is_ours "$directory" || refuse "$directory is there, and not a directory that is ours alone"
  echo never >"$directory/never.$$" || refuse "cannot write into $directory"
  ln "$directory/never.$$" "$directory/begun" 2>/dev/null
}

# pause TENTHS: LinkOps' silence is a sleep without a fork; false if it is gone.
pause() {
  read -r -t "0.$1" _
  (($? != 1))
}

# begin: everything the keeper needs goes into the directory; then the keeper is started, and nobody waits for it.
begin() {
  local to=$directory each
  trap 'rm -rf "$directory"' EXIT
  { mkdir "$to/script" && cat "/proc/$$/environ" >"$to/environ" && printf %s "$keeper" >"$to/keeper" &&
    printf %s "$reaper" >"$to/reap" && echo "$grace" >"$to/grace" && : >"$to/stdout" && : >"$to/stderr" &&
    : >"$to/whole.stdout" && : >"$to/whole.stderr" && : >"$to/intime" && printf '%100s\n' '' >"$to/exit.new" &&
    printf '%s\0' "$tag" "$name" "$PWD" "$mask" "$limit" "$most" "${#options[@]}" "${options[@]}" \
      "${arguments[@]}" >"$to/order" && : >"$to/added" && for each in "${environment[@]}"; do
      printf '%s\0' "$each" || break
    done >"$to/added"; } || refuse "cannot write into $to"
  arrive "$to/script/$name"
  trap - EXIT
  unset BASH_ENV ENV POSIXLY_CORRECT
  if ! as_unit; then
    setsid "$BASH" "$to/keeper" session linkops "$tag" </dev/null >/dev/null 2>&1 &
  fi
  for ((i = 0; i < 300; i++)); do
    if [ -e "$to/begun" ]; then break; fi
    pause 1 || exit 0
  done
}

# as_unit: a transient unit, where this log-in may have one. What has to be quoted for systemd is not tried there.
as_unit() {
  local stop=$(((grace + 9) / 10)) version='' more=()
  case $directory$BASH in *[!A-Za-z0-9/._-]*) return 1 ;; esac
  control && command -v systemd-run >/dev/null || return 1
  read -r _ version _ < <(systemctl --version)
  if [[ $version =~ ^[0-9]+$ ]] && ((version >= 243)); then more=(-p OOMPolicy=continue); fi
  systemd-run "${ctl[@]:1}" --quiet --collect --unit="linkops-$tag" --description="LinkOps execution $tag" \
    -p KillMode=control-group -p TimeoutStopSec=$((stop > 0 ? stop : 1)) -p RuntimeMaxSec=$((limit + 5)) \
    -p IgnoreSIGPIPE=no -p StandardInput=null -p StandardOutput=null -p StandardError=null "${more[@]}" \
    -p ExecStopPost="$BASH $directory/keeper finish" \
    "$BASH" "$directory/keeper" unit linkops "$tag" </dev/null >/dev/null 2>&1
}

# sweep: what nobody came back for. Only directories of our own, and rm follows no links.
sweep() {
  local old
  while IFS= read -r old; do
    tag=${old##*/} directory=$old
    case $tag in '' | *[!0-9a-zA-Z-]*) continue ;; esac
    if is_ours "$old"; then
      look
      if [ "$kind" != running ]; then rm -rf "$old"; fi
    fi
  done < <(find "$base" -mindepth 1 -maxdepth 1 -type d -mmin "+$keep" 2>/dev/null)
}

# follow OUT ERR: what is there from these offsets, then what comes, until the run has ended or LinkOps has gone.
follow() {
  local over='' round=0 silence=0 from=("$1" "$2") each fresh=() grew=(yes yes)
  if ((from[0] > out || from[1] > err)); then exit 0; fi
  exec 5<"$directory/stdout" 6<"$directory/stderr" || exit 0
  printf 'linkops:%s stderr\n' "$tag" >&2
  # Passing to an offset is tail's work; after that both files are read on from where they are.
  tail -c "+$((from[0] + 1))" <&5 || exit 0
  tail -c "+$((from[1] + 1))" <&6 >&2 || exit 0
  while :; do
    # First whether it is over, then what is there: nothing is written after the end.
    if [ -e "$directory/exit" ] || [ ! -e "$directory/begun" ]; then
      over=yes
    else
      ticks "$pid"
      if [ "$began" != "$born" ] && ! { [ "$way" = systemd ] && unit_is active activating deactivating reloading; }; then
        over=yes
      fi
    fi
    # A file is read when it is newer than its last reading began, once more after that, and every second.
    fresh=("$directory/stdout" "$directory/stderr")
    for each in 0 1; do
      if [ -n "$over${grew[each]}" ] || ((round % 6 == 0)) || [ "${fresh[each]}" -nt "$directory/read.$$.$each" ]; then
        if [ "${fresh[each]}" -nt "$directory/read.$$.$each" ]; then
          touch -r "${fresh[each]}" "$directory/read.$$.$each" 2>/dev/null
          grew[each]=yes
        else
          grew[each]=''
        fi
        if ((each == 0)); then cat <&5; else cat <&6 >&2; fi || over=yes
      fi
    done
    if [ -n "$over" ]; then break; fi
    round=$((round + 1))
    # LinkOps says something every minute.
    read -r -t 0.15 _
    case $? in
      0) silence=0 ;;
      1) break ;;
      *) if ((++silence > 2000)); then break; fi ;;
    esac
  done
  rm -f "$directory/read.$$.0" "$directory/read.$$.1"
  exit 0
}

# Waits for what LinkOps makes of the answer.
go_on() {
  answer
  IFS= read -r word || exit 0
  case $word in
    'follow '*)
      # shellcheck disable=SC2086
      follow ${word#follow }
      ;;
  esac
  exit 0
}

# stop: ends the unit with everything in it and looks; false if there is no such unit.
stop() {
  local group events='' line pids=() top
  unit_is active activating deactivating reloading || return 1
  group=$("${ctl[@]}" show -p ControlGroup "linkops-$tag.service")
  group=${group#ControlGroup=}
  "${ctl[@]}" stop "linkops-$tag.service" >/dev/null 2>&1
  for top in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    if [ -n "$group" ] && [ -e "$top$group/cgroup.procs" ]; then
      while read -r line; do pids+=("$line"); done <"$top$group/cgroup.procs"
      while read -r line; do
        if [ "$line" = 'populated 1' ]; then events=populated; fi
      done 2>/dev/null <"$top$group/cgroup.events"
    fi
  done
  if ((${#pids[@]} > 0)); then
    say "left ${pids[*]}"
  elif [ -n "$events" ] || unit_is active activating deactivating reloading; then
    say "left 1"
  else
    say "gone 0"
  fi
}

home
case $word in
  start)
    count limit
    count grace
    count most
    count keep
    field keeper
    field reaper
    order
    mask=$(umask)
    umask 077
    if [ ! -e "$base" ]; then mkdir -p "$base" || refuse "cannot make the directory $base"; fi
    secure || refuse "$base, or a directory above it, may be changed by others"
    if mkdir "$directory" 2>/dev/null; then
      begin
      sweep </dev/null >/dev/null 2>&1 &
    fi
    look
    go_on
    ;;
  attach)
    umask 077
    if [ -e "$base" ]; then secure || refuse "$base, or a directory above it, may be changed by others"; fi
    look
    case $kind in
      absent | waiting)
        never
        look
        ;;
    esac
    go_on
    ;;
  end)
    umask 077
    if [ -e "$base" ]; then secure || refuse "$base, or a directory above it, may be changed by others"; fi
    look
    case $kind in absent | waiting) never ;; esac
    stop || say reap
    ;;
  forget)
    if secure; then
      look
      case $kind in ended | restarted) rm -rf "$directory" ;; esac
    fi
    say forgotten
    ;;
esac
exit 0
