#include "server/telemetry/views.hpp"

#include "server/counts/tracks.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;

class ChromeTraceTest : public testing::Test {
 protected:
  ChromeTraceTest() {
    trace.begin = Trace::TimePoint(1000s);
    trace.end = trace.begin + 2s;
  }

  void add(const Tracks& group, std::uint32_t track, Activity activity, std::uint64_t request,
           std::chrono::nanoseconds begin, std::chrono::nanoseconds end) {
    trace.spans.push_back({&group, track, activity, request, trace.begin + begin, trace.begin + end});
  }

  json file() const { return json::parse(chrome_trace(trace)); }

  /// Phase and name of each event that is not metadata.
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    const json made = file();
    for (const json& event : made["traceEvents"]) {
      if (event["ph"] != "M") all.push_back(event["ph"].get<std::string>() + " " + event["name"].get<std::string>());
    }
    return all;
  }

  Tracer tracer;
  Tracks threads{tracer, "fixed-pool", Tracks::Kind::threads};
  Tracks requests{tracer, "fixed-pool", Tracks::Kind::requests};
  Tracks loop{tracer, "event-loop", Tracks::Kind::threads};
  Trace trace;
};

TEST_F(ChromeTraceTest, OfNothingIsAFileAllTheSame) {
  trace.full = true;
  trace.dropped = 3;
  EXPECT_EQ(file(), json::parse(R"({"displayTimeUnit": "ms", "traceEvents": [],
                                    "otherData": {"seconds": 2.0, "full": true, "spans": 0, "spans_dropped": 3}})"));
}

TEST_F(ChromeTraceTest, HasASpanOfAThreadWithItsTimesInMicroseconds) {
  add(threads, 2, Activity::waiting, 17, 1500ns, 4500ns);
  EXPECT_EQ(file()["traceEvents"].back(), json::parse(R"({"pid": 1, "tid": 3, "ph": "X", "cat": "thread",
      "name": "waiting", "ts": 1.5, "dur": 3.0, "args": {"request": 17}})"));
}

TEST_F(ChromeTraceTest, LeavesOutARequestThatIsNotKnown) {
  add(loop, 0, Activity::running, 0, 0ns, 1us);
  EXPECT_FALSE(file()["traceEvents"].back().contains("args"));
}

TEST_F(ChromeTraceTest, NamesStrategiesAndTheirThreadsThoseThatOnlyIdleToo) {
  trace.threads = {{&threads, 0}, {&threads, 1}, {&loop, 0}};
  add(threads, 5, Activity::running, 1, 0ns, 1us);
  std::vector<std::string> names;
  const json made = file();
  for (const json& event : made["traceEvents"]) {
    if (event["name"] == "process_name" || event["name"] == "thread_name")
      names.push_back(event["pid"].dump() + " " + event["args"]["name"].get<std::string>());
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("1 fixed-pool", "2 event-loop", "1 thread 1", "1 thread 2",
                                                   "1 thread 6", "2 thread 1"));
}

TEST_F(ChromeTraceTest, PutsWhatARequestDidIntoTheRequest) {
  add(requests, 0, Activity::running, 1, 0us, 10us);
  add(requests, 1, Activity::queued, 2, 5us, 12us);
  add(requests, 0, Activity::waiting, 1, 10us, 20us);
  add(requests, 0, Activity::running, 1, 20us, 21us);
  add(requests, 1, Activity::running, 2, 12us, 30us);
  EXPECT_THAT(events(),
              ElementsAre("b request", "b running", "e running", "b waiting", "e waiting", "b running", "e running",
                          "e request", "b request", "b queued", "e queued", "b running", "e running", "e request"));
  const json last = file()["traceEvents"].back();
  EXPECT_EQ(last["ts"], 30.0);
  EXPECT_EQ(last["id2"]["local"], "2");
}

}  // namespace
}  // namespace waitlab::server
