#include "client/experiment/level_list.hpp"

#include "tests/unit/client/experiment/experiment_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(LevelList, IsOfRatesOrOfConnections) {
  const ExperimentLoad closed = parse(with_load("\"connections\": [1, 64]")).load;
  EXPECT_EQ(closed.loop, Loop::closed);
  EXPECT_THAT(closed.levels, ElementsAre(1, 64));
  EXPECT_THAT(failure(with_load("\"rates\": [1], \"connections\": [1]")), HasSubstr("both given"));
  EXPECT_THAT(failure(with_load("\"seed\": 1")), HasSubstr("mine.jsonc:4: load: rates is missing"));
}

TEST(LevelList, OfAClosedLoopHasNoArrivalsAndNoCap) {
  EXPECT_THAT(failure(with_load(R"("connections": [1], "arrivals": "poisson")")),
              HasSubstr("load.arrivals: is of an open loop"));
  EXPECT_THAT(failure(with_load(R"("connections": [1], "max_connections": 8)")),
              HasSubstr("load.max_connections: is of an open loop"));
}

TEST(LevelList, RefusesWhatIsNoLevel) {
  EXPECT_THAT(failure(with_load("\"rates\": []")), HasSubstr("load.rates: must be a list of 1 to 100 levels"));
  EXPECT_THAT(failure(with_load("\"rates\": 100")), HasSubstr("load.rates: must be a list; found 100"));
  EXPECT_THAT(failure(with_load("\"rates\": [100, -1]")),
              HasSubstr("load.rates.1: must be requests per second, from 0.001 to 1000000; found -1"));
  EXPECT_THAT(failure(with_load("\"rates\": [\"100\"]")), HasSubstr("load.rates.0: must be a number; found \"100\""));
  EXPECT_THAT(failure(with_load("\"rates\": [100, 100]")), HasSubstr("load.rates.1: 100 is given twice"));
  EXPECT_THAT(failure(with_load("\"connections\": [1.5]")), HasSubstr("must be a whole number of connections"));
  EXPECT_THAT(failure(with_load("\"connections\": [0]")), HasSubstr("from 1 to 65535; found 0"));
}

TEST(LevelList, OfARangeIsSpacedEvenlyByDifferenceOrByRatio) {
  EXPECT_THAT(parse(with_load(R"("rates": {"from": 100, "to": 300, "steps": 3})")).load.levels,
              ElementsAre(100, 200, 300));
  EXPECT_THAT(parse(with_load(R"("rates": {"from": 1, "to": 1000, "steps": 4, "spacing": "geometric"})")).load.levels,
              ElementsAre(1, 10, 100, 1000));
}

TEST(LevelList, OfARangeIsRoundedToWhatAPersonWouldWrite) {
  EXPECT_THAT(parse(with_load(R"("rates": {"from": 10, "to": 1000, "steps": 5, "spacing": "geometric"})")).load.levels,
              ElementsAre(10, testing::DoubleEq(31.6), 100, 316, 1000));
  EXPECT_THAT(
      parse(with_load(R"("connections": {"from": 1, "to": 8, "steps": 7, "spacing": "geometric"})")).load.levels,
      ElementsAre(1, 2, 3, 4, 6, 8))
      << "1.4 is 1 again";
}

TEST(LevelList, RefusesARangeThatIsNone) {
  EXPECT_THAT(failure(with_load(R"("rates": {"from": 100, "to": 100, "steps": 3})")),
              HasSubstr("load.rates.to: must be above from"));
  EXPECT_THAT(failure(with_load(R"("rates": {"from": 1, "to": 9, "steps": 1})")),
              HasSubstr("load.rates.steps: must be from 2 to 100"));
  EXPECT_THAT(failure(with_load(R"("rates": {"from": 1, "to": 9})")), HasSubstr("load.rates.steps: is missing"));
  EXPECT_THAT(failure(with_load(R"("rates": {"from": 1, "to": 9, "steps": 3, "spacing": "log"})")),
              HasSubstr("load.rates.spacing: must be \"linear\" or \"geometric\""));
  EXPECT_THAT(failure(with_load(R"("rates": {"from": 1, "too": 9, "steps": 3})")), HasSubstr("did you mean \"to\"?"));
}

}  // namespace
}  // namespace waitlab::client
