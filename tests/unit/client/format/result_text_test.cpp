#include "client/format/result_text.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// An open loop whose requests took 50 ms and 10 us more each time.
LoadResult open_loop(int count) {
  LoadResult result;
  result.method = "GET";
  result.url = "http://127.0.0.1:8080/wait";
  result.address = "127.0.0.1:8080";
  result.connections = 4096;
  result.offered_rate = 400;
  result.arrivals = "poisson";
  result.window = 10s;
  for (int i = 0; i < count; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0ns, .sent = 20us, .ended = 50ms + i * 10us}, 200);
    result.record.schedule_lag.record(20us);
  }
  result.record.completed_in_window = static_cast<std::uint64_t>(count);
  result.record.connections = 45;
  result.record.bytes_in = 512'000;
  result.record.bytes_out = 64'123'000;
  return result;
}

ArrivalFit fitting() {
  ArrivalFit fit;
  fit.sends = 4080;
  fit.ks_distance = 0.0041;
  fit.ks_limit = 0.05;
  fit.dispersion = 1.04;
  fit.dispersion_least = 0.8;
  fit.dispersion_most = 1.25;
  return fit;
}

/// A run that has everything a summary can tell of.
LoadResult troubled() {
  LoadResult result = open_loop(4000);
  LoadRecord& record = result.record;
  for (int i = 0; i < 40; ++i) {
    record.begin();
    record.fail(ErrorKind::reset, "127.0.0.1:8080 said Connection reset by peer after 17 bytes of its response");
    record.begin();
    record.time_out(ErrorKind::timeout, {}, 2s);
  }
  record.reconnects = 40;
  record.retried = 1;
  record.waited_for_connection = 1234;
  record.response_time.effective_samples = {400, 400, 380.5, 390};
  result.invalid_because = {
      "all 4096 connections were busy and 1234 requests had to wait inside the client: raise --max-connections"};
  result.aborted = true;
  result.thresholds = {{"p99<200ms", false, "> 2.00 s"}, {"errors<10%", true, "80 of 4080 requests, 1.96 %"}};
  result.load_threads.resize(2);
  result.load_threads[0].cpu_share = 0.2;
  result.load_threads[1].cpu_share = 0.93;
  result.load_threads[1].involuntary_switches = 1200;
  result.arrival_fit = fitting();
  return result;
}

std::size_t place(const std::string& text, std::string_view part) {
  const auto found = text.find(part);
  EXPECT_NE(found, std::string::npos) << part << " is not in\n" << text;
  return found;
}

TEST(ResultText, SaysFirstWhatWasAsked) {
  EXPECT_THAT(to_text(open_loop(1)),
              StartsWith("GET http://127.0.0.1:8080/wait at 127.0.0.1:8080\n"
                         "open loop: 400/s offered, poisson arrivals, up to 4096 connections, 1 thread\n"));
  LoadResult closed = open_loop(1);
  closed.offered_rate.reset();
  closed.connections = 1;
  closed.threads = 2;
  EXPECT_THAT(to_text(closed), HasSubstr("\nclosed loop: 1 connection, 2 threads\n"));
}

TEST(ResultText, SaysWhatStepsAndMixesWereAsked) {
  LoadResult result = open_loop(1);
  result.steps.resize(2);
  result.steps[0].from_rate = 100;
  result.steps[1].to_rate = 250.5;
  result.targets = {{"GET", "/wait"}, {"GET", "/plain"}};
  const std::string text = to_text(result);
  EXPECT_THAT(text, StartsWith("A mix of 2 requests at http://127.0.0.1:8080/wait, 127.0.0.1:8080\n"));
  EXPECT_THAT(text, HasSubstr("open loop: 2 steps from 100/s to 250.5/s, poisson arrivals"));
}

TEST(ResultText, ShowsTheAccount) {
  LoadResult result;
  result.record.begin();
  result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, 503);
  result.record.begin();
  result.record.fail(ErrorKind::reset, "Connection reset by peer");
  const std::string text = to_text(result);
  EXPECT_THAT(text, HasSubstr("2 sent = 1 completed + 1 failed + 0 timed out + 0 unfinished"));
  EXPECT_THAT(text, HasSubstr("503: 1"));
  EXPECT_THAT(text, HasSubstr("Connection reset by peer"));
  EXPECT_THAT(text, HasSubstr("Valid       yes"));
}

TEST(ResultText, ShowsRatesAndTraffic) {
  const std::string text = to_text(open_loop(3980));
  EXPECT_THAT(text, HasSubstr("Rate        400/s offered, 398.0/s due by chance, 398.0/s achieved over 10.00 s\n"));
  EXPECT_THAT(text, HasSubstr("Traffic     45 connections, 512 kB in, 64.1 MB out\n"));
  EXPECT_THAT(text, HasSubstr("Statuses    200: 3980\nErrors      none\n"));
}

TEST(ResultText, IsShortWhenAllIsWell) {
  const std::string text = to_text(open_loop(4000));
  for (const char* word : {"Note", "INVALID", "Aborted", "again", "cap of", "Client CPU", "Step"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 30);
}

TEST(ResultText, SaysInvalidBeforeAnyFigure) {
  const std::string text = to_text(troubled());
  const auto invalid = place(text, "INVALID     all 4096 connections");
  EXPECT_LT(invalid, place(text, "✗ p99<200ms   > 2.00 s\n"));
  EXPECT_LT(invalid, place(text, "Requests "));
  EXPECT_THAT(text, Not(HasSubstr("Valid ")));
}

TEST(ResultText, ListsThresholdsFirstIfTheyMayBeBelieved) {
  LoadResult result = open_loop(4000);
  result.thresholds = {{"p99<200ms", true, "89.6 ms"}};
  const std::string text = to_text(result);
  EXPECT_LT(place(text, "✓ p99<200ms  89.6 ms\n"), place(text, "Valid       yes\n"));
}

TEST(ResultText, SaysWhichThresholdEndedTheRun) {
  LoadResult result = troubled();
  result.aborted_by = {"errors<1%", false, "110 of 10500 requests, 1.05 %"};
  EXPECT_THAT(to_text(result), HasSubstr("Aborted     before its time, for errors<1% was missed: 110 of 10500 "));
}

TEST(ResultText, ListsThresholdsAndNotesBeforeOtherFigures) {
  const std::string text = to_text(troubled());
  const auto requests = place(text, "Requests ");
  EXPECT_LT(place(text, "✗ p99<200ms   > 2.00 s\n"), requests);
  EXPECT_LT(place(text, "✓ errors<10%  80 of 4080 requests, 1.96 %\n"), requests);
  EXPECT_LT(place(text, "Aborted     before its time"), requests);
}

TEST(ResultText, PutsNotesBeforeTheFiguresTheyAreAbout) {
  LoadResult result = open_loop(10);
  for (int i = 0; i < 10; ++i)
    result.record.fail(ErrorKind::reset, "Connection reset by peer");
  const std::string text = to_text(result);
  EXPECT_LT(place(text, "Note        10 of "), place(text, "Requests "));
}

TEST(ResultText, TellsOfTroubleWithConnections) {
  const std::string text = to_text(troubled());
  EXPECT_THAT(text, HasSubstr("45 connections (40 in place of closed ones)"));
  EXPECT_THAT(text, HasSubstr("1 request sent again, for the server had closed"));
  EXPECT_THAT(text, HasSubstr("cap of 4096 connections reached: 1234 requests waited"));
}

TEST(ResultText, ListsErrorsByKindWithAnExample) {
  const std::string text = to_text(troubled());
  EXPECT_THAT(text, HasSubstr("Errors      80\n"));
  EXPECT_THAT(text, HasSubstr("  reset                   40  127.0.0.1:8080 said Connection reset by peer after\n"));
  EXPECT_THAT(text, HasSubstr("  timeout                 40  "));
}

TEST(ResultText, TellsOfTheClientItself) {
  const std::string text = to_text(troubled());
  EXPECT_THAT(text, HasSubstr("Client lag  p50 20.5 us, p99 20.5 us, max 20.5 us\n"));
  EXPECT_THAT(text, HasSubstr("Arrivals    fit: dispersion 1.04 (0.8 to 1.25), KS distance 0.0041 (up to 0.05)\n"));
  EXPECT_THAT(text, HasSubstr("Client CPU  busiest thread 93 % of a CPU; involuntary switches: 1200\n"));
}

TEST(ResultText, SaysThatArrivalsDoNotFit) {
  LoadResult result = open_loop(10);
  result.arrival_fit = fitting();
  result.arrival_fit->fits = false;
  result.arrival_fit->dispersion.reset();
  EXPECT_THAT(to_text(result), HasSubstr("Arrivals    do not fit: KS distance 0.0041 (up to 0.05)\n"));
  result.arrival_fit->ks_distance.reset();
  EXPECT_THAT(to_text(result), Not(HasSubstr("Arrivals")));
}

TEST(ResultText, TellsOfTheClientsCpuOnlyIfItMayMatter) {
  LoadResult result = open_loop(10);
  result.load_threads.resize(1);
  result.load_threads[0].cpu_share = 0.49;
  result.load_threads[0].involuntary_switches = 100;  // ten a second
  EXPECT_THAT(to_text(result), Not(HasSubstr("Client CPU")));
  result.load_threads[0].involuntary_switches = 101;
  EXPECT_THAT(to_text(result), HasSubstr("Client CPU"));
  result.load_threads[0] = {};
  result.load_threads[0].cpu_share = 0.5;
  EXPECT_THAT(to_text(result), HasSubstr("Client CPU"));
}

TEST(ResultText, TellsOfNoMoreThanAWholeCpu) {
  LoadResult result = open_loop(10);
  result.load_threads = {{.cpu_share = 1.09, .span = 5s}};  // as earlier versions wrote it of a moment
  EXPECT_THAT(to_text(result), HasSubstr("busiest thread 100 % of a CPU"));
}

TEST(ResultText, MakesNoRateOfSwitchesInAMoment) {
  LoadResult result = open_loop(10);
  result.window = 10ms;
  result.load_threads = {{.cpu_share = 0.1, .span = 60ms, .involuntary_switches = 10}};
  EXPECT_THAT(to_text(result), Not(HasSubstr("Client CPU")));
}

TEST(ResultText, MakesNoRateOfOneResponse) {
  LoadResult result = open_loop(1);
  result.offered_rate.reset();
  result.window = 414us;
  EXPECT_THAT(to_text(result), HasSubstr("Rate        1 response in 414 us\n"));
  result.record.completed_in_window = 0;
  result.offered_rate = 50;
  EXPECT_THAT(to_text(result), HasSubstr("Rate        50/s offered, 0 responses in 414 us\n"));
  result = open_loop(1);
  result.offered_rate.reset();
  result.window = 1s;
  EXPECT_THAT(to_text(result), HasSubstr("Rate        1.0/s achieved over 1.00 s\n"));
}

TEST(ResultText, FitsEightyColumns) {
  for (const LoadResult& result : {open_loop(4000), troubled(), LoadResult()}) {
    std::istringstream lines(to_text(result));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(columns_of(line), terminal_columns) << line;
  }
}

}  // namespace
}  // namespace waitlab::client
