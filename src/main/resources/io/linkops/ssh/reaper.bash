# shellcheck shell=bash
# The reaper: ends what belongs to one execution and looks whether it is gone.
#
# Sent over stdin like the launcher, $1 = the execution's tag; then one line: the grace in tenths of a second.
# Answers "linkops:TAG gone N" or "linkops:TAG left PID…". Signals and looks need no fork: it works at a full process table.
# An execution's processes are those that
#   - have LINKOPS_EXECUTION=TAG in the environment they were started with (also after setsid and double forks), or
#   - hold one of the launcher's output pipes, if the launcher is still there, or
#   - are in a session that one of those leads or led, or
#   - descend from any of these or from the launcher.
# Never the reaper, nor anything above it or above the launcher (shells, sshd, an embedded server).

tag=$1
LC_ALL=C
own=$$
declare -A parent session member spared termed
launcher=''
ended=0

IFS= read -r grace || exit 71
case $grace in
  '' | *[!0-9]*) exit 71 ;;
esac

# pause TENTHS: stdin stays open and silent, so reading it is a sleep without a fork.
pause() {
  read -r -t "0.$1" _
  if (($? == 1)); then sleep "0.$1"; fi
}

# is_tagged PID: the environment is read as one text first, and by entries only if the tag is in it.
is_tagged() {
  local all='' entry
  { IFS= read -r -d '' -N 262144 all; } 2>/dev/null <"/proc/$1/environ"
  if [[ $all != *"LINKOPS_EXECUTION=$tag"* ]] && ((${#all} < 262144)); then return 1; fi
  while IFS= read -r -d '' entry; do
    if [ "$entry" = "LINKOPS_EXECUTION=$tag" ]; then return 0; fi
  done 2>/dev/null <"/proc/$1/environ"
  return 1
}

# is_launcher PID: its command line ends with the words linkops TAG (also while the log-in shell still holds them as one).
is_launcher() {
  local words=''
  { IFS= read -r -d '' -N 65536 words; } 2>/dev/null <"/proc/$1/cmdline"
  [[ $words =~ linkops\ ?"$tag"$ ]]
}

# collects PID: carries the output of a durable run, or belongs to who does. It ends when nobody writes any more; ended
# before that it would take what is in the pipe along.
collects() {
  local words pid
  for pid in "$1" "${parent[$1]-}"; do
    words=''
    { IFS= read -r -d '' -N 65536 words; } 2>/dev/null <"/proc/$pid/cmdline"
    if [[ $words == *"/$tag/keepercollect"* ]]; then return 0; fi
  done
  return 1
}

# holds_output PID: whether one of its files is a pipe (or socket) that is the launcher's fd 1 or 3.
holds_output() {
  local file of
  for of in 1 3; do
    if [ -p "/proc/$launcher/fd/$of" ] || [ -S "/proc/$launcher/fd/$of" ]; then
      for file in "/proc/$1/fd/"*; do
        if [ "$file" -ef "/proc/$launcher/fd/$of" ]; then return 0; fi
      done
    fi
  done
  return 1
}

# spare PID: it and everything above it.
spare() {
  local pid=$1
  while [ -n "$pid" ] && [ -z "${spared[$pid]-}" ]; do
    spared[$pid]=yes
    pid=${parent[$pid]-}
  done
}

# look: fills member with the living processes of the execution, and launcher.
look() {
  local file pid line more words
  local -A ours=()
  parent=() session=() member=() spared=()
  launcher=''
  for file in /proc/[0-9]*; do
    pid=${file#/proc/}
    line=''
    { IFS= read -r -d '' line; } 2>/dev/null <"$file/stat"
    # pid (name, which may hold anything) state parent group session …: split into words, there is nothing else in it.
    # shellcheck disable=SC2206
    words=(${line##*) })
    case ${words[0]-} in
      '' | Z | X | x) ;;
      *) parent[$pid]=${words[1]} session[$pid]=${words[3]} ;;
    esac
  done
  spare "$own"
  spared[1]=yes
  for pid in "${!parent[@]}"; do
    if [ -z "${spared[$pid]-}" ] && is_launcher "$pid"; then launcher=$pid; fi
  done
  if [ -n "$launcher" ]; then spare "$launcher"; fi
  for pid in "${!parent[@]}"; do
    if [ -z "${spared[$pid]-}" ]; then
      if is_tagged "$pid" || { [ -n "$launcher" ] && holds_output "$pid"; }; then member[$pid]=yes; fi
    fi
  done
  # A session is ours unless something spared is in it: embedded servers start the launcher in their own.
  for pid in "${!member[@]}"; do ours[${session[$pid]}]=yes; done
  for pid in "${!spared[@]}"; do
    if [ -n "${session[$pid]-}" ]; then unset "ours[${session[$pid]}]"; fi
  done
  more=yes
  while [ -n "$more" ]; do
    more=''
    for pid in "${!parent[@]}"; do
      if [ -z "${member[$pid]-}${spared[$pid]-}" ]; then
        if [ -n "${member[${parent[$pid]}]-}" ] || [ "${parent[$pid]}" = "$launcher" ] ||
          [ -n "${ours[${session[$pid]}]-}" ]; then
          member[$pid]=yes
          more=yes
        fi
      fi
    done
  done
}

limit=$((SECONDS + grace / 10 + 1))

# Ask: everything found gets TERM once, newcomers too, until nothing is left or the grace is over.
look
while ((${#member[@]} > 0)); do
  for pid in "${!member[@]}"; do
    if [ -z "${termed[$pid]-}" ]; then
      termed[$pid]=yes
      ended=$((ended + 1))
      kill -s TERM "$pid" 2>/dev/null
      kill -s CONT "$pid" 2>/dev/null
    fi
  done
  if ((grace-- <= 0 || SECONDS > limit)); then break; fi
  pause 1
  look
done

# Insist: KILL what is there and look again; what was forked meanwhile is found by the next look.
for ((round = 0; round < 30; round++)); do
  if ((${#member[@]} > 0)); then
    for pid in "${!member[@]}"; do
      if ((round >= 5)) || ! collects "$pid"; then kill -s KILL "$pid" 2>/dev/null; fi
    done
  elif [ -z "$launcher" ]; then
    break
  elif ((round >= 10)); then
    # It had a second to tell the exit and go; perhaps it hangs before the script was started.
    kill -s KILL "$launcher" 2>/dev/null
  fi
  pause 1
  look
done

case ${TMPDIR-} in
  /*) directory=$TMPDIR/linkops-$tag ;;
  *) directory=/tmp/linkops-$tag ;;
esac
if [ -e "$directory" ] && [ -O "$directory" ] && [ ! -L "$directory" ]; then rm -rf "$directory"; fi

if [ -n "$launcher" ]; then member[$launcher]=yes; fi
if ((${#member[@]} > 0)); then
  printf 'linkops:%s left %s\n' "$tag" "${!member[*]}"
else
  printf 'linkops:%s gone %s\n' "$tag" "$ended"
fi
exit 0
