#include "client/stats/steadiness.hpp"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

constexpr std::size_t fewest_medians = 20;
constexpr std::size_t fewest_on_a_side = 3;
constexpr double least_statistic = 150;
constexpr double least_change = 0.223;  // of a logarithm: a quarter

/// Sums of the first values of a series: `of(0)` is 0.
class Sums {
 public:
  explicit Sums(const std::vector<double>& series) : sums_{0} {
    for (const double value : series)
      sums_.push_back(sums_.back() + value);
  }

  std::size_t size() const { return sums_.size() - 1; }
  double of(std::size_t first) const { return sums_[first]; }
  double mean(std::size_t begin, std::size_t end) const {
    return (sums_[end] - sums_[begin]) / static_cast<double>(end - begin);
  }

 private:
  std::vector<double> sums_;
};

/// The logarithms of the medians, with the slices they are of.
struct Medians {
  std::vector<double> logs;
  std::vector<std::size_t> slices;
};

Medians medians_of(const RunSeries& series, const SeriesEdges& edges) {
  Medians medians;
  for (std::size_t i = 0; i < series.stretches.size(); ++i) {
    const auto begin = series.begin + series.width * static_cast<int>(i);
    if (begin < edges.long_time || begin + series.width > edges.window) continue;
    const auto& p50 = series.stretches[i].p50;
    if (!p50 || p50->count() <= 0) continue;
    medians.logs.push_back(std::log(static_cast<double>(p50->count())));
    medians.slices.push_back(i);
  }
  return medians;
}

/// How far the means of both sides are apart, squared, in units of chance were neighbours not correlated.
double distance(const Sums& sums, std::size_t split) {
  const double apart = sums.mean(0, split) - sums.mean(split, sums.size());
  const auto sides = static_cast<double>(split) * static_cast<double>(sums.size() - split);
  return apart * apart * sides / static_cast<double>(sums.size());
}

/// How far the sums of a part of the series stray from a straight line, squared and added up.
double straying(const Sums& sums, std::size_t begin, std::size_t end) {
  const double mean = sums.mean(begin, end);
  double squares = 0;
  for (std::size_t at = begin + 1; at < end; ++at) {
    const double off = sums.of(at) - sums.of(begin) - mean * static_cast<double>(at - begin);
    squares += off * off;
  }
  return squares;
}

/// Shao and Zhang's, at one split.
double statistic(const Sums& sums, std::size_t split) {
  const auto sides = static_cast<double>(split) * static_cast<double>(sums.size() - split);
  return distance(sums, split) * sides / (straying(sums, 0, split) + straying(sums, split, sums.size()));
}

/// The split at which `measure` is greatest, and how great it is there.
template <class Measure>
std::pair<std::size_t, double> greatest(const Sums& sums, Measure measure) {
  std::pair<std::size_t, double> best{fewest_on_a_side, 0};
  for (std::size_t split = fewest_on_a_side; split + fewest_on_a_side <= sums.size(); ++split) {
    if (const double here = measure(sums, split); here > best.second) best = {split, here};
  }
  return best;
}

std::chrono::nanoseconds time_of(double log) {
  return std::chrono::nanoseconds(std::llround(std::exp(log)));
}

}  // namespace

std::optional<Change> find_change(const RunSeries& series, const SeriesEdges& edges) {
  const Medians medians = medians_of(series, edges);
  const Sums sums(medians.logs);
  if (sums.size() < fewest_medians || greatest(sums, statistic).second < least_statistic) return std::nullopt;
  const std::size_t split = greatest(sums, distance).first;
  const double before = sums.mean(0, split);
  const double after = sums.mean(split, sums.size());
  if (std::abs(after - before) < least_change) return std::nullopt;
  const auto moment = series.begin + series.width * static_cast<int>(medians.slices[split]);
  const bool begins_it = 2 * moment <= edges.window;
  return Change{.begins_it = begins_it,
                .length = begins_it ? moment : edges.window - moment,
                .p50 = time_of(begins_it ? before : after),
                .p50_else = time_of(begins_it ? after : before)};
}

}  // namespace waitlab::client
