# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # fields assign by name; what is read here is used by the program that follows
# The beginning of the launcher and of the durable run: reads the client id file and tells it, then reads one word.
#
# It is sent over stdin, in front of the program, and run by a constant bootstrap (see BashProgram) with $1 = the
# execution's tag. Everything else comes over stdin too: numbers as lines, texts as a line with their length in bytes and
# then the bytes. So no value is ever part of a command, and none is seen in the process list before the script has it as
# its argument.
# Answers on stdout: "linkops:TAG WORDS", nothing else until the script runs. stderr: "linkops:TAG stderr" before it runs.
# Lines that are only a comment are not sent.

tag=$1

# Lengths are in bytes whatever the log-in's locale is; the script gets the locale back that was there.
had_locale=${LC_ALL+yes}
locale=${LC_ALL-}
LC_ALL=C
set -f

say() { printf 'linkops:%s %s\n' "$tag" "$1"; }

refuse() {
  say "refused $1"
  exit 72
}

# count NAME: one line with a number.
count() {
  local line
  IFS= read -r line || exit 71
  case $line in
    '' | *[!0-9]*) exit 71 ;;
  esac
  printf -v "$1" %s "$line"
}

# field NAME: a length and as many bytes. The end of stdin before that ends the launcher: nothing was run.
field() {
  local size
  count size
  if [ "$size" = 0 ]; then
    printf -v "$1" %s ''
  else
    IFS= read -r -d '' -N "$size" "$1" || exit 71
  fi
}

# fields NAME: a number and as many fields, into an array. (By subscript: bash before 4.3 has no name references.)
fields() {
  local number i
  count number
  for ((i = 0; i < number; i++)); do field "$1[$i]"; done
}

# identify PATH: sets status and content without a fork. What is not a regular file is never opened (a FIFO would hang).
identify() {
  local above=$1 opened='' nul=''
  content=''
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    while [ -n "$above" ] && [ ! -e "$above" ]; do above=${above%/*}; done
    status=missing
    if [ -d "$above" ] && [ ! -x "$above" ]; then status=denied; fi
  elif [ ! -f "$1" ]; then
    status=irregular
  elif [ ! -r "$1" ]; then
    status=denied
  else
    # 257 bytes are enough to see that it is too large. Ending at a NUL or at 257 bytes is success, the file's end is not.
    { opened=yes && IFS= read -r -d '' -n 257 content && nul=yes; } 2>/dev/null <"$1"
    status=ok
    if [ -z "$opened" ]; then
      status=denied
    elif ((${#content} > 256)); then
      status=too_large
    elif [ -n "$nul" ]; then
      status=irregular
    fi
    if [ "$status" != ok ]; then content=''; fi
  fi
}

# What a script is run with: environment, options, arguments, name, sum and size; its bytes follow on stdin.
order() {
  environment=() options=() arguments=()
  fields environment
  fields options
  fields arguments
  field name
  field sum
  count size
  case $name in
    '' | -* | .* | *[!A-Za-z0-9._-]*) refuse "the script's name" ;;
  esac
}

# arrive FILE: the script's bytes. Nothing runs unless every byte is there: a cut connection leaves a short file, and the
# sum differs.
arrive() {
  local found
  head -c "$size" >"$1" || refuse "cannot write $1"
  found=$(sha256sum <"$1") || refuse "cannot read $1 back"
  [ "${found%% *}" = "$sum" ] || refuse "the script arrived damaged or cut"
  command -v setsid >/dev/null || refuse "there is no setsid here (package util-linux)"
}

field path
identify "$path"
say "id $status ${#content}"
printf %s "$content"

# The other side decides. If it goes away here, nothing has run.
IFS= read -r word || exit 0
