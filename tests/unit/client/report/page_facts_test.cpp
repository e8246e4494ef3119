#include "client/report/page_facts.hpp"

#include "client/report/circumstances.hpp"
#include "tests/unit/client/report/facts.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using nlohmann::ordered_json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// A pool of 16 threads and a loop, in front of exponential holds of 50 ms.
ExperimentResult pool_and_loop() {
  ExperimentResult result = result_of({"pool", "loop"}, {160, 400});
  result.file = "mine.jsonc";
  result.targets[0].strategy = "fixed-pool";
  result.targets[0].threads = 16;
  result.targets[0].facts = pool_facts(16, 1024);
  result.targets[0].settings = {"strategy=fixed-pool"};
  result.targets[1].strategy = "event-loop";
  result.targets[1].facts = loop_facts();
  return result;
}

Theory theory_for(std::size_t target, std::string law, WaitingLine line) {
  return {.target = target, .law = std::move(law), .line = line, .goetz = {}, .curve = {}};
}

ordered_json facts_of(const ExperimentResult& result) {
  return page_facts(result, compare(result),
                    {theory_for(0, "Erlang-C", {.servers = 16, .room = {}, .hold = 50ms}),
                     theory_for(1, "M/G/inf", {.servers = {}, .room = {}, .hold = 50ms})});
}

std::string text_of(const ordered_json& pairs, const std::string& term) {
  for (const auto& pair : pairs) {
    if (pair[0] == term) return pair[1];
  }
  return "no such term";
}

TEST(PageFacts, TellHowItWasMeasuredAsTheTerminalDoes) {
  const ExperimentResult result = pool_and_loop();
  const auto method = facts_of(result)["method"];
  EXPECT_EQ(text_of(method, "Load"), load_text(result.load));
  EXPECT_EQ(text_of(method, "Placement"), placement_text(result.placement));
  EXPECT_EQ(text_of(method, "Machine"), machine_text(result.machine));
  EXPECT_EQ(text_of(method, "Levels"), "160/s, 400/s");
  EXPECT_EQ(text_of(method, "Reproduce"), "waitlab-client experiment mine.jsonc");
  EXPECT_EQ(text_of(facts_of(result)["targets"], "pool"), "waitlab-server --set strategy=fixed-pool");
}

TEST(PageFacts, TellOfSingleRunsWhatIsKnownOfThem) {
  ExperimentResult result = pool_and_loop();
  result.file.clear();
  result.content = "waitlab-client run http://host/";
  result.placement = {};
  const auto method = facts_of(result)["method"];
  EXPECT_EQ(text_of(method, "Repeats"), "3");
  EXPECT_EQ(text_of(method, "Placement"), "");
  EXPECT_EQ(text_of(method, "Reproduce"), "waitlab-client run http://host/");
}

TEST(PageFacts, NameTheLimitsByWhichDifferencesAreJudged) {
  const auto facts = facts_of(pool_and_loop());
  EXPECT_EQ(facts["many_errors_percent"], 1);
  EXPECT_THAT(facts["limitations"].get<std::vector<std::string>>(),
              Contains(AllOf(HasSubstr("at least 1.15"), HasSubstr("a ratio of 1.5"))));
}

TEST(PageFacts, PlaceTheLimitsOfPercentilesAcrossTheirCharts) {
  ExperimentResult result = result_of({"a"}, {100});
  EXPECT_TRUE(page_facts(result, {}, {})["thresholds"].empty());
  result.thresholds = {"p99<200ms", "errors<1%", "service_p50<1ms", "p97<1s"};
  EXPECT_EQ(page_facts(result, {}, {})["thresholds"],
            nlohmann::ordered_json::parse(R"([{"key": "p99_ms", "y": 200.0, "label": "p99<200ms"}])"));
}

TEST(PageFacts, SayNothingOfAnObserverWhereNothingWasObserved) {
  ExperimentResult result = pool_and_loop();
  const auto texts = [&] { return facts_of(result)["limitations"].get<std::vector<std::string>>(); };
  EXPECT_THAT(texts(), Contains(HasSubstr("observed from outside")));
  for (ExperimentTarget& target : result.targets)
    target.kind = TargetKind::url;
  EXPECT_THAT(texts(), Not(Contains(HasSubstr("observed from outside"))));
}

TEST(PageFacts, NameWhatTheoryExpectsOfEachTarget) {
  const auto facts = facts_of(pool_and_loop());
  EXPECT_EQ(facts["theory"]["pool"]["label"], "theory: 16 servers (Erlang-C)");
  EXPECT_EQ(facts["limits"]["pool"], (ordered_json{{"x", 320.0}, {"label", "capacity: 16 ÷ 50 ms = 320/s"}}));
  EXPECT_EQ(facts["busy"]["pool"][1], (ordered_json{{"x", 20.0}, {"label", "busy on average at 400/s: 20"}}));
  EXPECT_EQ(facts["theory"]["loop"]["label"], "theory: no queueing (M/G/inf)");
  EXPECT_FALSE(facts["limits"].contains("loop"));
  EXPECT_EQ(facts["theory_notes"].size(), 1) << "of Erlang-C";
}

TEST(PageFacts, NameAQueueOnlyWhereItMatters) {
  const auto label = [](unsigned room) {
    const auto theory = theory_for(0, "", {.servers = 16, .room = room, .hold = 50ms});
    return page_facts(pool_and_loop(), {}, {theory})["theory"]["pool"]["label"].get<std::string>();
  };
  EXPECT_THAT(label(20), HasSubstr("16 servers, queue of 20"));
  EXPECT_THAT(label(1024), Not(HasSubstr("queue")));
}

TEST(PageFacts, MarkTheLimitOfAClosedLoopByConnections) {
  ExperimentResult result = pool_and_loop();
  result.load.loop = Loop::closed;
  const auto facts = facts_of(result);
  EXPECT_EQ(facts["limits"]["pool"]["x"], 16);
  EXPECT_TRUE(facts["busy"].empty());
}

TEST(PageFacts, MarkTheLimitThatWasMeasuredWhateverTheHoldsAreLike) {
  const ExperimentResult result = pool_and_loop();
  Comparison comparison{{{.value = 400}, {cell_of(0, {{Metric::utilisation, 105.5}}), cell_of(1, keeps_up(400))}}};
  comparison[0].cells[0].workers = 19;
  const auto facts = page_facts(result, comparison, {});
  EXPECT_EQ(facts["limits"].size(), 1) << "the loop has none";
  EXPECT_EQ(facts["limits"]["pool"]["label"], "capacity: 19 ÷ 50.1 ms = 379/s, as measured");
  EXPECT_EQ(facts["busy"]["pool"][0]["label"], "busy on average at 400/s: 20");
}

TEST(PageFacts, NameTheSettingWhoseSweepIsOneOverWorkers) {
  EXPECT_EQ(facts_of(pool_and_loop())["size_keys"], (ordered_json{{"pool", "strategies.tortoise.legs"}}));
}

TEST(PageFacts, SayThatARowIsNoThreadWhereEachRequestHasOne) {
  ExperimentResult result = pool_and_loop();
  EXPECT_TRUE(facts_of(result)["threads_notes"].empty());
  result.targets[1].strategy = "tortoise";
  result.targets[1].facts = anew_facts(100);
  EXPECT_EQ(facts_of(result)["threads_notes"]["loop"],
            "Under tortoise a row is not one thread but a slot that one thread after another takes: a new leg for each "
            "request.");
  result.targets[1].facts->worker = Worker::process;
  EXPECT_THAT(facts_of(result)["threads_notes"]["loop"].get<std::string>(), HasSubstr("is not one process"));
}

TEST(PageFacts, SayNothingOfRowsByANameAlone) {
  ExperimentResult result = pool_and_loop();
  result.targets[1].strategy = "thread-per-request";
  EXPECT_TRUE(facts_of(result)["threads_notes"].empty());
  result.targets[1].facts.reset();
  EXPECT_TRUE(facts_of(result)["threads_notes"].empty());
}

}  // namespace
}  // namespace waitlab::client
