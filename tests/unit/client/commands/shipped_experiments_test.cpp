#include "client/commands/shipped_experiments.hpp"

#include "client/experiment/experiment_file.hpp"
#include "client/experiment/plan.hpp"
#include "common/text/wrap.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const fs::path shipped = fs::path(WAITLAB_SOURCE_DIR) / "experiments";

TEST(ShippedExperiments, AreAllThatLieInTheFolderAndAreCalledAsTheirFiles) {
  for (const fs::path& file : shipped_experiments(shipped)) {
    const auto experiment = read_experiment(file);
    ASSERT_TRUE(experiment) << experiment.error().message;
    EXPECT_EQ(experiment->name, file.stem());
  }
  EXPECT_THAT(shipped_experiments(shipped), Contains(shipped / "threads-vs-waiting.jsonc"));
  EXPECT_THAT(shipped_experiments(shipped), Not(Contains(shipped / "targets.jsonc"))) << "a mix of requests";
}

TEST(ShippedExperiments, SayWhatTheyAskAndAreQuickIfToldTo) {
  for (const fs::path& file : shipped_experiments(shipped)) {
    const auto experiment = read_experiment(file, true);
    ASSERT_TRUE(experiment) << experiment.error().message;
    EXPECT_THAT(experiment->title, testing::EndsWith("?")) << file;
    EXPECT_FALSE(experiment->question.empty()) << file;
    EXPECT_LT(planned_time(*experiment, plan_sessions(*experiment)), std::chrono::minutes(2)) << file;
  }
}

TEST(ShippedExperiments, AreListedAndFoundAlsoIfOneIsBroken) {
  const TemporaryFile folder("");
  fs::create_directory(folder.path());
  const auto write = [&folder](const char* name, const char* text) {
    std::ofstream(fs::path(folder.path()) / name) << text;
  };
  write("a-good.jsonc", R"({"name": "a-good", "title": "First?", "targets": [{"name": "t"}], "load": {"rates": [1]}})");
  write("b-broken.jsonc", R"({"name": "b-broken"})");
  write("c-broken.jsonc", R"({"name": "c-broken", "targets": [{"name": "t"}], "load": {"rates": [1]},
                              "quick": {"repeats": 0}})");
  write("d-good.jsonc", R"({"name": "d-good", "title": "Last?", "targets": [{"name": "t"}], "load": {"rates": [1]}})");
  const std::string text = shipped_experiments_text(folder.path());
  EXPECT_THAT(text, HasSubstr("  a-good                takes 12 s, 3 s with --quick\n    First?\n"));
  EXPECT_THAT(text, HasSubstr("  b-broken              can't be read\n    "));
  EXPECT_THAT(text, HasSubstr("targets: is missing"));
  EXPECT_THAT(text, HasSubstr("  c-broken              can't be read\n    "));
  EXPECT_THAT(text, HasSubstr("  d-good                takes 12 s, 3 s with --quick\n    Last?\n"));
  EXPECT_EQ(find_experiment_file("b-broken", fs::path(folder.path())).value(), folder.path() + "/b-broken.jsonc");
  EXPECT_THAT(find_experiment_file("d-god", fs::path(folder.path())).error().message, HasSubstr("mean 'd-good'?"));
  fs::remove_all(folder.path());
}

TEST(ShippedExperiments, AreListedInEightyColumns) {
  const std::string text = shipped_experiments_text(shipped);
  EXPECT_THAT(text, HasSubstr("threads-vs-waiting"));
  std::istringstream lines(text.substr(text.find('\n')));  // the first names a path of any length
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(ShippedExperiments, AreFoundByNameWithoutTheirFolder) {
  for (const char* name : {"threads-vs-waiting", "threads-vs-waiting.jsonc"}) {
    const auto file = find_experiment_file(name, shipped);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE(fs::equivalent(*file, shipped / "threads-vs-waiting.jsonc"));
  }
  EXPECT_THAT(find_experiment_file("thread-vs-waiting", shipped).error().message,
              HasSubstr("did you mean 'threads-vs-waiting'?"));
  EXPECT_EQ(find_experiment_file("folder/mine.jsonc", shipped).value(), "folder/mine.jsonc");
}

}  // namespace
}  // namespace waitlab::client
