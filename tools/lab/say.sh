# shellcheck shell=bash
# How lab speaks to a person. Sourced by lab.

bold='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi

heading() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }

fail() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

usage_error() {
  printf "lab: %s\n'./lab help' lists the commands.\n" "$*" >&2
  exit 2
}

# The edits (insert, delete, replace) that turn WORD into OTHER.
edit_distance() {
  local word=$1 other=$2 row=() above i j best
  for ((j = 0; j <= ${#other}; j++)); do row[j]=$j; done
  for ((i = 1; i <= ${#word}; i++)); do
    above=${row[0]}
    row[0]=$i
    for ((j = 1; j <= ${#other}; j++)); do
      best=$above
      [[ ${word:i-1:1} == "${other:j-1:1}" ]] || best=$((best + 1))
      above=${row[j]}
      ((best <= row[j] + 1)) || best=$((row[j] + 1))
      ((best <= row[j - 1] + 1)) || best=$((row[j - 1] + 1))
      row[j]=$best
    done
  done
  echo "${row[${#other}]}"
}

# The one of NAMES nearest to WORD: nearest WORD NAMES…
nearest() {
  local word=$1 name least=1000 distance found=''
  shift
  for name in "$@"; do
    distance=$(edit_distance "$word" "$name")
    if ((distance < least)); then
      least=$distance
      found=$name
    fi
  done
  echo "$found"
}
