# shellcheck shell=bash
# Configuring, building and testing by the presets of CMakePresets.json. Sourced by lab.

readonly presets=(release debug asan-ubsan tsan)

check_preset() {
  [[ " ${presets[*]} " == *" $1 "* ]] ||
    usage_error "there is no preset '$1'; did you mean '$(nearest "$1" "${presets[@]}")'? All: ${presets[*]}"
}

# As many compilers as there are CPUs, each with 1.5 GiB: Asio under a sanitizer takes that much.
build_jobs() {
  local cpus fit
  cpus=$(nproc)
  fit=$(awk '/^MemAvailable:/{print int($2 / 1572864)}' /proc/meminfo)
  ((fit > 0)) || fit=1
  echo $((cpus < fit ? cpus : fit))
}

configure() {
  heading "Configuring ($1)"
  mkdir -p "build/$1"
  cmake --preset "$1" >"build/$1/configure.log" 2>&1 && return
  cat "build/$1/configure.log" >&2
  fail "CMake could not configure preset $1; its own words stand above"
}

# build PRESET [TARGETS…]
build() {
  local preset=$1
  shift
  configure "$preset"
  heading "Building ($preset)"
  NINJA_STATUS='[%f/%t] ' cmake --build --preset "$preset" --parallel "$(build_jobs)" ${1:+--target "$@"} ||
    fail "the build failed; the compiler's words stand above"
}

# The number an attribute of the test report's first element holds.
reported() { grep -m1 -oP "\b$2=\"\K[0-9]+" "$1" || echo 0; }

# run_tests PRESET LABELS CTEST_ARGUMENTS…; LABELS is a|b, or empty for all but those that run only if named. The tests
# of some labels have a report of their own, so that it does not pass for that of all.
run_tests() {
  local preset=$1 labels=$2 report launcher=() chosen=(--label-exclude '^(truth|docker|kubernetes)$') status=0
  [[ -z $labels ]] || chosen=(--label-regex "^($labels)\$")
  report=$PWD/build/$preset/tests${labels:+.${labels//|/.}}.xml
  shift 2
  # Thread sanitizer's shadow memory does not fit every layout that a randomised address space may have.
  if [[ $preset == tsan ]] && setarch --addr-no-randomize true 2>/dev/null; then
    launcher=(setarch --addr-no-randomize)
  fi
  heading "Testing ($preset${labels:+: $labels})"
  rm -f "$report"
  "${launcher[@]}" ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error --output-junit "$report" \
    "${chosen[@]}" "$@" || status=$?
  [[ -f $report ]] || fail "ctest ran no test; with preset $preset the labels are: $(known_labels "$preset")"
  summarize_tests "$report" "$preset"
  return "$status"
}

known_labels() { ctest --preset "$1" --print-labels | sed -n 's/^  //p' | tr '\n' ' '; }

summarize_tests() {
  local report=$1 tests failed skipped
  tests=$(reported "$report" tests)
  failed=$(reported "$report" failures)
  skipped=$(($(reported "$report" skipped) + $(reported "$report" disabled)))
  heading "Tested ($2)"
  ((failed == 0)) || sed -n 's/.*<testcase name="\([^"]*\)".*status="fail".*/  failed: \1/p' "$report"
  if ((skipped > 0)); then
    sed -n 's/.*<testcase name="\([^"]*\)".*status="notrun".*/  skipped: \1/p' "$report"
    sed -n 's/.*<system-out>skipped: /  because /p' "$report" | sort --unique
  fi
  echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
}
