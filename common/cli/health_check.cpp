#include "common/cli/health_check.hpp"

#include "common/net/http_get.hpp"

#include <fmt/format.h>

#include <chrono>

namespace waitlab {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr unsigned http_ok = 200;

}  // namespace

Result<std::string> check_health(const HealthPage& page) {
  if (page.port == 0) return Failure{"the config leaves the port to chance, as 0; set one, so that it can be asked"};
  const bool is_ipv6 = page.address.find(':') != std::string::npos;
  // Linux takes a connection to 0.0.0.0 or :: as one to loopback.
  const std::string address = fmt::format(fmt::runtime(is_ipv6 ? "[{}]:{}" : "{}:{}"), page.address, page.port);
  const auto answer = http_get(address, page.path, patience);
  if (!answer) return answer.error();
  if (answer->status != http_ok) return Failure{fmt::format("{}{} answers {}", address, page.path, answer->status)};
  return fmt::format("{}{} answers {}", address, page.path, answer->status);
}

}  // namespace waitlab
