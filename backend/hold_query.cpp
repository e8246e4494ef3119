#include "backend/hold_query.hpp"

#include "common/config/units.hpp"
#include "common/http/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::backend {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds longest_delay = std::chrono::hours{1};
constexpr milliseconds longest_timeout = std::chrono::hours{24};
constexpr std::size_t longest_id = 128;

Result<nanoseconds> parse_delay(std::string_view text) {
  const Result<nanoseconds> delay = parse_duration(text);
  if (!delay) return Failure{"parameter delay: " + delay.error().message};
  if (*delay > longest_delay)
    return Failure{fmt::format("parameter delay is {}: at most {} is allowed", text, format_duration(longest_delay))};
  return delay;
}

Result<nanoseconds> parse_timeout(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count > longest_timeout.count())
    return Failure{fmt::format("field X-Request-Timeout-Ms is \"{}\": a whole number from 1 to {} is allowed", text,
                               longest_timeout.count())};
  return nanoseconds{milliseconds{count}};
}

bool is_request_id(std::string_view text) {
  return text.size() <= longest_id && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

Failure not_allowed(const std::string& name, const std::vector<std::string>& known) {
  const bool is_known = std::ranges::find(known, name) != known.end();
  return Failure{fmt::format("parameter {} is {}: allowed, once each: {}", name, is_known ? "repeated" : "unknown",
                             fmt::join(known, ", "))};
}

Result<void> take_profile(std::string& profile, std::string value) {
  if (value.empty()) return Failure{"parameter profile is empty: give a name, or leave it out"};
  profile = std::move(value);
  return {};
}

Result<void> take_parameter(HoldQuery& query, const std::string& name, std::string value) {
  HoldRequest& hold = query.hold;
  if (name == "route" && hold.route.empty()) {
    if (value.empty()) return Failure{"parameter route is empty: give a path such as /wait"};
    hold.route = std::move(value);
  } else if (name == "delay" && !hold.delay) {
    Result<nanoseconds> delay = parse_delay(value);
    if (!delay) return delay.error();
    hold.delay = *delay;
  } else if (name == "profile" && query.profile.empty()) {
    return take_profile(query.profile, std::move(value));
  } else {
    return not_allowed(name, {"route", "delay", "profile"});
  }
  return {};
}

Result<void> take_fields(HoldRequest& hold, const Request& request) {
  hold.request_id = request.field("X-Request-Id");
  if (!is_request_id(hold.request_id))
    return Failure{fmt::format("field X-Request-Id: at most {} visible ASCII characters are allowed", longest_id)};
  const std::string_view timeout_text = request.field("X-Request-Timeout-Ms");
  if (timeout_text.empty()) return {};
  const Result<nanoseconds> timeout = parse_timeout(timeout_text);
  if (!timeout) return timeout.error();
  hold.timeout = *timeout;
  return {};
}

}  // namespace

Result<HoldQuery> parse_hold_query(const Request& request) {
  auto parameters = target_parameters(request.target);
  if (!parameters) return parameters.error();
  HoldQuery query;
  for (auto& [name, value] : *parameters)
    if (const Result<void> taken = take_parameter(query, name, std::move(value)); !taken) return taken.error();
  if (query.hold.route.empty()) query.hold.route = "/hold";
  if (const Result<void> taken = take_fields(query.hold, request); !taken) return taken.error();
  return query;
}

Result<std::string> parse_profile_query(const Request& request) {
  auto parameters = target_parameters(request.target);
  if (!parameters) return parameters.error();
  std::string profile;
  for (auto& [name, value] : *parameters) {
    if (name != "profile" || !profile.empty()) return not_allowed(name, {"profile"});
    if (const Result<void> taken = take_profile(profile, std::move(value)); !taken) return taken.error();
  }
  return profile;
}

}  // namespace waitlab::backend
