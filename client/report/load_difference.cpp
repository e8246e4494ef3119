#include "client/report/load_difference.hpp"

#include "client/report/wording.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waitlab::client {
namespace {

/// The URL without its scheme, host and port.
std::string path_of(const LoadResult& result) {
  const auto scheme = result.url.find("://");
  const auto path = result.url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return path == std::string::npos ? "/" : result.url.substr(path);
}

std::string method_of(const LoadResult& result) {
  return result.method;
}

std::string targets_of(const LoadResult& result) {
  std::string text;
  for (const TargetName& target : result.targets)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", target.method, target.path);
  return text.empty() ? "none" : text;
}

std::string offered_of(const LoadResult& result) {
  return result.offered_rate ? fmt::format("{:g}/s", *result.offered_rate) : "closed loop";
}

std::string steps_of(const LoadResult& result) {
  std::string text;
  for (const StepResult& step : result.steps)
    text += fmt::format("{}{:g}/s", text.empty() ? "" : ", ", step.offered_rate());
  return text.empty() ? "none" : text;
}

std::string arrivals_of(const LoadResult& result) {
  return result.arrivals.empty() ? "closed loop" : result.arrivals;
}

/// In an open loop they are a cap that a valid run does not reach.
std::string connections_of(const LoadResult& result) {
  return result.offered_rate ? "as many as needed" : fmt::format("{}", result.connections);
}

std::string timeout_of(const LoadResult& result) {
  return short_time(result.timeout);
}

std::string machine_of(const LoadResult& result) {
  return fmt::format("{} CPUs of {}", result.machine.cpus_usable, result.machine.cpu_model);
}

struct Trait {
  const char* name;
  std::string (*of)(const LoadResult& result);
};

constexpr std::array traits{Trait{"path", path_of},
                            Trait{"method", method_of},
                            Trait{"request mix", targets_of},
                            Trait{"offered rate", offered_of},
                            Trait{"steps", steps_of},
                            Trait{"arrivals", arrivals_of},
                            Trait{"number of connections", connections_of},
                            Trait{"time-out", timeout_of},
                            Trait{"machine", machine_of}};

/// What the runs have of it, each once.
std::vector<std::string> kinds_of(const Trait& trait, const std::vector<NamedResult>& runs) {
  std::vector<std::string> kinds;
  for (const NamedResult& run : runs) {
    const std::string kind = trait.of(run.result);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

std::vector<std::string> differences_in_load(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b) {
  std::vector<std::string> lines;
  for (const Trait& trait : traits) {
    const auto of_a = kinds_of(trait, a);
    const auto of_b = kinds_of(trait, b);
    if (of_a.size() == 1 && of_a == of_b) continue;
    lines.push_back(fmt::format("different {}: {} in A, {} in B", trait.name, enumerate(of_a), enumerate(of_b)));
  }
  return lines;
}

}  // namespace waitlab::client
