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

# The one of NAMES that is nearest to WORD, as one with most of its letters, in whatever order, and few besides:
# nearest WORD NAMES…
nearest() {
  local word=$1 name rest score best=-1000 found='' i
  shift
  for name in "$@"; do
    rest=$name
    for ((i = 0; i < ${#word}; i++)); do
      rest=${rest/"${word:i:1}"/}
    done
    score=$((2 * (${#name} - ${#rest}) - ${#rest}))
    if ((score > best)); then
      best=$score
      found=$name
    fi
  done
  echo "$found"
}
