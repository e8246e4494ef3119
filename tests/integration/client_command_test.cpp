#include "tests/integration/client_program.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary_file.hpp"

#include "common/process/child_process.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ClientCommand, PrintsASummaryAndExitsGood) {
  const ScriptedServer server(always_ok);
  const Outcome outcome = run_client({"run", "-n", "10", "-c", "2", server.url()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("10 sent = 10 completed + 0 failed + 0 timed out + 0 unfinished"));
}

TEST(ClientCommand, PrintsNothingButJsonWhenAskedTo) {
  const ScriptedServer server(always_ok);
  const Outcome outcome = run_client({"run", "-n", "10", "-c", "2", "--json", "-", server.url()});
  const auto json = nlohmann::json::parse(outcome.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.output;
  EXPECT_EQ(json["requests"]["completed"], 10);
}

TEST(ClientCommand, IsSilentWhenQuiet) {
  const ScriptedServer server(always_ok);
  EXPECT_EQ(run_client({"run", "-n", "1", "-c", "1", "--quiet", server.url()}).output, "");
}

TEST(ClientCommand, TellsUsageFromTroubleByItsExitCode) {
  EXPECT_EQ(run_client({"run"}).exit_code, 2);
  EXPECT_EQ(run_client({"run", "-R", "-1", "http://127.0.0.1:1/"}).exit_code, 2);
  EXPECT_EQ(run_client({"rum"}).exit_code, 2);
  EXPECT_EQ(run_client({"run", "http://127.0.0.1:1/"}).exit_code, 1);
  EXPECT_EQ(run_client({"run", "--help"}).exit_code, 0);
}

TEST(ClientCommand, ExitsWithThreeWhenTheRunIsInvalid) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", ScriptedAnswer::Then::close}; });
  const Outcome outcome = run_client({"run", "-n", "2", "-c", "1", server.url()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.output, HasSubstr("INVALID     no request completed"));
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ClientCommand, ReplacesAnOldResultOnlyByANewOne) {
  const std::filesystem::path path = testing::TempDir() + "client_command_test_result.json";
  std::ofstream(path) << "old";
  EXPECT_EQ(run_client({"run", "--json", path, "http://127.0.0.1:1/"}).exit_code, 1);
  EXPECT_EQ(content_of(path), "old");
  const ScriptedServer server(always_ok);
  EXPECT_EQ(run_client({"run", "-n", "1", "-c", "1", "--json", path, server.url()}).exit_code, 0);
  EXPECT_TRUE(nlohmann::json::accept(content_of(path)));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".partial"));
  std::filesystem::remove(path);
}

TEST(ClientCommand, FailsWhereItsResultCannotBeWritten) {
  const ScriptedServer server(always_ok);
  EXPECT_EQ(run_client({"run", "-n", "1", "-c", "1", "--json", "/dev/full", server.url()}).exit_code, 2);
  EXPECT_EQ(run_client({"run", "--json", "/nonexistent/result.json", server.url()}).exit_code, 2);
  const std::string command = WAITLAB_BIN_DIR "/waitlab-client run -n 1 -c 1 -q --json - " + server.url();
  auto shell =
      ChildProcess::start({.command = {"sh", "-c", command + " >/dev/full"}, .cpus = {}, .stderr_file = "/dev/null"});
  EXPECT_EQ(shell.value().wait(patience), 1);
}

// What was known before the run is told before it: no request is sent.
TEST(ClientCommand, RefusesOutputsThatCannotBeBeforeTheRun) {
  const ScriptedServer server(always_ok);
  const std::string file = testing::TempDir() + "client_command_test_output";
  const TemporaryFile body(".txt");
  body.write("hello");
  for (const std::vector<std::string>& outputs : std::vector<std::vector<std::string>>{
           {"--csv", ""},
           {"--csv="},
           {"--csv", file, "--json", testing::TempDir() + "./client_command_test_output"},
           {"--hgrm", file, "--prometheus", file},
           {"--hgrm", file, "--csv", file + ".service"},
           {"--csv", "-"},
           {"--prometheus", "/dev/full"},
           {"--hdr-log", testing::TempDir()},
           {"--json", "/nonexistent/result.json"},
           {"--body-file", body.path(), "--csv", body.path()}}) {
    std::vector<std::string> words{"run", "-n", "1", "-c", "1"};
    words.insert(words.end(), outputs.begin(), outputs.end());
    words.push_back(server.url());
    EXPECT_EQ(run_client(words).exit_code, 2) << testing::PrintToString(outputs);
  }
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(body.text(), "hello");
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".partial"));
}

// Who closes stderr wants to read nothing of it; the result is there all the same.
TEST(ClientCommand, RunsWithAClosedStderr) {
  const ScriptedServer server(always_ok);
  const std::string command = WAITLAB_BIN_DIR "/waitlab-client run -n 1 -c 1 --json - " + server.url();
  auto shell = ChildProcess::start(
      {.command = {"sh", "-c", command + " 2>&- >/dev/null"}, .cpus = {}, .stderr_file = "/dev/null"});
  EXPECT_EQ(shell.value().wait(patience), 0);
}

TEST(ClientCommand, RefusesAFileThatItsTextGoesTo) {
  const ScriptedServer server(always_ok);
  const std::string file = testing::TempDir() + "client_command_test_text";
  const auto run_in_shell = [&](const std::string& flags) {
    const std::string command = WAITLAB_BIN_DIR "/waitlab-client run -n 1 -c 1 " + flags + " " + server.url();
    auto shell =
        ChildProcess::start({.command = {"sh", "-c", command + " >" + file}, .cpus = {}, .stderr_file = "/dev/null"});
    return shell.value().wait(patience);
  };
  EXPECT_EQ(run_in_shell("--csv " + file), 2);
  EXPECT_EQ(run_in_shell("--json - --csv /dev/stdout"), 2);
  EXPECT_EQ(run_in_shell("--csv /dev/stderr 2>>" + file + ".err"), 2);
  EXPECT_EQ(run_in_shell("-q --csv /dev/stdout"), 0);
  std::filesystem::remove(file);
}

TEST(ClientCommand, SendsNothingWhereNobodyCanReadWhatItFinds) {
  const ScriptedServer server(always_ok);
  for (const char* stdout_is : {" >/dev/full", " >&-"}) {
    const std::string command = WAITLAB_BIN_DIR "/waitlab-client run -n 1 -c 1 " + server.url() + stdout_is;
    auto shell = ChildProcess::start({.command = {"sh", "-c", command}, .cpus = {}, .stderr_file = "/dev/null"});
    EXPECT_EQ(shell.value().wait(patience), 1) << stdout_is;
  }
  EXPECT_TRUE(server.requests().empty());
}

// A closed stdout is no place for the rows to be opened at.
TEST(ClientCommand, KeepsItsTextOutOfAFileThatTakesTheNumberOfAClosedStream) {
  const ScriptedServer server(always_ok);
  const std::string file = testing::TempDir() + "client_command_test_rows";
  const std::string command =
      WAITLAB_BIN_DIR "/waitlab-client run -n 1 -c 1 -q --csv " + file + " " + server.url() + " >&- 2>&-";
  auto shell = ChildProcess::start({.command = {"sh", "-c", command}, .cpus = {}, .stderr_file = "/dev/null"});
  EXPECT_EQ(shell.value().wait(patience), 0);
  EXPECT_THAT(content_of(file), testing::StartsWith("request_id,target,"));
  std::filesystem::remove(file);
}

TEST(ClientCommand, SpeaksAsciiWhereTheLocaleHasNothingElse) {
  const ScriptedServer server(always_ok);
  const auto check = [&](const char* locale) {
    ChildProcess client =
        ChildProcess::start({.command = {"/usr/bin/env", locale, WAITLAB_BIN_DIR "/waitlab-client", "run", "-n", "5",
                                         "-c", "1", "--threshold", "errors<1", server.url()},
                             .cpus = {},
                             .stderr_file = "/dev/null"})
            .value();
    return finish(client).output;
  };
  EXPECT_THAT(check("LC_ALL=C"), HasSubstr("\n+ errors<1"));
  EXPECT_THAT(check("LC_ALL=C.UTF-8"), HasSubstr("\n✓ errors<1"));
}

TEST(ClientCommand, SurvivesBytesThatAreNoUtf8) {
  const ScriptedServer server(always_ok);
  const Outcome outcome = run_client({"run", "-n", "1", "-c", "1", "-H", "A: \xff", "-q", "--json", "-", server.url()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(nlohmann::json::accept(outcome.output));
}

/// How a run that still waits for its second response ends by the signal.
Outcome end_by(int signal, const std::string& stderr_file) {
  std::promise<void> arrived;
  const ScriptedServer server([&arrived](const SeenRequest& request) {
    if (request.number == 1) arrived.set_value();
    return request.number == 0 ? ok_answer() : ScriptedAnswer{"", ScriptedAnswer::Then::stall};
  });
  ChildProcess client =
      start_client({"run", "-c", "1", "-d", "1h", "--timeout", "1h", "--json", "-", server.url()}, stderr_file);
  arrived.get_future().wait();
  client.signal(signal);
  return finish(client);
}

TEST(ClientCommand, PrintsWhatThereIsAfterCtrlC) {
  const Outcome outcome = end_by(SIGINT, "/dev/null");
  EXPECT_EQ(outcome.exit_code, 3);
  const auto json = nlohmann::json::parse(outcome.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.output;
  EXPECT_EQ(json["requests"]["sent"], 2);
  EXPECT_EQ(json["requests"]["completed"], 1);
  EXPECT_EQ(json["requests"]["unfinished"], 1);
  EXPECT_EQ(json["valid"], false);
}

TEST(ClientCommand, KeepsWhatThereIsAfterTheTerminalWasClosed) {
  const Outcome outcome = end_by(SIGHUP, "/dev/full");  // which takes no text either
  EXPECT_TRUE(nlohmann::json::accept(outcome.output)) << outcome.output;
}

/// A folder for the files of a test.
class Files {
 public:
  Files() {
    std::string name = testing::TempDir() + "waitlab-files-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string content(const std::string& name) const { return content_of(folder_ / name); }

 private:
  std::filesystem::path folder_;
};

std::ptrdiff_t lines_in(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

TEST(ClientCommand, WritesEveryFileOfOneRun) {
  const ScriptedServer server(always_ok);
  const Files files;
  const Outcome outcome = run_client({"run", "-n", "50", "-c", "2", "-q", "--json", files.path("r.json"), "--csv",
                                      files.path("r.csv"), "--hdr-log", files.path("r.hlog"), "--hgrm",
                                      files.path("r.hgrm"), "--prometheus", files.path("r.prom"), server.url()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(fits_schema(files.path("r.json"), "result.schema.json"));
  EXPECT_EQ(lines_in(files.content("r.csv")), 51);
  EXPECT_THAT(files.content("r.csv"), HasSubstr(",completed,200,,"));
  EXPECT_THAT(files.content("r.csv"), HasSubstr(",GET /,"));
  EXPECT_THAT(files.content("r.hlog"), HasSubstr("Tag=service_time,0.000,1.000,"));
  EXPECT_THAT(files.content("r.hgrm"), HasSubstr("Total count    =           50]"));
  EXPECT_THAT(files.content("r.service.hgrm"), HasSubstr("Total count    =           50]"));
  EXPECT_THAT(files.content("r.prom"), HasSubstr("outcome=\"completed\"} 50"));
}

TEST(ClientCommand, DescribesAnOpenLoopOverItsSchema) {
  const ScriptedServer server(always_ok);
  const Files files;
  run_client({"run", "-R", "1000", "-n", "200", "--arrivals", "poisson", "--threshold", "p50<1h", "-q", "--json",
              files.path("r.json"), server.url()});
  EXPECT_TRUE(fits_schema(files.path("r.json"), "result.schema.json"));
  EXPECT_EQ(nlohmann::json::parse(files.content("r.json"))["arrivals"]["kind"], "poisson");
}

TEST(ClientCommand, RepeatsARunWithASeedForEach) {
  const ScriptedServer server(always_ok);
  const TemporaryFile file(".json");
  const Outcome outcome =
      run_client({"run", "-n", "10", "-c", "1", "--repeat", "3", "--seed", "7", "--json", file.path(), server.url()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_TRUE(fits_schema(file.path(), "result.schema.json"));
  const auto result = nlohmann::json::parse(file.text());
  EXPECT_EQ(result["requests"]["completed"], 30);
  ASSERT_EQ(result["repeats"].size(), 3U);
  for (const int repeat : {0, 1, 2}) {
    EXPECT_EQ(result["repeats"][repeat]["seed"], 7 + repeat);
    EXPECT_EQ(result["repeats"][repeat]["requests"]["completed"], 10);
  }
  EXPECT_THAT(outcome.output, HasSubstr("Repeat       seed"));
  const Outcome compared = run_client({"compare", file.path(), file.path(), "--paired"});
  EXPECT_EQ(compared.exit_code, 0) << compared.errors;
  EXPECT_THAT(compared.output, HasSubstr("(3 results)"));
}

TEST(ClientCommand, MergesTheResultsOfRuns) {
  const ScriptedServer server(always_ok);
  const Files files;
  for (const char* name : {"a.json", "b.json"})
    run_client({"run", "-n", "10", "-c", "1", "-q", "--json", files.path(name), server.url()});
  const Outcome outcome = run_client(
      {"merge", files.path("a.json"), files.path("b.json"), "--json", "-", "--hgrm", files.path("both.hgrm")});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(nlohmann::json::parse(outcome.output)["requests"]["completed"], 20);
  EXPECT_THAT(files.content("both.hgrm"), HasSubstr("Total count    =           20]"));
  const Outcome summary = run_client({"merge", files.path("a.json"), files.path("b.json")});
  EXPECT_THAT(summary.output, HasSubstr("2 runs one after another: their windows add up"));
  EXPECT_THAT(summary.output, HasSubstr("20 sent = 20 completed"));
  EXPECT_EQ(run_client({"merge", files.path("none.json")}).exit_code, 2);
}

TEST(ClientCommand, DoesNotMergeItsOwnOutput) {
  const ScriptedServer server(always_ok);
  const Files files;
  for (const char* name : {"a.json", "b.json"})
    run_client({"run", "-n", "10", "-c", "1", "-q", "--json", files.path(name), server.url()});
  EXPECT_EQ(run_client({"merge", "--json", files.path("all.json"), files.path("")}).exit_code, 0);
  const std::string first = files.content("all.json");
  EXPECT_EQ(run_client({"merge", "--json", files.path("all.json"), files.path("")}).exit_code, 2);
  EXPECT_EQ(files.content("all.json"), first);
}

TEST(ClientCommand, ExitsWithFourWhenAThresholdEndsTheRun) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", ScriptedAnswer::Then::stall}; });
  const Outcome outcome = run_client({"run", "-R", "20", "-d", "1h", "--timeout", "100ms", "--threshold", "p90<50ms",
                                      "--abort-on-fail", "--json", "-", server.url()});
  EXPECT_EQ(outcome.exit_code, 4);
  const auto json = nlohmann::json::parse(outcome.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << outcome.output;
  // The end is no fault; a machine that has other things to do may still make the client late, or its sends uneven.
  EXPECT_THAT(json["invalid_because"].get<std::vector<std::string>>(),
              Each(AnyOf(StartsWith("the client itself was late"), StartsWith("the sends are more "))));
  EXPECT_EQ(json["aborted_by"]["threshold"], "p90<50ms");
  EXPECT_EQ(json["aborted_by"]["found"], "> 100 ms");
}

TEST(ClientCommand, RefusesToAbortOnWhatIsKnownAtTheEndOnly) {
  EXPECT_EQ(run_client({"run", "--threshold", "rate>1", "--abort-on-fail", "http://127.0.0.1:1/"}).exit_code, 2);
  EXPECT_EQ(run_client({"run", "--hgrm", "-", "http://127.0.0.1:1/"}).exit_code, 2);
}

}  // namespace
}  // namespace waitlab
