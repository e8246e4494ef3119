# shellcheck shell=bash
# The image, and what runs in containers. Sourced by lab.

readonly docker_commands=(build demo up client down help)

docker_help() {
  cat <<'TEXT'
usage: ./lab docker COMMAND [ARGUMENTS]

  build             the image waitlab, from these sources; takes minutes the
                    first time, seconds if nothing changed
  demo [ARGUMENTS]  the main experiment in a container; the report is left in
                    results/ here. ARGUMENTS replace the experiment's file
  up                server and backend, in the background; then says what to
                    try
  client [ARGUMENTS]
                    a load run in the network of the two: poisson arrivals,
                    400/s for 10 s; or waitlab-client ARGUMENTS, against
                    http://server:8080
  down              stops what up started, and removes it
  help              this text

demo, up and client build the image first, but client not where the server
runs. LAB_IMAGE=NAME takes that image instead. results/ is theirs to write to.
TEXT
}

# Sets compose to the command that speaks to Compose: the plugin if there is one, else docker-compose.
find_compose() {
  if docker compose version &>/dev/null; then
    compose=(docker compose)
  elif docker-compose version &>/dev/null; then
    compose=(docker-compose)
  else
    fail "neither 'docker compose' nor 'docker-compose' works here. On Debian: apt-get install docker-compose"
  fi
  compose+=(-f docker/compose.yaml)
}

# lab installs packages, but no engine: that is for the machine's owner to decide.
check_engine() {
  local said
  command -v docker >/dev/null ||
    fail "there is no docker here. Install Docker Engine first; on Debian: apt-get install docker.io docker-compose"
  said=$(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) ||
    fail "no Docker engine answers: $said
     Start it (systemctl start docker), or let this user use it (usermod --append --groups docker NAME)."
}

docker_build() {
  heading "Building the image waitlab"
  docker build --file docker/Dockerfile --tag waitlab . || fail "the image was not built; Docker's words stand above"
}

# An image that was named is taken as it is.
provide_image() { [[ -n ${LAB_IMAGE:-} ]] || docker_build; }

# Runs a service to its end; what it leaves in results/ belongs to whoever owns that folder. A container's root may not
# write into a folder of somebody else's.
run_service() {
  mkdir -p results
  heading "Running it in a container"
  exec env LAB_UID="$(stat --format %u results)" LAB_GID="$(stat --format %g results)" "${compose[@]}" run --rm "$@"
}

docker_demo() {
  provide_image
  run_service demo "$@"
}

# A server that runs is loaded as it is: Compose would make it anew if a source or a setting had changed since.
docker_client() {
  if [[ -n $("${compose[@]}" ps --quiet server) ]]; then
    run_service --no-deps client "$@"
  fi
  provide_image
  run_service client "$@"
}

# Returns once the server is healthy; fails with its last words if it ends before.
await_server() {
  local id state='' deadline=$((SECONDS + 60))
  id=$("${compose[@]}" ps --all --quiet server)
  until [[ $state == *' healthy' ]]; do
    state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$id")
    if [[ $state == exited* ]] || ((SECONDS > deadline)); then
      docker logs --tail 5 "$id" >&2
      fail "the server did not come up; its last words stand above"
    fi
    sleep 0.2
  done
}

docker_up() {
  provide_image
  heading "Starting server and backend"
  "${compose[@]}" up --detach || fail "they did not come up; see: ${compose[*]} logs"
  await_server
  cat <<TEXT

The server answers on http://localhost:${LAB_PORT:-8080}, and tells of itself on
http://localhost:${LAB_ADMIN_PORT:-9090}. Try:

  curl -i localhost:${LAB_PORT:-8080}/wait
  ./lab docker client

Change the word after "strategy" in docker/config/server.jsonc, then
  ${compose[*]} kill -s HUP server
and load it again. ./lab docker down stops it all.
TEXT
}

docker_down() {
  heading "Stopping"
  "${compose[@]}" --profile observability down --remove-orphans
}

docker_command() {
  local command=${1:-help} compose=()
  (($# == 0)) || shift
  case $command in
    build | up | down) (($# == 0)) || usage_error "docker $command takes no arguments, but got '$*'" ;;
    demo | client) ;;
    help | -h | --help) docker_help && return ;;
    *) usage_error "docker knows no '$command'; did you mean '$(nearest "$command" "${docker_commands[@]}")'?" ;;
  esac
  check_engine
  [[ $command == build ]] || find_compose
  "docker_$command" "$@"
}
