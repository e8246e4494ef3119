# shellcheck shell=bash disable=SC2034  # lab picks from the lists
# The Debian packages each command needs, and how the missing ones are installed. Sourced by lab, and by
# docker/Dockerfile for the first of the lists.
#
# A package is a name, or names with | between them of which the first will do that there is. NAME>=VERSION takes no
# older one. Where a release has other packages than the next, it is said here and nowhere else.

# ID and VERSION_ID of this system, and all it descends from.
system=$(. /etc/os-release && echo "$ID ${VERSION_ID:-}")
kin=$(. /etc/os-release && echo "$ID ${ID_LIKE:-}")
readonly system kin
readonly tried=('debian 12' 'debian 13')

# Boost, of which 1.81 is the oldest that will do: in Debian 12 under a name of its own, as the default is older.
boost() { echo "libboost${1:+-$1}1.81-dev|libboost${1:+-$1}-dev>=1.81"; }

readonly program_packages=(g++ cmake ninja-build "$(boost)" "$(boost context)" "$(boost filesystem)" "$(boost url)"
  nlohmann-json3-dev libcli11-dev libfmt-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev libssl-dev libjs-chart.js)
readonly build_packages=("${program_packages[@]}" ccache libgtest-dev libgmock-dev python3)
readonly test_packages=(strace iproute2 spin libhdrhistogram-java default-jdk-headless python3-jsonschema prometheus)
readonly browser_packages=(python3-selenium chromium chromium-driver)
# For labels that run only if named. Neither an engine nor npm is among them: those are for the machine's owner to choose.
readonly kubernetes_packages=('kubectl|kubernetes-client')
readonly lint_packages=(clang-format clang-tidy shellcheck)
readonly sanitizer_packages=(clang libclang-rt-dev llvm)
readonly bench_packages=(nginx-light apache2-bin wrk hey apache2-utils nghttp2-client)

# The packages that a build by PRESET wants, a line each: packages_of PRESET
packages_of() {
  printf '%s\n' "${build_packages[@]}"
  case $1 in asan-ubsan | tsan) printf '%s\n' "${sanitizer_packages[@]}" ;; esac
}

# Whether VERSION will do for NAME or NAME>=VERSION: new_enough NAME VERSION
new_enough() { [[ $1 != *'>='* ]] || dpkg --compare-versions "$2" ge "${1#*>=}"; }

# The first of A|B… whose version, as the command VERSION_OF NAME tells it, is there and will do: first_of A|B VERSION_OF
first_of() {
  local name version
  for name in ${1//|/ }; do
    version=$("$2" "${name%%>=*}")
    [[ -z $version ]] || ! new_enough "$name" "$version" || { echo "${name%%>=*}" && return; }
  done
  return 1
}

# The version of NAME in the array `installed`.
installed_version() { echo "${installed[$1]-}"; }

# The version of NAME that apt would install.
offered_version() { LC_ALL=C apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -v '(none)'; }

# Those of PACKAGES… that are not installed, as they were given.
missing_packages() {
  local package name status version names=()
  local -A installed=()
  for package; do
    for name in ${package//|/ }; do names+=("${name%%>=*}"); done
  done
  while read -r name status version; do
    [[ $status != installed ]] || installed[$name]=${version:-unknown}
  done < <(dpkg-query --show --showformat '${Package} ${db:Status-Status} ${Version}\n' "${names[@]}" 2>/dev/null)
  for package; do
    first_of "$package" installed_version >/dev/null || echo "$package"
  done
}

# PACKAGES… by the names that apt has here. Asks apt only where there is a choice; its lists must be there.
offered_packages() {
  local package
  for package; do
    if [[ $package != *'|'* ]]; then
      echo "$package"
    else
      first_of "$package" offered_version || fail "apt offers none of ${package//|/, } here"
    fi
  done
}

# PACKAGES… in a sentence: "a, b or c 1.81 or newer".
for_people() { printf '%s, ' "$@" | sed 's/, $//; s/|/ or /g; s/>=\([^,]*\)/ \1 or newer/g'; }

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo --non-interactive "$@"
  fi
}

is_tried() { printf '%s\n' "${tried[@]}" | grep --quiet --line-regexp --fixed-strings "$system"; }

# Fails, saying what to do, unless this machine is one where lab can install packages.
check_can_install() {
  [[ ${LAB_APT:-yes} != no ]] || fail "LAB_APT=no, but these packages are missing: $(for_people "$@")"
  [[ " $kin " == *' debian '* ]] ||
    fail "this is '$system', neither Debian nor a derivative: lab cannot install here. It lacks: $(for_people "$@")"
  [[ $(id -u) -eq 0 ]] || command -v sudo >/dev/null ||
    fail "packages are missing, and there is neither root nor sudo. As root: apt-get install $(offered_packages "$@" | xargs)"
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
    fail "this is neither Debian nor a derivative: lab cannot see which packages are there. Install the likes of:" \
      "$(for_people "$@"); then set LAB_APT=no"
  fi
  local missing offered
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  check_can_install "${missing[@]}"
  mkdir -p build
  : >build/apt.log
  is_tried || echo "This is '$system'. lab is tried on Debian 12 and 13 only: a package may have another name here."
  apt_logged update
  offered=$(offered_packages "${missing[@]}") || exit
  mapfile -t missing <<<"$offered"
  heading "Installing ${#missing[@]} packages: ${missing[*]}"
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
