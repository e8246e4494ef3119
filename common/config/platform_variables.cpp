#include "common/config/platform_variables.hpp"

#include <algorithm>
#include <array>

namespace waitlab {
namespace {

constexpr std::array<std::string_view, 3> protocols{"TCP", "UDP", "SCTP"};

/// What follows WAITLAB_PORT_8080_TCP; START and END are of a range of ports.
constexpr std::array<std::string_view, 8> port_details{"",       "_PROTO", "_PORT",       "_ADDR",
                                                       "_START", "_END",   "_PORT_START", "_PORT_END"};

/// As in tcp://10.0.0.1:8080.
bool is_endpoint(std::string_view value) {
  return value.starts_with("tcp://") || value.starts_with("udp://") || value.starts_with("sctp://");
}

/// Whether `text` is a port, its protocol and a detail: 8080_TCP_ADDR.
bool is_port_detail(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || !text.substr(digits).starts_with('_')) return false;
  text.remove_prefix(digits + 1);
  return std::ranges::any_of(protocols, [text](std::string_view protocol) {
    return text.starts_with(protocol) &&
           std::ranges::find(port_details, text.substr(protocol.size())) != port_details.end();
  });
}

bool describes_a_port(std::string_view name) {
  constexpr std::string_view mark = "_PORT_";
  for (std::size_t at = name.find(mark); at != std::string_view::npos; at = name.find(mark, at + 1)) {
    if (is_port_detail(name.substr(at + mark.size()))) return true;
  }
  return false;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool is_set_by_platform(std::string_view name, std::string_view value) {
  if (name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT") || contains(name, "_SERVICE_PORT_"))
    return true;
  if (contains(name, "_ENV_")) return true;  // what the linked container has in its environment
  if (name.ends_with("_NAME") && value.starts_with('/')) return true;
  return (name.ends_with("_PORT") && is_endpoint(value)) || describes_a_port(name);
}

}  // namespace waitlab
