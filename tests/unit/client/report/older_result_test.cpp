#include "client/format/result_json.hpp"
#include "client/format/result_text.hpp"
#include "client/judge/threshold.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/experiment_of_runs.hpp"
#include "client/report/run_comparison.hpp"
#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"
#include "tests/unit/client/format/sample_experiment.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace waitlab::client {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

/// A document as it was written before this percentile was told: no object in it has such a member.
ordered_json without(ordered_json document, const Quantile& quantile) {
  if (document.is_object()) {
    document.erase(std::string(quantile.key));
    document.erase(std::string(quantile.key) + "_ms");
  }
  if (document.is_structured()) {
    for (ordered_json& member : document)
      member = without(std::move(member), quantile);
  }
  return document;
}

/// Results of before each of the percentiles.
class OlderResult : public testing::TestWithParam<Quantile> {
 protected:
  static LoadResult read() {
    const auto result = read_result(without(to_json(rich_result()), GetParam()).dump(), "older.json");
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : LoadResult();
  }

  static TimeFigure figure_of(const LoadResult& result) {
    return percentile(result.record.response_time, GetParam().share);
  }

  /// As it is shown: never 0, and nothing where the histogram does not carry it.
  const std::string shown_ = short_time(TimeFigure{figure_of(rich_result()).value, figure_of(rich_result()).at_least});
};

TEST_P(OlderResult, HasWhatItsHistogramCarriesAndNoInterval) {
  const LoadResult result = read();
  EXPECT_EQ(figure_of(result).value, figure_of(rich_result()).value);
  EXPECT_FALSE(figure_of(result).low || figure_of(result).high);
  EXPECT_THAT(to_text(result), HasSubstr(fmt::format("\n  {:<7}{:>15} ", GetParam().label, shown_)));
  const ordered_json json = to_json(result);
  EXPECT_EQ(json["response_time_us"][GetParam().key], to_json(rich_result())["response_time_us"][GetParam().key]);
  EXPECT_EQ(json["response_time_us"]["effective_samples"][GetParam().key], nullptr);
}

TEST_P(OlderResult, IsHeldAgainstThresholds) {
  const std::string key(GetParam().key);
  const ThresholdOutcome outcome = hold_against(parse_threshold(key + ">1ns").value(), read());
  EXPECT_EQ(outcome.met, figure_of(rich_result()).value.has_value());
  EXPECT_EQ(outcome.found, outcome.met ? shown_ : "too few samples");
}

TEST_P(OlderResult, IsComparedWithANewOne) {
  const RunComparison comparison = compare_runs({{"older", read()}}, {{"new", rich_result()}});
  each_metric([&](Metric metric) {
    if (metric->quantile != GetParam().share) return;
    const FigureComparison& compared = comparison[metric];
    ASSERT_EQ(compared.a.has_value(), compared.b.has_value());
    if (compared.a) {
      EXPECT_EQ(compared.a->estimate.value, compared.b->estimate.value);
    }
    EXPECT_FALSE(compared.difference_shown());
    EXPECT_THAT(to_text(comparison, {metric}), HasSubstr(std::string(metric->name)));
  });
}

TEST_P(OlderResult, OfAnExperimentHasItsFiguresOnThePage) {
  const ExperimentResult experiment = sample_experiment();
  const Comparison comparison = compare(experiment);
  const ordered_json whole = experiment_json(experiment, comparison, {});
  const auto older = parse_experiment_result(without(whole, GetParam()).dump(), "older.json");
  ASSERT_TRUE(older) << older.error().message;
  EXPECT_EQ(experiment_json(*older, compare(*older), {})["comparison"], whole["comparison"])
      << "they follow from the histograms of its runs";
}

INSTANTIATE_TEST_SUITE_P(All, OlderResult, testing::ValuesIn(shown_quantiles),
                         [](const auto& quantile) { return std::string(quantile.param.key); });

}  // namespace
}  // namespace waitlab::client
