#include "client/engine/detour.hpp"

#include "client/engine/listen_overflows.hpp"
#include "common/process/resource_limits.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <net/route.h>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace waitlab::client {

std::optional<boost::asio::ip::address_v4> default_gateway(std::istream& route) {
  std::string line;
  std::getline(route, line);  // the names of the columns
  while (std::getline(route, line)) {
    std::istringstream columns(line);
    std::string interface;
    std::uint32_t destination = 0;
    std::uint32_t gateway = 0;  // both as they stand in memory, in network order
    unsigned flags = 0;
    if (!(columns >> interface >> std::hex >> destination >> gateway >> flags)) continue;
    if (destination == 0 && (flags & RTF_GATEWAY) != 0) return boost::asio::ip::address_v4(ntohl(gateway));
  }
  return std::nullopt;
}

namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(std::string_view command_line) {
  std::vector<std::string> arguments;
  while (!command_line.empty()) {
    const std::size_t end = std::min(command_line.find('\0'), command_line.size());
    arguments.emplace_back(command_line.substr(0, end));
    command_line.remove_prefix(std::min(end + 1, command_line.size()));
  }
  return arguments;
}

/// What follows a flag; empty if the flag is not there.
std::string value_of(const std::vector<std::string>& arguments, std::string_view flag) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == flag) return arguments[i + 1];
  }
  return "";
}

std::uint16_t port_of(const std::string& text) {
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

bool PublishedPort::serves(const boost::asio::ip::tcp::endpoint& address) const {
  if (host_port != address.port()) return false;
  if (host_address.is_unspecified()) return host_address.is_v4() == address.address().is_v4();
  return host_address == address.address();
}

std::optional<PublishedPort> read_docker_proxy(std::string_view command_line) {
  const std::vector<std::string> arguments = split(command_line);
  if (arguments.empty() || fs::path(arguments.front()).filename() != "docker-proxy") return std::nullopt;
  if (value_of(arguments, "-proto") != "tcp") return std::nullopt;
  boost::system::error_code error;
  PublishedPort port;
  port.host_address = boost::asio::ip::make_address(value_of(arguments, "-host-ip"), error);
  port.host_port = port_of(value_of(arguments, "-host-port"));
  port.container_port = port_of(value_of(arguments, "-container-port"));
  if (error || port.host_port == 0) return std::nullopt;
  return port;
}

std::optional<PublishedPort> find_published_port(const boost::asio::ip::tcp::endpoint& address, const fs::path& proc) {
  std::error_code error;
  for (fs::directory_iterator entry(proc, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    const auto port = read_docker_proxy(text_of(entry->path() / "cmdline"));
    if (port && port->serves(address)) return port;
  }
  return std::nullopt;
}

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
