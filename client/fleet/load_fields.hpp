#pragma once

#include "client/engine/load_run.hpp"
#include "common/histogram/base64.hpp"
#include "common/json/fields.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How a load travels: the description (common/json/fields.hpp) of its options.
namespace waitlab::client {

/// Bytes of any kind, in base64: JSON has none but text.
struct BytesForm {
  form::Json write(const std::string& bytes) const { return to_base64(bytes); }
  void read(const JsonPlace& place, std::string& bytes) const {
    auto decoded = from_base64(place.text());
    if (!decoded) return place.refuse("is no base64");
    bytes = std::move(*decoded);
  }
};

/// Nanoseconds, exactly.
inline constexpr form::Time in_ns{std::chrono::nanoseconds(1)};

struct HeadersForm {
  form::Json write(const HeaderFields& headers) const {
    form::Json list = form::Json::array();
    for (const auto& [name, value] : headers)
      list.push_back({to_base64(name), to_base64(value)});
    return list;
  }
  void read(const JsonPlace& place, HeaderFields& headers) const {
    for (const JsonPlace& item : place.items()) {
      const std::vector<JsonPlace> parts = item.items();
      if (parts.size() != 2) return item.refuse("must be a name and a value");
      auto& [name, value] = headers.emplace_back();
      BytesForm().read(parts[0], name);
      BytesForm().read(parts[1], value);
    }
  }
};

inline constexpr std::array<std::string_view, 2> arrival_words{"constant", "poisson"};

void fields(auto& visit, Of<RequestTemplate> auto& request) {
  visit("method", BytesForm{}, request.method);
  visit("path", BytesForm{}, request.path);
  visit("headers", HeadersForm{}, request.headers);
  visit("body", BytesForm{}, request.body);
  visit("weight", form::number, request.weight);
}

void fields(auto& visit, Of<RateSegment> auto& segment) {
  visit("from", form::number, segment.from);
  visit("to", form::number, segment.to);
  visit("duration_ns", in_ns, segment.duration);
}

void fields(auto& visit, Of<LoadOptions> auto& load) {
  visit("url", BytesForm{}, load.url);
  visit("method", BytesForm{}, load.method);
  visit("headers", HeadersForm{}, load.headers);
  visit("body", BytesForm{}, load.body);
  visit("targets", form::ListOf{form::object}, load.targets);
  visit("keep_alive", form::flag, load.keep_alive);
  visit("expect_statuses", form::texts, load.expect.statuses);
  visit("expect_body", BytesForm{}, load.expect.body);
  visit("insecure", form::flag, load.tls.insecure);
  visit("ca_file", BytesForm{}, load.tls.ca_file);
  visit("rate", form::amount_or_null, load.rate);
  visit("steps", form::ListOf{form::object}, load.steps);
  visit("arrivals", form::Choice{arrival_words}, load.arrivals);
  visit("connections", form::count, load.connections);
  visit("max_connections", form::count, load.max_connections);
  visit("duration_ns", form::Nullable{in_ns}, load.duration);
  visit("requests", form::count_or_null, load.requests);
  visit("warmup_ns", in_ns, load.warmup);
  visit("timeout_ns", in_ns, load.timeout);
  visit("threads", form::count, load.threads);
  visit("seed", form::count, load.seed);
  visit("shard", form::count, load.shard.index);
  visit("shards", form::count, load.shard.count);
  visit("command", form::text, load.command);
}

}  // namespace waitlab::client
