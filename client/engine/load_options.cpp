#include "client/engine/load_run.hpp"

#include "client/engine/load_plan.hpp"
#include "client/engine/request_template.hpp"
#include "client/engine/request_text.hpp"
#include "client/engine/response_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace waitlab::client {
namespace {

constexpr double lowest_rate = 0.001;
constexpr double highest_rate = 1e6;
constexpr std::size_t most_steps = 100;
constexpr std::uint64_t most_requests = 1'000'000'000'000;  // as many as request ids have digits for
constexpr std::chrono::nanoseconds longest = std::chrono::hours(24 * 30);
constexpr std::chrono::nanoseconds longest_timeout = std::chrono::hours(1);  // what the histograms reach to

Result<void> check_expectations(const Expectations& expected, const std::vector<RequestTemplate>& mix) {
  for (const std::string& status : expected.statuses) {
    if (auto range = parse_status_range(status); !range) return range.error();
  }
  const auto is_head = [](const RequestTemplate& request) { return request.method == "HEAD"; };
  if (!expected.body.empty() && std::ranges::any_of(mix, is_head))
    return Failure{"--expect-body: no response to HEAD has a body; drop it, or ask with another method"};
  return {};
}

Result<void> check_tls(const LoadOptions& options, const Target& target) {
  if (target.tls || (options.tls.ca_file.empty() && !options.tls.insecure)) return {};
  return Failure{fmt::format("{} has no effect with http://; drop it, or write https://",
                             options.tls.insecure ? "--insecure" : "--ca-file")};
}

Result<void> check_rate(double rate) {
  if (rate >= lowest_rate && rate <= highest_rate) return {};
  return Failure{fmt::format("rate {} is out of range; give requests per second, at least {} and at most {:.0f}", rate,
                             lowest_rate, highest_rate)};
}

Result<void> check_steps(const LoadOptions& options) {
  if (options.steps.empty()) return {};
  if (options.rate || options.duration || options.requests) {
    return Failure{"steps say the rate and how long; leave out rate, duration and requests"};
  }
  if (options.steps.size() > most_steps) {
    return Failure{fmt::format("{} steps are too many; give at most {}", options.steps.size(), most_steps)};
  }
  for (const RateSegment& step : options.steps) {
    for (const double rate : {step.from, step.to}) {
      if (auto checked = check_rate(rate); !checked) return checked;
    }
    if (step.duration <= std::chrono::nanoseconds(0) || step.duration > longest) {
      return Failure{"a step must last longer than 0 and at most 720h"};
    }
  }
  return {};
}

Result<void> check_loop(const LoadOptions& options) {
  if (options.threads == 0) return Failure{"threads must be at least 1"};
  const unsigned connections = most_connections(options);
  if (connections == 0) return Failure{"connections must be at least 1"};
  if (connections < threads_of_all(options)) {
    return Failure{fmt::format("{} threads cannot share {} connections; each needs at least one",
                               threads_of_all(options), connections)};
  }
  if (options.rate) return check_rate(*options.rate);
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
  if (outside(options.timeout, nanoseconds(1)) || options.timeout > longest_timeout) {
    return Failure{"timeout must be above 0 and at most 1h"};
  }
  if (outside(options.warmup, nanoseconds(0))) return Failure{"warmup must be at most 720h"};
  return {};
}

}  // namespace

Result<void> check_options(const LoadOptions& options) {
  const auto target = parse_target(options.url);
  if (!target) return target.error();
  if (auto checked = check_headers(options.headers); !checked) return checked;
  if (auto checked = check_tls(options, *target); !checked) return checked;
  const std::vector<RequestTemplate> mix = request_mix(options, *target);
  for (const RequestTemplate& request : mix) {
    if (auto checked = check_request(request); !checked) return checked;
  }
  if (auto checked = check_expectations(options.expect, mix); !checked) return checked;
  if (auto checked = check_steps(options); !checked) return checked;
  if (auto checked = check_loop(options); !checked) return checked;
  if (auto checked = check_requests(options); !checked) return checked;
  return check_times(options);
}

}  // namespace waitlab::client
