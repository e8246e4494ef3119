#include "client/format/split_table.hpp"

#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace waitlab::client {
namespace {

constexpr std::array<const char*, part_names.size()> row_names{"client queue", "connect", "server queue",
                                                               "backend",      "handler", "transfer"};
constexpr double slow_share = 0.01;
constexpr double still_slow = 0.2;  ///< above it, "the slowest" are too many to be told apart from all

double total(const SplitMean& mean) {
  return std::accumulate(mean.part_ns.begin(), mean.part_ns.end(), 0.0);
}

std::string cells(double part_ns, double total_ns) {
  const double share = total_ns > 0 ? 100 * part_ns / total_ns : 0;
  return fmt::format("{:>12}{:>6.0f} %", short_time(std::chrono::nanoseconds(std::llround(part_ns))), share);
}

std::string row(const char* name, std::size_t part, const SplitMean& all, const SplitMean* slowest) {
  return fmt::format("  {:<22}{}{}\n", name, cells(all.part_ns[part], total(all)),
                     slowest ? "    " + cells(slowest->part_ns[part], total(*slowest)) : "");
}

std::string head(const char* whose, const SplitMean* slowest) {
  const std::string slow = slowest ? fmt::format("slowest {:.2g} %", 100 * slowest->share) : "";
  const std::string line = fmt::format("{:<24}{:>20}{:>24}", "Where the time went", whose, slow);
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string split_table(const SplitTally& split, std::uint64_t responses) {
  if (split.count() == 0) return "";
  const SplitMean all = split.all();
  const SplitMean slow = split.slowest(slow_share);
  const SplitMean* slowest = slow.share <= still_slow ? &slow : nullptr;
  std::string table = head(split.count() < responses ? "good responses" : "all responses", slowest);
  for (std::size_t part = 0; part < row_names.size(); ++part) {
    const bool whole_server = split.told_by_server() == 0 && static_cast<Part>(part) == Part::transfer;
    if (all.part_ns[part] > 0) table += row(whole_server ? "server and transfer" : row_names[part], part, all, slowest);
  }
  if (split.told_by_server() > 0 && split.told_by_server() < split.count()) {
    table += fmt::format("  The server told its parts of {} of {} responses; the rest is in transfer.\n",
                         split.told_by_server(), split.count());
  }
  return table;
}

}  // namespace waitlab::client
