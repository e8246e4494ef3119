#include "client/experiment/server_program.hpp"

#include "common/facts/strategy_facts.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace waitlab::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const StrategyFacts loop{.worker = Worker::loop, .workers = 1, .description = "it does not wait"};
const StrategyFacts pool{.worker = Worker::thread,
                         .workers = 3,
                         .holds_worker = true,
                         .at_once = 3,
                         .queue = 5,
                         .size_key = "strategies.tortoise.legs",
                         .description = "legs"};

/// A server program that answers as the test wants.
class ServerProgram : public testing::Test {
 protected:
  ServerProgram() { result_.targets = {{.name = "it", .settings = {"limits.body_bytes=1"}, .strategy = "tortoise"}}; }

  /// Says this when it is asked for facts with all the words, and else how it was called, as a mistake.
  void tell(const StrategyFacts& facts, const std::string& words = "") const {
    be("case \"$*\" in *\"" + words + "\"*--print-facts) cat <<'END'\n" + facts_json(facts).dump(2) +
       "\nEND\n;;\n*) echo \"server: called $*\" >&2; exit 2;; esac");
  }

  void be(const std::string& script) const {
    program_.write("#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(program_.path(), std::filesystem::perms::owner_all);
  }

  ExperimentTarget& target() { return result_.targets[0]; }
  Result<void> complete() { return complete_facts(result_, program_.path()); }

  TemporaryFile program_{".sh"};
  ExperimentResult result_;
};

TEST_F(ServerProgram, TellsWhatAStrategyIs) {
  tell(pool, "--set strategy=tortoise --set a=b");
  EXPECT_EQ(ask_facts(program_.path(), {"strategy=tortoise", "a=b"}).value(), pool);
}

TEST_F(ServerProgram, SaysItselfWhatItDoesNotKnow) {
  tell(pool, "strategy=tortoise");
  EXPECT_EQ(ask_facts(program_.path(), {"strategy=hare"}).error().message,
            "server: called --set strategy=hare --print-facts");
}

TEST_F(ServerProgram, ThatIsMissingOrSaysSomethingElseIsAFailure) {
  EXPECT_THAT(ask_facts(program_.path(), {}).error().message, AllOf(HasSubstr(program_.path()), HasSubstr("missing")));
  be("echo hello");
  EXPECT_THAT(ask_facts(program_.path(), {}).error().message, HasSubstr("--print-facts:1:"));
}

TEST_F(ServerProgram, CompletesAnOlderResult) {
  tell(loop);
  ASSERT_TRUE(complete());
  EXPECT_EQ(target().facts, loop);
}

TEST_F(ServerProgram, IsAskedOfAnOlderResultOnlyForTheSettingsOfStrategies) {
  target().settings.emplace_back("strategies.tortoise.legs=8");
  be("echo \"called $*\"; exit 2");
  EXPECT_EQ(complete().error().message,
            "called --set strategies.tortoise.legs=8 --set strategy=tortoise --print-facts");
}

TEST_F(ServerProgram, SaysNothingOfSizesThatAnOlderResultDoesNotTell) {
  tell(pool);
  ASSERT_TRUE(complete());
  EXPECT_FALSE(target().facts) << "the pool's size is not known";

  target().threads = 16;
  ASSERT_TRUE(complete());
  ASSERT_TRUE(target().facts);
  EXPECT_EQ(target().facts->at_once, 16U) << "as the result has it";
  EXPECT_EQ(target().facts->queue, 5U);

  target().facts.reset();
  target().threads.reset();
  StrategyFacts anew = pool;
  anew.queue.reset();
  tell(anew);
  ASSERT_TRUE(complete());
  ASSERT_TRUE(target().facts);
  EXPECT_FALSE(target().facts->at_once) << "no limit is known";
}

TEST_F(ServerProgram, IsNotAskedOfWhatAResultTells) {
  target().facts = loop;
  result_.targets.push_back({.name = "default"});
  result_.targets.push_back({.name = "nginx", .kind = TargetKind::command, .strategy = "tortoise"});
  EXPECT_TRUE(complete()) << "there is no program to ask";
  EXPECT_FALSE(result_.targets[1].facts || result_.targets[2].facts);
}

TEST_F(ServerProgram, CompletesTheOthersWhereOneCannotBeAsked) {
  result_.targets.insert(result_.targets.begin(), {.name = "unknown", .strategy = "hare"});
  tell(loop, "strategy=tortoise");
  EXPECT_THAT(complete().error().message, HasSubstr("strategy=hare"));
  EXPECT_EQ(result_.targets[1].facts, loop);
}

TEST_F(ServerProgram, ChecksATargetsSettings) {
  be("echo 'server: no such key'\ncase \"$*\" in *good=1\\ --check-config) exit 0;; esac\nexit 2");
  target().settings = {"good=1"};
  EXPECT_TRUE(check_settings(program_.path(), target()));
  target().settings = {"bad=1"};
  EXPECT_EQ(check_settings(program_.path(), target()).error().message, "target it: server: no such key");
}

}  // namespace
}  // namespace waitlab::client
