# shellcheck shell=bash
# shellcheck disable=SC2154 # what common.bash has read
# The launcher, after common.bash: if LinkOps goes ahead, runs one script and tells how it ended.

[ "$word" = go ] || exit 0
order
case ${TMPDIR-} in
  /*) directory=$TMPDIR/linkops-$tag ;;
  *) directory=/tmp/linkops-$tag ;;
esac
mask=$(umask)
umask 077
mkdir "$directory" || refuse "cannot make the private directory $directory"
trap 'rm -rf "$directory"' EXIT

arrive "$directory/$name"

# Bash starts background commands with INT and QUIT ignored; where env can undo that, the script can use them.
undo=()
if env --default-signal=INT,QUIT true 2>/dev/null; then undo=(env '--default-signal=INT,QUIT'); fi

# The launcher outlives signals that are meant for the script. Its fd 1 and 3 show the reaper which pipes are the
# script's output; its own stderr is silent, or bash would remark there on the signal that ended the script.
trap '' TERM HUP INT QUIT PIPE
exec 3>&2 2>/dev/null
how=''
trap 'how=$(jobs -l)' CHLD
(
  trap - TERM HUP INT QUIT PIPE CHLD EXIT
  exec 2>&3 3>&-
  say "started $BASHPID"
  printf 'linkops:%s stderr\n' "$tag" >&2
  umask "$mask"
  if [ -n "$had_locale" ]; then { LC_ALL=$locale; } 2>/dev/null; else unset LC_ALL; fi
  # From here nothing is known by its name any more: a variable of the script may have any.
  set -- "$tag" "${undo[@]}" setsid bash "${options[@]}" "$directory/$name" "${arguments[@]}"
  for LINKOPS_ENTRY in "${environment[@]}"; do export "${LINKOPS_ENTRY?}"; done
  unset LINKOPS_ENTRY
  export LINKOPS_EXECUTION="$1"
  shift
  exec "$@"
) </dev/null &
wait "$!"
code=$?
trap - CHLD EXIT
rm -rf "$directory"

# Bash tells 128 + n both for a signal and for an exit with that number; its job list knows which it was. A signal is
# passed on by dying of it, so that SSH itself reports it.
if ((code > 128)) && ! [[ $how =~ ^\[[0-9]+\][+-]?\ +[0-9]+\ (Exit|Done) ]]; then
  ulimit -c 0
  trap - TERM HUP INT QUIT PIPE
  kill -s "$((code - 128))" "$$"
fi
exit "$code"
