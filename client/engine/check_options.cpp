#include "client/engine/load_run.hpp"
#include "client/engine/target.hpp"

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr double lowest_rate = 0.001;
constexpr double highest_rate = 1e6;
constexpr std::uint64_t most_requests = 1'000'000'000'000;  // as many as request ids have digits for
constexpr std::chrono::nanoseconds longest = std::chrono::hours(24 * 30);

/// RFC 9110 section 5.6.2: what a method or a field name may be made of.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [marks](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

Result<void> check_header(const std::string& name, const std::string& value) {
  if (!is_token(name)) return Failure{fmt::format("header name '{}' is not valid; write -H 'Name: value'", name)};
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return Failure{fmt::format("header '{}' has a line break in its value; write it on one line", name)};
  }
  for (const char* ours : {"X-Request-Id", "Content-Length", "Transfer-Encoding"}) {
    if (boost::iequals(name, ours)) return Failure{fmt::format("header '{}' is set by the client; leave it out", ours)};
  }
  return {};
}

Result<void> check_loop(const LoadOptions& options) {
  if (options.threads == 0) return Failure{"threads must be at least 1"};
  const unsigned connections = options.rate ? options.max_connections : options.connections;
  if (connections == 0) return Failure{"connections must be at least 1"};
  if (connections < options.threads) {
    return Failure{
        fmt::format("{} threads cannot share {} connections; each needs at least one", options.threads, connections)};
  }
  if (options.rate && !(*options.rate >= lowest_rate && *options.rate <= highest_rate)) {
    return Failure{fmt::format("rate {} is out of range; give requests per second, at least {} and at most {:.0f}",
                               *options.rate, lowest_rate, highest_rate)};
  }
  return {};
}

Result<void> check_requests(const LoadOptions& options) {
  if (!options.requests) return {};
  if (*options.requests == 0 || *options.requests > most_requests) {
    return Failure{fmt::format("requests must be at least 1 and at most {}", most_requests)};
  }
  const double seconds = options.rate ? static_cast<double>(*options.requests) / *options.rate : 0;
  if (seconds > std::chrono::duration<double>(longest).count()) {
    return Failure{fmt::format("{} requests at {}/s take longer than 720h; ask for fewer or raise the rate",
                               *options.requests, *options.rate)};
  }
  return {};
}

Result<void> check_times(const LoadOptions& options) {
  using std::chrono::nanoseconds;
  const auto outside = [](nanoseconds time, nanoseconds least) { return time < least || time > longest; };
  if (options.duration && outside(*options.duration, nanoseconds(1))) {
    return Failure{"duration must be above 0 and at most 720h"};
  }
  if (outside(options.timeout, nanoseconds(1))) return Failure{"timeout must be above 0 and at most 720h"};
  if (outside(options.warmup, nanoseconds(0))) return Failure{"warmup must be at most 720h"};
  return {};
}

}  // namespace

Result<void> check_options(const LoadOptions& options) {
  if (auto target = parse_target(options.url); !target) return target.error();
  if (!is_token(options.method)) {
    return Failure{fmt::format("method '{}' is not valid; give one such as GET or POST", options.method)};
  }
  for (const auto& [name, value] : options.headers) {
    if (auto checked = check_header(name, value); !checked) return checked;
  }
  if (auto checked = check_loop(options); !checked) return checked;
  if (auto checked = check_requests(options); !checked) return checked;
  return check_times(options);
}

}  // namespace waitlab::client
