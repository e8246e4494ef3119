#include "common/facts/strategy_facts.hpp"

#include "common/csv/csv_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab {
namespace {

using testing::HasSubstr;

const StrategyFacts pool{.worker = Worker::process,
                         .workers = 4,
                         .holds_worker = true,
                         .at_once = 4,
                         .queue = 9,
                         .size_key = "strategies.tortoise.legs",
                         .description = "4 legs, and a queue for 9"};
const StrategyFacts loop{.worker = Worker::loop, .workers = 1, .description = "one thread"};

std::string failure_after(const char* key, const nlohmann::ordered_json& value) {
  nlohmann::ordered_json json = facts_json(pool);
  json[key] = value;
  const auto facts = parse_facts(json.dump(), "facts");
  return facts ? "read it" : facts.error().message;
}

TEST(StrategyFacts, AreReadAsTheyWereTold) {
  for (const StrategyFacts& facts : {pool, loop})
    EXPECT_EQ(parse_facts(facts_json(facts).dump(), "facts").value(), facts);
}

TEST(StrategyFacts, AreWrittenWithNullForWhatThereIsNot) {
  EXPECT_EQ(facts_json(loop), nlohmann::ordered_json::parse(R"({"worker": "loop", "workers": 1, "holds_worker": false,
                                                                "at_once": null, "queue": null, "size_key": "",
                                                                "description": "one thread", "holds_when_idle": false,
                                                                "core": null, "pool": null})"));
}

TEST(StrategyFacts, ThatAreNoneAreRefusedAtTheirPlace) {
  EXPECT_EQ(failure_after("worker", "hare"), "facts:1: worker: must be \"thread\", \"process\" or \"loop\"");
  EXPECT_THAT(failure_after("at_once", "many"), HasSubstr("facts:1: at_once: "));
  EXPECT_THAT(failure_after("holds_worker", 1), HasSubstr("facts:1: holds_worker: "));
  EXPECT_THAT(parse_facts("{}", "facts").error().message, HasSubstr("worker: is missing"));
  EXPECT_THAT(parse_facts("no JSON", "facts").error().message, HasSubstr("facts:1:"));
}

TEST(StrategyFacts, AreThoseOfAPoolWhereRequestsQueueForWorkersAndKeepThem) {
  EXPECT_TRUE(pool.is_pool());
  EXPECT_FALSE(loop.is_pool());
  StrategyFacts other = pool;
  other.queue.reset();
  EXPECT_FALSE(other.is_pool()) << "what finds no worker is rejected";
  other = pool;
  other.holds_worker = false;
  EXPECT_FALSE(other.is_pool()) << "requests wait without a worker";
  other = pool;
  other.core = 2;
  EXPECT_FALSE(other.is_pool()) << "its size is not one";
}

TEST(StrategyFacts, AreReadAgainFromTheColumnsOfALog) {
  StrategyFacts growing = pool;
  growing.core = 2;
  for (StrategyFacts facts : {pool, growing, loop}) {
    std::vector<std::string> values;
    split_csv_line(facts_values(facts), values);
    EXPECT_EQ(values.size(), facts_columns().size());
    facts.size_key.clear();
    facts.description.clear();
    EXPECT_EQ(parse_facts_values(values), facts);
  }
}

TEST(StrategyFacts, AreNotReadFromOtherColumns) {
  const std::vector<std::string> good{"thread", "16", "true", "16", "", ""};
  EXPECT_TRUE(parse_facts_values(good));
  EXPECT_TRUE(parse_facts_values(std::vector(good.begin(), good.end() - 1))) << "an older log has no core";
  for (std::size_t column = 0; column < good.size(); ++column) {
    std::vector<std::string> bad = good;
    bad[column] = "-1";
    EXPECT_FALSE(parse_facts_values(bad)) << column;
  }
  EXPECT_FALSE(parse_facts_values({}));
}

TEST(StrategyFacts, CountWorkersInWords) {
  EXPECT_EQ(counted_workers(1, Worker::thread), "1 thread");
  EXPECT_EQ(counted_workers(16, Worker::thread), "16 threads");
  EXPECT_EQ(counted_workers(1, Worker::process), "1 process");
  EXPECT_EQ(counted_workers(2, Worker::process), "2 processes");
}

}  // namespace
}  // namespace waitlab
