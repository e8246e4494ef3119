#include "client/record/time_split.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace waitlab::client {
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
