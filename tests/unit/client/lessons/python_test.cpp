#include "client/lessons/python.hpp"

#include "client/lessons/python_servers.hpp"
#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

WaitsBeside waits_of(const char* server, milliseconds alone, milliseconds beside_three) {
  return {server, {{{alone}, {alone}, {alone, beside_three}, {beside_three}}}};
}

/// As on a machine with two CPUs that does nothing else.
PythonSeen seen_with_a_gil() {
  PythonSeen seen;
  seen.interpreter = "CPython 3.11.2";
  seen.cpus = 2;
  seen.waits = 20;
  seen.one_wait = milliseconds(50);
  seen.waited = milliseconds(60);
  seen.compute = {.work = milliseconds(160),
                  .threading_one = milliseconds(163),
                  .threading_two = milliseconds(165),
                  .threading_four = milliseconds(166),
                  .futures = milliseconds(165),
                  .asyncio = milliseconds(164),
                  .processes = milliseconds(84),
                  .cpp_one = milliseconds(161),
                  .cpp_two = milliseconds(82)};
  seen.threading = waits_of("Python threading", milliseconds(11), milliseconds(70));
  seen.asyncio = waits_of("Python asyncio", milliseconds(11), milliseconds(180));
  seen.cpp = waits_of("C++ threads", milliseconds(11), milliseconds(12));
  seen.lost = LostIncrements{.of = 1'000'000, .plain = 0, .with_call = 96'986};
  return seen;
}

TEST(PythonAnswer, IsThatOnlyWaitsOverlapWhereThreadsOfPythonComputeInTurnsAndThoseOfCppDoNot) {
  EXPECT_EQ(python_answer(seen_with_a_gil()), "waits");
}

TEST(PythonAnswer, GoesByWhetherTwoTookLessThanThreeQuartersOfTheWork) {
  PythonSeen seen = seen_with_a_gil();
  seen.compute.threading_two = milliseconds(120);
  EXPECT_EQ(python_answer(seen), "waits");
  seen.compute.threading_two = milliseconds(119);
  EXPECT_EQ(python_answer(seen), "both");
}

TEST(PythonAnswer, IsNeitherOnceWaitsTakeTurnsAsWell) {
  PythonSeen seen = seen_with_a_gil();
  seen.waited = milliseconds(499);
  EXPECT_EQ(python_answer(seen), "waits");
  seen.waited = milliseconds(500);
  EXPECT_EQ(python_answer(seen), "neither");
  seen.compute.threading_two = milliseconds(82);
  EXPECT_EQ(python_answer(seen), "") << "none of the answers";
}

TEST(PythonAnswer, IsNoneWhereThreadsOfCppGainNothingEither) {
  PythonSeen seen = seen_with_a_gil();
  seen.compute.cpp_two = milliseconds(161);
  EXPECT_EQ(python_answer(seen), "");
  seen.cpus = 1;
  const LessonOutcome outcome = tell_python(seen);
  ASSERT_EQ(outcome.missing.size(), 1U);
  EXPECT_THAT(outcome.missing.front(), HasSubstr("a second CPU: on one"));
  EXPECT_THAT(outcome.conclusion, HasSubstr("neither gained by the second"));
  EXPECT_THAT(outcome.conclusion, Not(HasSubstr("took turns")));
}

TEST(PythonAnswer, NeedsNoOtherProgramWhereThreadsOfPythonDoGain) {
  PythonSeen seen = seen_with_a_gil();
  seen.compute.threading_two = milliseconds(82);
  seen.compute.cpp_two = milliseconds(161);
  EXPECT_EQ(python_answer(seen), "both");
}

TEST(PythonOutcome, TellsWhatWasSeen) {
  const LessonOutcome outcome = tell_python(seen_with_a_gil());
  EXPECT_THAT(outcome.conclusion, HasSubstr("so waits overlap"));
  EXPECT_THAT(outcome.conclusion,
              HasSubstr("did 160 ms of work in 165 ms, and two of C++ in 82 ms: Python's took turns"));
  EXPECT_THAT(outcome.conclusion, HasSubstr("Two processes, each with a GIL of its own, took 84 ms"));
  EXPECT_THAT(outcome.conclusion, HasSubstr("Requests that only wait paid for it as well"));
  EXPECT_THAT(outcome.conclusion, HasSubstr("counter += 1 lost nothing"));
  EXPECT_THAT(outcome.trace, HasSubstr("CPython 3.11.2, GIL on"));
  EXPECT_THAT(outcome.missing, IsEmpty());
}

TEST(PythonOutcome, SaysWhereItContradictsWhatIsSaidOfTheGil) {
  PythonSeen seen = seen_with_a_gil();
  seen.compute.threading_two = milliseconds(82);
  EXPECT_THAT(tell_python(seen).conclusion, HasSubstr("side by side, though the GIL is on"));
  seen.has_gil = false;
  EXPECT_THAT(tell_python(seen).conclusion, HasSubstr("side by side, as this Python has no GIL"));
  seen.threading = waits_of("Python threading", milliseconds(11), milliseconds(13));
  EXPECT_THAT(tell_python(seen).conclusion, HasSubstr("hardly slower here"));
  seen.lost->plain = 1;
  EXPECT_THAT(tell_python(seen).conclusion, HasSubstr("counter += 1 by two threads lost updates here"));
  seen.lost = LostIncrements{.of = 10, .plain = 0, .with_call = 0};
  EXPECT_THAT(tell_python(seen).conclusion, HasSubstr("which promises nothing"));
}

TEST(PythonOutcome, ExpectsOfThreadsWithoutAGilWhatTheCpusAllow) {
  PythonSeen seen = seen_with_a_gil();
  EXPECT_EQ(tell_python(seen).figures.at(3).name, "the same by 4, Python threads");
  EXPECT_EQ(tell_python(seen).figures.at(3).possible->text, "80 ms") << "there are two CPUs";
  EXPECT_EQ(tell_python(seen).figures.at(3).likely->text, "160 ms");
  seen.has_gil = false;
  EXPECT_EQ(tell_python(seen).figures.at(3).likely->text, "80 ms");
}

TEST(PythonOutcome, SaysWhatIsMissingAndShowsTheRest) {
  PythonSeen seen = seen_with_a_gil();
  seen.compute.processes.reset();
  seen.lost.reset();
  seen.asyncio.took[3].clear();
  const LessonOutcome outcome = tell_python(seen);
  ASSERT_EQ(outcome.missing.size(), 3U);
  EXPECT_EQ(outcome.missing[1],
            "the times of requests that wait, Python asyncio, beside 3 that compute: none was answered.");
  EXPECT_EQ(outcome.answer, "waits");
  EXPECT_THAT(outcome.trace, Not(HasSubstr("multiprocessing")));
  EXPECT_THAT(outcome.trace, HasSubstr(" -\n"));
  EXPECT_THAT(outcome.conclusion, Not(HasSubstr("Requests that only wait"))) << "nothing is not 0 ns";
  for (const LessonFigure& figure : outcome.figures)
    EXPECT_EQ(figure.here.has_value(), figure.name != "p99 of /wait, 3 compute, asyncio") << figure.name;
}

TEST(PythonOutcome, IsEightyColumnsWide) {
  const LessonOutcome outcome = tell_python(seen_with_a_gil());
  std::istringstream lines(outcome.trace);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
  for (const LessonFigure& figure : outcome.figures)
    EXPECT_LE(columns_of(figure.name), 34U) << figure.name;
}

TEST(WaitsBeside, HasTheSlowestOfAFewAsP99) {
  const WaitsBeside waits{"some", {{{milliseconds(1), milliseconds(2), milliseconds(3)}, {}, {}, {}}}};
  EXPECT_EQ(waits.quantile(0, 0.5), milliseconds(2));
  EXPECT_EQ(waits.quantile(0, 0.99), milliseconds(3));
  EXPECT_EQ(waits.quantile(1, 0.5), std::nullopt);
}

TEST(PythonFacts, AreWhatTheServerTellsOfItself) {
  const auto facts = parse_python_facts(R"({"implementation": "CPython", "version": "3.14.0", "gil_enabled": false})");
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->interpreter, "CPython 3.14.0");
  EXPECT_FALSE(facts->has_gil);
  EXPECT_FALSE(parse_python_facts("{}"));
  EXPECT_FALSE(parse_python_facts("<html>"));
}

}  // namespace
}  // namespace waitlab::client
