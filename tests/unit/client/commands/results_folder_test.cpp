#include "client/commands/results_folder.hpp"

#include "client/report/experiment_json.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/format/sample_experiment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <future>
#include <set>
#include <vector>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* text = R"({"name": "mine", "targets": [{"name": "loop"}], "load": {"rates": [80, 160]}})";

class EarlierPartTest : public testing::Test {
 protected:
  EarlierPartTest() {
    fs::create_directories(folder_.path());
    file_.write(text);
  }
  ~EarlierPartTest() override { fs::remove_all(folder_.path()); }

  /// The result of the experiment in the file, with one run.
  ExperimentResult begun() const {
    ExperimentResult result = sample_experiment();
    result.file = file_.path();
    result.content = text;
    result.requests.clear();
    result.targets = {{.name = "loop", .family = "loop"}};
    result.load.levels = {80, 160};
    result.runs = {sample_run(0, 0)};
    result.missing.clear();
    return result;
  }

  Result<EarlierPart> read(const ExperimentResult& result, const std::string& file = "") const {
    std::ofstream(fs::path(folder_.path()) / "result.json") << experiment_json(result, {}, {}).dump();
    return read_earlier_part(folder_.path(), file);
  }

  TemporaryFile folder_{""};
  TemporaryFile file_{".jsonc"};
};

TEST_F(EarlierPartTest, IsTheResultWithItsExperiment) {
  const auto part = read(begun());
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(part->result.runs.size(), 1U);
  EXPECT_EQ(part->experiment.load.levels, (std::vector<double>{80, 160}));
  EXPECT_TRUE(part->experiment.quick) << "as it was begun";
  EXPECT_TRUE(part->experiment.request_logs) << "as it was begun";
}

TEST_F(EarlierPartTest, IsRefusedIfTheFileHasChanged) {
  file_.write(std::string(text) + "\n");
  EXPECT_THAT(read(begun()).error().message, HasSubstr(file_.path() + " is no longer what"));
  const TemporaryFile other(".jsonc");
  other.write(R"({"name": "other", "targets": [{"name": "loop"}], "load": {"rates": [80]}})");
  EXPECT_THAT(read(begun(), other.path()).error().message, HasSubstr(other.path() + " is no longer what"));
}

TEST_F(EarlierPartTest, IsRefusedIfTheRequestsHaveChanged) {
  const TemporaryFile requests(".json");
  requests.write(R"([{"path": "/wait"}])");
  ExperimentResult result = begun();
  result.content = R"({"name": "mine", "targets": [{"name": "loop"}],
                       "load": {"rates": [80, 160], "targets": ")" +
                   requests.path() + "\"}}";
  result.requests = requests.text();
  file_.write(result.content);
  const auto same = read(result);
  ASSERT_TRUE(same) << same.error().message;
  requests.write(R"([{"path": "/plain"}])");
  EXPECT_THAT(read(result).error().message, HasSubstr(requests.path() + " is no longer what"));
}

TEST_F(EarlierPartTest, NeedsNoFileThatIsGone) {
  ExperimentResult result = begun();
  result.file = "/nonexistent/mine.jsonc";
  const auto part = read(result);
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(part->experiment.name, "mine");
}

TEST_F(EarlierPartTest, OfAFolderWithoutAResultNamesTheFile) {
  EXPECT_THAT(read_earlier_part("/nonexistent", "").error().message, HasSubstr("/nonexistent/result.json"));
}

TEST(SameConditions, AreProgramMachineAndCpus) {
  ExperimentResult earlier = sample_experiment();
  earlier.version = WAITLAB_VERSION;
  EXPECT_TRUE(expect_same_conditions(earlier, earlier.machine, earlier.placement));
  EXPECT_THAT(
      expect_same_conditions(earlier, earlier.machine, {.server = {3}, .client_and_backend = {2}}).error().message,
      HasSubstr("server on CPU 1; client and backend on CPU 0, and these would be with server on CPU 3"));
  Machine other = earlier.machine;
  other.memory_bytes += 4096;
  EXPECT_TRUE(expect_same_conditions(earlier, other, earlier.placement)) << "it is told as the same";
  other.cpu_model = "another";
  EXPECT_THAT(expect_same_conditions(earlier, other, earlier.placement).error().message, HasSubstr("another"));
  earlier.version = "0.0.1";
  EXPECT_THAT(expect_same_conditions(earlier, earlier.machine, earlier.placement).error().message,
              HasSubstr("waitlab 0.0.1"));
}

// Of eight that look at the same moment, each has one of its own.
TEST(ResultsFolder, IsNobodyElses) {
  const TemporaryFile out("");
  std::vector<std::future<Result<fs::path>>> made;
  for (int i = 0; i < 8; ++i)
    made.push_back(std::async(std::launch::async, [&out] { return make_results_folder(out.path(), "mine"); }));
  std::set<fs::path> folders;
  for (auto& folder : made)
    folders.insert(folder.get().value());
  EXPECT_EQ(folders.size(), 8U);
  for (const char* name : {"logs-2", "logs-3", "logs-4"})
    EXPECT_EQ(make_next_logs_folder(*folders.begin())->filename(), name);
  fs::remove_all(out.path());
}

TEST(ResultsFolder, IsAFailureWhereItCannotBeMade) {
  EXPECT_THAT(make_results_folder("/proc/none", "mine").error().message, HasSubstr("--out: cannot make /proc/none"));
  EXPECT_THAT(make_next_logs_folder("/nonexistent").error().message, HasSubstr("cannot make /nonexistent/logs-2"));
}

TEST(WrittenResults, HaveTheirPageThoughTheFiguresCannotBeWritten) {
  const TemporaryFile folder("");
  fs::create_directories(fs::path(folder.path()) / "result.json");
  const auto written = write_results(sample_experiment(), folder.path());
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("result.json"));
  EXPECT_TRUE(fs::is_regular_file(fs::path(folder.path()) / "report.html"));
  fs::remove_all(folder.path());
}

}  // namespace
}  // namespace waitlab::client
