#include "client/record/time_split.hpp"

#include "common/text/words.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <numeric>

namespace waitlab::client {
namespace {

constexpr double nanoseconds_per_millisecond = 1e6;
constexpr double longest_ms = 1e9;  // what is longer is no duration of a request

/// Where `separator` stands outside of quoted strings (RFC 9110 section 5.6.4).
std::size_t find_unquoted(std::string_view text, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted && text[i] == '\\') ++i;
    if (!quoted && text[i] == separator) return i;
  }
  return std::string_view::npos;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Takes the text up to `separator` off the front.
std::string_view take(std::string_view& text, char separator) {
  const auto end = find_unquoted(text, separator);
  const auto taken = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return trimmed(taken);
}

std::optional<std::chrono::nanoseconds> parse_milliseconds(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= longest_ms)) return {};
  return std::chrono::nanoseconds(std::llround(value * nanoseconds_per_millisecond));
}

/// The `dur` among the parameters of one metric.
std::optional<std::chrono::nanoseconds> duration_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = take(parameters, ';');
    if (take(parameter, '=') == "dur") return parse_milliseconds(unquoted(trimmed(parameter)));
  }
  return {};
}

}  // namespace

std::optional<ServerTiming> parse_server_timing(std::string_view field) {
  ServerTiming timing;
  bool any = false;
  while (!field.empty()) {
    std::string_view metric = take(field, ',');
    const std::string_view name = take(metric, ';');
    std::chrono::nanoseconds* part = name == "queue"     ? &timing.queue
                                     : name == "backend" ? &timing.backend
                                     : name == "handler" ? &timing.handler
                                                         : nullptr;
    if (!part) continue;
    if (const auto duration = duration_of(metric)) {
      *part = *duration;
      any = true;
    }
  }
  if (!any) return {};
  return timing;
}

namespace {

using std::chrono::nanoseconds;

/// Four classes to each doubling: the position of the highest bit, and the two bits below it.
std::size_t class_of(nanoseconds time) noexcept {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 4));
  const auto octave = static_cast<unsigned>(std::bit_width(ns)) - 1;
  return 4 * (octave - 2) + ((ns >> (octave - 2)) & 3);
}

}  // namespace

TimeParts split_time(nanoseconds client_queue, nanoseconds connect, nanoseconds service,
                     const std::optional<ServerTiming>& timing) {
  const ServerTiming told = timing.value_or(ServerTiming{});
  nanoseconds left = service;
  const auto take = [&left](nanoseconds part) {
    const nanoseconds taken = std::clamp(part, nanoseconds(0), std::max(left, nanoseconds(0)));
    left -= taken;
    return taken;
  };
  TimeParts parts{};
  parts[static_cast<std::size_t>(Part::client_queue)] = client_queue;
  parts[static_cast<std::size_t>(Part::connect)] = take(connect);
  parts[static_cast<std::size_t>(Part::server_queue)] = take(told.queue);
  parts[static_cast<std::size_t>(Part::backend)] = take(told.backend);
  parts[static_cast<std::size_t>(Part::handler)] = take(told.handler);
  parts[static_cast<std::size_t>(Part::transfer)] = left;
  return parts;
}

void SplitTally::record(nanoseconds response_time, const TimeParts& parts, bool told_by_server) noexcept {
  Class& c = classes_[std::min(class_of(response_time), classes - 1)];
  ++c.count;
  for (std::size_t part = 0; part < parts.size(); ++part)
    c.sum_ns[part] += static_cast<std::uint64_t>(parts[part].count());
  told_by_server_ += told_by_server ? 1 : 0;
}

void SplitTally::merge(const SplitTally& other) noexcept {
  for (std::size_t i = 0; i < classes; ++i) {
    classes_[i].count += other.classes_[i].count;
    for (std::size_t part = 0; part < part_names.size(); ++part)
      classes_[i].sum_ns[part] += other.classes_[i].sum_ns[part];
  }
  told_by_server_ += other.told_by_server_;
}

std::uint64_t SplitTally::count() const noexcept {
  return std::accumulate(classes_.begin(), classes_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Class& c) { return sum + c.count; });
}

SplitMean SplitTally::all() const noexcept {
  return mean_from(0);
}

SplitMean SplitTally::slowest(double share) const noexcept {
  const double wanted = share * static_cast<double>(count());
  std::uint64_t reached = 0;
  std::size_t first = classes;
  while (first > 0 && static_cast<double>(reached) < wanted)
    reached += classes_[--first].count;
  return mean_from(first);
}

SplitMean SplitTally::mean_from(std::size_t first_class) const noexcept {
  Class sum;
  for (std::size_t i = first_class; i < classes; ++i) {
    sum.count += classes_[i].count;
    for (std::size_t part = 0; part < part_names.size(); ++part)
      sum.sum_ns[part] += classes_[i].sum_ns[part];
  }
  SplitMean mean;
  if (sum.count == 0) return mean;
  mean.share = static_cast<double>(sum.count) / static_cast<double>(count());
  for (std::size_t part = 0; part < part_names.size(); ++part)
    mean.part_ns[part] = static_cast<double>(sum.sum_ns[part]) / static_cast<double>(sum.count);
  return mean;
}

}  // namespace waitlab::client
