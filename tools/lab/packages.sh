# shellcheck shell=bash disable=SC2034  # lab picks from the lists
# The Debian packages each command needs, and how the missing ones are installed. Sourced by lab, and by
# docker/Dockerfile for the first of the lists.

system=$(. /etc/os-release && echo "$ID ${VERSION_ID:-}")
readonly system

# The name of a package of Boost: the default of Debian 12 is too old, so there it is one that names its version.
boost() {
  if [[ $system == 'debian 12' ]]; then echo "libboost${1:+-$1}1.81-dev"; else echo "libboost${1:+-$1}-dev"; fi
}

readonly program_packages=(g++ cmake ninja-build "$(boost)" "$(boost filesystem)" "$(boost url)"
  nlohmann-json3-dev libcli11-dev libfmt-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev libssl-dev libjs-chart.js)
readonly build_packages=("${program_packages[@]}" ccache libgtest-dev libgmock-dev python3)
readonly test_packages=(strace libhdrhistogram-java default-jdk-headless python3-jsonschema prometheus)
readonly browser_packages=(python3-selenium chromium chromium-driver)
readonly lint_packages=(clang-format clang-tidy shellcheck)
readonly bench_packages=(nginx-light wrk hey apache2-utils nghttp2-client)

missing_packages() {
  local installed
  installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    sed -n 's/ installed$//p') || true
  printf '%s\n' "$@" | grep --invert-match --line-regexp --fixed-strings --file=<(printf '%s\n' "$installed") || true
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo --non-interactive "$@"
  fi
}

# Fails, saying what to do, unless this machine is one where lab can install packages.
check_can_install() {
  [[ ${LAB_APT:-yes} != no ]] || fail "LAB_APT=no, but these packages are missing: $*"
  [[ $system == 'debian 12' || $system == 'debian 13' ]] ||
    fail "this is '$system', not Debian 12 or 13: lab cannot install here. It lacks: $*"
  [[ $(id -u) -eq 0 ]] || command -v sudo >/dev/null ||
    fail "packages are missing, and there is neither root nor sudo. As root: apt-get install $*"
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes --no-install-recommends -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" </dev/null
}

# Runs apt with its output in a log; shows the log's end if apt fails.
apt_logged() {
  local log=build/apt.log
  apt "$@" &>>"$log" && return
  tail -n 15 "$log" >&2
  fail "apt-get $1 failed; its last lines stand above, all of them in $log"
}

# Runs COMMAND… while packages may not start the daemons they bring (nginx would take port 80). An administrator's own
# policy, if there is one, stays in force instead.
without_starting_services() (
  local policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
  fi
  "$@"
)

# Installs those of PACKAGES… that are missing; without any it does nothing at all.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    [[ ${LAB_APT:-yes} == no ]] && return
    fail "this is not Debian 12 or 13: lab cannot see which packages are there. Install the likes of: $*; then set LAB_APT=no"
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  check_can_install "${missing[@]}"
  mkdir -p build
  : >build/apt.log
  heading "Installing ${#missing[@]} packages: ${missing[*]}"
  apt_logged update
  show_removals "${missing[@]}"
  without_starting_services apt_logged install "${missing[@]}"
  local package
  for package in "${missing[@]}"; do
    case $package in  # lab starts its own; none is wanted at boot
      nginx-light) as_root update-rc.d nginx disable &>>build/apt.log ;;
      prometheus) as_root update-rc.d prometheus disable &>>build/apt.log ;;
    esac
  done
}

# Debian's default Boost and 1.81 cannot stand side by side; a person should see what gives way.
show_removals() {
  local removed
  removed=$(apt --simulate install "$@" 2>/dev/null | awk '/^Remv /{printf " %s", $2}') || true
  [[ -z $removed ]] || echo "These conflict and are removed:$removed"
}
