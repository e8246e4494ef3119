#include "tests/integration/running_backend.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <map>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BackendProfileTest : public BackendTest {
 protected:
  HttpAnswer put(const std::string& target, const std::string& body) const {
    HttpConnection client = connect();
    client.send("PUT " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    return client.receive();
  }

  std::string outcome_of(const std::string& id) {
    const auto holds = read_log(log_.path());
    const auto found = std::ranges::find(holds, id, &LoggedHold::request_id);
    return found == holds.end() ? "not logged" : found->outcome;
  }
};

std::string with_id(const std::string& id) {
  return "X-Request-Id: " + id + "\r\n";
}

TEST_F(BackendProfileTest, LogsAndCountsEveryFault) {
  const std::vector<std::string> faults{"error", "reset_before", "reset_in", "drip", "stall"};
  std::vector<std::string> settings{log_setting_, "profile.faults.drip_pause=0ms"};
  start(settings);
  for (const std::string& fault : faults) {
    std::string body = "{\"faults\": {";
    for (const std::string& other : faults)
      body += (other == faults.front() ? "\"" : ", \"") + other + "\": " + (other == fault ? "1" : "0");
    ASSERT_EQ(put("/profile", body + "}}").status, 200U) << body;
    HttpConnection client = connect();
    client.send(get_request("/hold?delay=0ms", with_id(fault)));
    if (fault == "stall") {
      await_status("holding", 1);
    } else if (fault.starts_with("reset")) {
      client.read_to_reset();
    } else {
      EXPECT_EQ(client.receive().status, fault == "error" ? 500U : 200U);
    }
  }
  const std::map<std::string, std::string> outcomes{{"error", "failed"},
                                                    {"reset_before", "reset_before"},
                                                    {"reset_in", "reset_in"},
                                                    {"drip", "dripped"},
                                                    {"stall", "stalled"}};
  for (const auto& [fault, outcome] : outcomes)
    await_status(outcome, 1);
  stop_and_read_log();
  for (const auto& [fault, outcome] : outcomes)
    EXPECT_EQ(outcome_of(fault), outcome);
}

TEST_F(BackendProfileTest, EndsHoldsThatStallWhenItIsStopped) {
  start({log_setting_, "profile.faults.stall=1"});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=0ms", with_id("a")));
  await_status("holding", 1);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds.front().outcome, "stalled");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(BackendProfileTest, HasTheSameFaultsForTheSameRequests) {
  start({"profile.faults.error=0.5", "profile.seed=7"});
  const auto statuses = [this] {
    std::vector<unsigned> all;
    HttpConnection client = connect();
    for (int id = 0; id < 40; ++id)
      all.push_back(client.get("/hold?delay=0ms", with_id(std::to_string(id))).status);
    return all;
  };
  const auto first = statuses();
  EXPECT_EQ(first, statuses());
  EXPECT_THAT(first, AllOf(testing::Contains(200U), testing::Contains(500U)));
}

TEST_F(BackendProfileTest, ReplaysDelaysFromAFile) {
  const TemporaryFile delays(".txt");
  delays.write("3ms\n5ms\n");
  start({log_setting_, "profile.delay.distribution=replay", "profile.delay.file=" + delays.path()});
  for (int id = 0; id < 8; ++id)
    EXPECT_EQ(connect().get("/hold", with_id(std::to_string(id))).status, 200U);
  std::map<std::int64_t, int> drawn;
  for (const LoggedHold& hold : stop_and_read_log())
    ++drawn[hold.drawn_ns];
  EXPECT_EQ(drawn.size(), 2U);
  EXPECT_EQ(drawn[3'000'000] + drawn[5'000'000], 8);
}

TEST_F(BackendProfileTest, ReplaysTheHoldLogOfAnEarlierRun) {
  const TemporaryFile earlier(".csv");
  start({"profile.hold_log=" + earlier.path()});
  EXPECT_EQ(connect().get("/hold?delay=1ms").status, 200U);
  backend_->signal(SIGTERM);
  EXPECT_EQ(backend_->wait(std::chrono::seconds(60)), 0);
  start({log_setting_, "profile.delay.distribution=replay", "profile.delay.column=drawn_ns",
         "profile.delay.file=" + earlier.path()});
  EXPECT_EQ(connect().get("/hold").status, 200U);
  const auto holds = stop_and_read_log();
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds.front().drawn_ns, 1'000'000);
}

TEST_F(BackendProfileTest, NamesTheLineThatAReplayCannotRead) {
  const TemporaryFile delays(".txt");
  delays.write("3ms\nfive\n");
  const auto [exit_code, error] =
      failed_start({"profile.delay.distribution=replay", "profile.delay.file=" + delays.path()});
  EXPECT_EQ(exit_code, 2);
  EXPECT_THAT(error, HasSubstr("profile.delay.file: " + delays.path() + ":2: \"five\" is not a duration"));
}

TEST_F(BackendProfileTest, TakesPartsAsText) {
  start({log_setting_, "profile.delay.distribution=bimodal",
         R"(profile.delay.parts=[{"weight": 1, "delay": "2ms"}, {"weight": 0, "delay": "1h"}])"});
  EXPECT_EQ(connect().get("/hold").status, 200U);
  EXPECT_EQ(stop_and_read_log().front().drawn_ns, 2'000'000);
}

TEST_F(BackendProfileTest, HoldsLongerTheMoreAreHeld) {
  start({log_setting_, "profile.slowdown.contention=1"});
  HttpConnection first = connect();
  first.send(get_request("/hold?delay=1h"));
  await_status("holding", 1);
  EXPECT_EQ(connect().get("/hold?delay=5ms", with_id("second")).status, 200U);
  const auto holds = stop_and_read_log();
  ASSERT_FALSE(holds.empty());
  EXPECT_EQ(holds.front().drawn_ns, 5'000'000);
  EXPECT_GE(holds.front().held_ns, 10'000'000);
}

TEST_F(BackendProfileTest, KeepsProfilesApart) {
  start({"profiles.db.concurrency=1", "profiles.db.on_full=reject", log_setting_});
  HttpConnection first = connect();
  first.send(get_request("/hold?delay=1h&profile=db"));
  await_status("holding", 1);
  EXPECT_EQ(connect().get("/hold?delay=0ms&profile=db").status, 503U);
  EXPECT_EQ(connect().get("/hold?delay=0ms").status, 200U);
  const auto status = nlohmann::json::parse(connect().get("/status").body);
  EXPECT_EQ(status["rejected"], 1);
  EXPECT_EQ(status["profiles"]["db"]["rejected"], 1);
  EXPECT_EQ(status["profiles"]["db"]["served"], 0);
  EXPECT_EQ(stop_and_read_log().size(), 1U) << "the log is the standard profile's";
}

TEST_F(BackendProfileTest, AProfileThatIsWrongIsAnErrorAtTheStart) {
  for (const auto& [setting, message] :
       std::map<std::string, std::string>{{"profiles.Db.seed=1", "is no name"},
                                          {"profiles.db.sead=1", "did you mean \"profiles.db.seed\"?"},
                                          {"profile.faults.error=1.1", "must be a number from 0 to 1"},
                                          {"profile.brownout.every=1s", "profile.brownout.for (5s) is longer"}}) {
    const auto [exit_code, error] = failed_start({setting});
    EXPECT_EQ(exit_code, 2) << setting;
    EXPECT_THAT(error, HasSubstr(message));
    EXPECT_EQ(std::ranges::count(error, '\n'), 1) << error;
  }
}

}  // namespace
}  // namespace waitlab
