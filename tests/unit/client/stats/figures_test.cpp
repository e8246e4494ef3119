#include "client/stats/figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace waitlab::client {
namespace {

TEST(Figures, HaveKeysAndWordsOfTheirOwn) {
  std::set<std::string> keys;
  std::set<std::string_view> words;
  for (const Figure& figure : all_figures) {
    EXPECT_FALSE(figure.stem.empty() && figure.word.empty()) << figure.name;
    EXPECT_FALSE(figure.meaning.empty()) << figure.name;
    EXPECT_TRUE(figure.stem.empty() || keys.insert(figure.key()).second) << figure.key();
    EXPECT_TRUE(figure.word.empty() || words.insert(figure.word).second) << figure.word;
  }
  EXPECT_TRUE(keys.contains("p99_ms") && keys.contains("peak_rss_mib") && keys.contains("cpu_us_per_request"));
  EXPECT_TRUE(words.contains("p999") && words.contains("mean") && words.contains("rate") && words.contains("errors"));
}

TEST(Figures, HoldEveryPercentileThatIsShown) {
  LoadResult result;
  for (int i = 1; i <= 10'000; ++i) {
    result.record.begin();
    result.record.complete({.intended = {}, .sent = {}, .ended = std::chrono::microseconds(100 * i)}, 200);
  }
  for (const Quantile& quantile : shown_quantiles) {
    const auto figure = std::ranges::find(all_figures, quantile.key, &Figure::word);
    ASSERT_NE(figure, all_figures.end()) << quantile.key;
    const Metric metric{static_cast<std::size_t>(figure - all_figures.begin())};
    const auto value = read_figure(metric, {.load = result});
    ASSERT_TRUE(value) << quantile.key;
    EXPECT_NEAR(in_shown_unit(metric, value->value), 1000 * quantile.share, 1) << quantile.key;
  }
}

TEST(Figures, AreNotKnownOfAServerThatNobodyWatched) {
  const LoadResult result;
  for (const Metric metric :
       {Metric::threads, Metric::memory, Metric::cpu, Metric::queued, Metric::rejected, Metric::hold})
    EXPECT_FALSE(read_figure(metric, {.load = result})) << metric->name;
}

}  // namespace
}  // namespace waitlab::client
