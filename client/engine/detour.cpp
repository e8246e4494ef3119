#include "client/engine/detour.hpp"

#include "client/engine/default_gateway.hpp"
#include "client/engine/listen_overflows.hpp"
#include "client/engine/published_port.hpp"
#include "common/process/container.hpp"
#include "common/text/shell_word.hpp"

#include <fmt/format.h>

#include <fstream>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

/// Whether the server is the machine around this container, by its name or as the way out.
bool is_around(const Target& target, const tcp::endpoint& server, const fs::path& root) {
  if (target.host == "host.docker.internal" || target.host == "host.containers.internal") return true;
  std::ifstream route(root / "proc/net/route");
  const auto gateway = default_gateway(route);
  return gateway && server.address() == *gateway;
}

}  // namespace

std::string find_detour(const Target& target, const tcp::endpoint& server, const fs::path& root) {
  if (is_local(server.address())) {
    const auto port = find_published_port(server, root / "proc");
    if (!port) return "";
    const std::string url =
        fmt::format("{}://localhost:{}{}", target.tls ? "https" : "http", port->container_port, target.origin_form);
    return fmt::format(
        "port {} is published by Docker: its proxy or address translation is in every figure; run the client inside "
        "the network instead: docker run --rm --network container:NAME --entrypoint waitlab-client waitlab run {}",
        port->host_port, shell_word(url));
  }
  if (!in_container(root) || !is_around(target, server, root)) return "";
  return fmt::format(
      "the way to port {} leads out of this container to the machine around it: address translation is in every "
      "figure; if a container serves it, run the client inside its network instead: docker run --network "
      "container:NAME",
      server.port());
}

}  // namespace waitlab::client
