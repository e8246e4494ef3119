#include "client/format/target_table.hpp"

#include "client/stats/time_text.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr std::size_t name_columns = 28;

std::string name_of(const TargetName& target) {
  const std::string name = target.method + " " + target.path;
  return columns_of(name) <= name_columns ? name : name.substr(0, name_columns - 3) + "...";
}

std::string row(const TargetName& target, const TargetTally& tally) {
  const TimeSummary times = summarize(tally.response_time);
  return fmt::format("  {:<{}}{:>10}{:>8}{:>10}{:>10}{:>10}\n", name_of(target), name_columns, tally.completed,
                     tally.errors, short_time(times.p50), short_time(times.p90), short_time(times.p99));
}

}  // namespace

std::string target_table(const LoadResult& result) {
  const std::size_t count = std::min(result.targets.size(), result.record.targets.size());
  if (count == 0) return "";
  std::string table = fmt::format("{:<{}}{:>10}{:>8}{:>10}{:>10}{:>10}\n", "Request", name_columns + 2, "completed",
                                  "errors", "p50", "p90", "p99");
  for (std::size_t i = 0; i < count; ++i)
    table += row(result.targets[i], result.record.targets[i]);
  return table;
}

}  // namespace waitlab::client
