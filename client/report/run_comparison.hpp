#pragma once

#include "client/record/load_result.hpp"
#include "client/report/ratio.hpp"
#include "client/stats/figures.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// A figure over the runs of one side.
struct SideFigure {
  unsigned runs = 0;        ///< that have the figure
  Estimate estimate;        ///< ns for times, per second, or a share; over several runs their geometric mean
  double resolution = 0;    ///< the true figure of a run may be this share of it away
  bool at_least = false;    ///< timed-out requests make it a lower bound
  bool has_zeros = false;   ///< some run's figure is 0; `estimate` is then the arithmetic mean, without an interval
  std::vector<double> all;  ///< of each run
  std::vector<Estimate> repeats;  ///< of each repeat: a run, or all those of one seed
};

/// One figure of B held against that of A.
struct FigureComparison {
  Metric figure = Metric::p50;
  std::optional<SideFigure> a;  ///< nothing where a run has too few samples for it
  std::optional<SideFigure> b;
  std::optional<Estimate> ratio;  ///< B's to A's
  std::string why_not;            ///< why there is no ratio

  bool difference_shown() const { return ratio && ratio->differs_from(1); }
};

/// What can be said of two sides, each one run or several repeats of it.
struct RunComparison {
  bool repeated = false;              ///< both sides have at least two repeats
  bool paired = false;                ///< and each of one has one of the other with the same seed
  std::vector<std::string> warnings;  ///< one line each: invalid runs, and runs that are not of the same load
  bool all_valid = true;
  std::map<Metric, FigureComparison> figures;  ///< all that have a word

  const FigureComparison& operator[](Metric metric) const { return figures.at(metric); }
};

/// In what the runs of A and B were not loaded alike, one line each: "different offered rate: 400/s in A, 500/s in B".
/// What differs should be the server, so these say that apples are compared with pears. The host and the port may
/// differ, and how long the runs took.
std::vector<std::string> differences_in_load(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b);

/// Compares the figures that have a word, which are those of an experiment: response times are of good answers, with
/// time-outs as lower bounds. Each interval holds at 95 % by itself. With repeats on both sides it holds two: that over
/// the repeats, of `paired_ratio` where both sides have the same seeds and else of `welch_ratio`, and that of the runs'
/// own requests, as an experiment's does. With a single repeat on a side, that side's interval is the order-statistic
/// one of its requests, and `mover_ratio` joins the two: what changes from run to run is not in it. Figures that are no
/// percentiles then have a ratio without an interval. A result that is there twice counts once, as do the runs of a
/// side that have the same seed; runs that are not valid are left out if others are.
///
/// No interval is finer than the figures: a time is known to its histogram's bucket, a rate and an error share to one
/// request (`no_finer_than`). Neither side may be empty.
RunComparison compare_runs(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b);

/// How the intervals of a comparison came about, in a sentence or two.
std::string method_of(const RunComparison& comparison);

/// What is to be said of a figure: "B's p99 is 2.1 × (1.9–2.3) A's", "no difference shown: 1.02 × (0.97–1.07)", or why
/// nothing can be.
std::string finding_of(const FigureComparison& compared);

/// The comparison for a terminal, of 80 columns: warnings, a line for each of the figures, the method. Ends in a
/// newline.
std::string to_text(const RunComparison& comparison, const std::vector<Metric>& figures);

/// The comparison as JSON, `schema_version` 2: before, ratios were A's to B's. Times are in microseconds. `ratio` is
/// B's to A's, `low` and `high` the ends of its interval; null where there is none, with `why_not` to say so.
/// `difference_shown` is whether the interval leaves out 1.
nlohmann::ordered_json to_json(const RunComparison& comparison, const std::vector<Metric>& figures);

/// The JSON Schema, docs/compare.schema.json.
std::string compare_schema();

}  // namespace waitlab::client
