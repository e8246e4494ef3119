#include "client/commands/shipped_experiments.hpp"

#include "client/experiment/plan.hpp"
#include "client/record/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path shipped = fs::path(WAITLAB_SOURCE_DIR) / "experiments";

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path& file = entry.path();
    if (file.extension() == ".jsonc" && !file.stem().string().ends_with("targets")) names.push_back(file.stem());
  }
  std::ranges::sort(names);
  return names;
}

TEST(ShippedExperiments, AreAllThatLieInTheFolderAndAreCalledAsTheirFiles) {
  for (const bool quick : {false, true}) {
    std::vector<std::string> names;
    for (const Experiment& experiment : read_shipped_experiments(shipped, quick))
      names.push_back(experiment.name);
    EXPECT_EQ(names, names_in(shipped)) << "an experiment that is left out can't be read";
  }
}

TEST(ShippedExperiments, SayWhatTheyAskAndAreQuickIfToldTo) {
  for (const Experiment& experiment : read_shipped_experiments(shipped, true)) {
    EXPECT_THAT(experiment.title, testing::EndsWith("?")) << experiment.file;
    EXPECT_FALSE(experiment.question.empty()) << experiment.file;
    EXPECT_LT(planned_time(experiment, plan_sessions(experiment)), std::chrono::minutes(2)) << experiment.file;
  }
}

TEST(ShippedExperiments, AreListedInEightyColumns) {
  const std::string text = shipped_experiments_text(shipped);
  EXPECT_THAT(text, HasSubstr("threads-vs-waiting"));
  std::istringstream lines(text.substr(text.find('\n')));  // the first names a path of any length
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(ShippedExperiments, AreFoundBesideTheProgramsOfACheckout) {
  const auto folder = find_shipped_experiments(WAITLAB_BIN_DIR);
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_TRUE(fs::equivalent(*folder, shipped));
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
