#include "client/lessons/plots.hpp"
#include "client/lessons/python.hpp"
#include "client/stats/time_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr unsigned most_computing = 3;

/// A figure of requests that compute: what the CPUs allow, and what is to be expected of `turns` that compute at once.
LessonFigure compute_figure(const PythonSeen& seen, const std::string& name, unsigned connections, bool takes_turns,
                            nanoseconds here) {
  const unsigned at_once = std::min(connections, seen.cpus);
  const nanoseconds work = seen.compute.work;
  return {name, "s", time_reading(work / at_once), time_reading(takes_turns ? work : work / at_once),
          time_reading(here)};
}

LessonFigure p99_figure(const WaitsBeside& waits, const char* name) {
  const auto p99 = waits.quantile(most_computing, 0.99);
  return {fmt::format("p99 of /wait, {} compute, {}", most_computing, name),
          "s",
          {},
          {},
          p99 ? std::optional(time_reading(*p99)) : std::nullopt};
}

std::vector<LessonFigure> python_figures(const PythonSeen& seen) {
  const ComputeTimes& compute = seen.compute;
  std::vector<LessonFigure> figures{
      {fmt::format("{} waits at once, Python threads", seen.waits),
       "s",
       time_reading(seen.one_wait),
       {},
       time_reading(seen.waited)},
      compute_figure(seen, "/cpu by one connection, Python", 1, true, compute.threading_one),
      compute_figure(seen, "the same by 2, Python threads", 2, seen.has_gil, compute.threading_two),
      compute_figure(seen, "the same by 4, Python threads", 4, seen.has_gil, compute.threading_four)};
  if (compute.processes)
    figures.push_back(compute_figure(seen, "the same by 2, Python processes", 2, false, *compute.processes));
  figures.push_back(compute_figure(seen, "the same by 2, C++ threads", 2, false, compute.cpp_two));
  figures.push_back(p99_figure(seen.threading, "threading"));
  figures.push_back(p99_figure(seen.asyncio, "asyncio"));
  figures.push_back(p99_figure(seen.cpp, "C++"));
  if (seen.lost) {
    const auto of = static_cast<double>(seen.lost->of);
    figures.push_back({"lost by counter += 1", "share", {}, {}, share_of(static_cast<double>(seen.lost->plain), of)});
    figures.push_back(
        {"lost with a call in between", "share", {}, {}, share_of(static_cast<double>(seen.lost->with_call), of)});
  }
  return figures;
}

void add_waits(TextTable& table, const WaitsBeside& waits) {
  for (const double share : {0.5, 0.99}) {
    std::vector<std::string> row{"", fmt::format("{}, p{:.0f}", waits.server, share * 100)};
    for (unsigned computing = 0; computing <= most_computing; ++computing) {
      const auto time = waits.quantile(computing, share);
      row.push_back(time ? short_time(*time) : "-");
    }
    table.add(row);
  }
}

std::string python_trace(const PythonSeen& seen) {
  const ComputeTimes& compute = seen.compute;
  std::vector<Bar> bars{{"threading, 1 connection", time_reading(compute.threading_one)},
                        {"threading, 2", time_reading(compute.threading_two)},
                        {"threading, 4", time_reading(compute.threading_four)},
                        {"concurrent.futures, 2", time_reading(compute.futures)},
                        {"asyncio, 2", time_reading(compute.asyncio)}};
  if (compute.processes) bars.push_back({"multiprocessing, 2", time_reading(*compute.processes)});
  bars.push_back({"C++ threads, 1", time_reading(compute.cpp_one)});
  bars.push_back({"C++ threads, 2", time_reading(compute.cpp_two)});
  using Side = TableColumn::Side;
  TextTable table({{2, Side::left}, {25, Side::left}, {12}, {12}, {12}, {12}}, terminal_columns);
  table.add({"", "", "0 compute", "1", "2", "3"});
  for (const WaitsBeside* const waits : {&seen.threading, &seen.asyncio, &seen.cpp})
    add_waits(table, *waits);
  return fmt::format(
      "  {}, GIL {}. Requests that compute {} of CPU time in all:\n{}\n"
      "  A request that waits 10 ms, beside connections that compute:\n{}",
      seen.interpreter, seen.has_gil ? "on" : "off", short_time(compute.work), bars_text(bars), table.text());
}

std::string waits_sentence(const PythonSeen& seen) {
  const std::string took = fmt::format("{} waits of {} on as many connections took {} under threading", seen.waits,
                                       short_time(seen.one_wait), short_time(seen.waited));
  return seen.waits_overlap() ? took + ": a thread that blocks lets go of the GIL, so waits overlap. "
                              : took + ": here they did not overlap, though a thread that blocks lets go of the GIL. ";
}

std::string compute_sentence(const PythonSeen& seen) {
  const ComputeTimes& compute = seen.compute;
  const std::string of = fmt::format(
      "Of requests that compute, two threads of Python did {} of work in {}, and two of "
      "C++ in {}: ",
      short_time(compute.work), short_time(compute.threading_two), short_time(compute.cpp_two));
  if (compute.side_by_side(compute.threading_two)) {
    return of + (seen.has_gil ? "they computed side by side, though the GIL is on. "
                              : "they computed side by side, as this Python has no GIL. ");
  }
  if (!compute.side_by_side(compute.cpp_two))
    return of + "neither gained by the second, so this says nothing of Python. ";
  std::string sentence =
      of + (seen.has_gil ? "Python's took turns. " : "Python's took turns, though this one has no GIL. ");
  if (compute.processes && compute.side_by_side(*compute.processes))
    sentence += fmt::format("Two processes, each with a GIL of its own, took {}. ", short_time(*compute.processes));
  return sentence;
}

std::string latency_sentence(const PythonSeen& seen) {
  for (const WaitsBeside* const waits : {&seen.threading, &seen.asyncio, &seen.cpp}) {
    if (!waits->quantile(0, 0.5) || !waits->quantile(most_computing, 0.5)) return "";
  }
  const auto median = [](const WaitsBeside& waits, unsigned computing) { return *waits.quantile(computing, 0.5); };
  const auto is_slowed = [&](const WaitsBeside& waits) {
    return 2 * median(waits, most_computing) > 3 * median(waits, 0);
  };
  const std::string medians = fmt::format(
      "beside three connections that compute, half of those that only wait took longer than {} under threading "
      "(alone: {}), {} under asyncio ({}), and {} in C++ ({}). ",
      short_time(median(seen.threading, most_computing)), short_time(median(seen.threading, 0)),
      short_time(median(seen.asyncio, most_computing)), short_time(median(seen.asyncio, 0)),
      short_time(median(seen.cpp, most_computing)), short_time(median(seen.cpp, 0)));
  if (!is_slowed(seen.threading)) return "Under threading, requests that only wait were hardly slower here: " + medians;
  return (is_slowed(seen.cpp) ? "Requests that only wait paid for it, here in C++ too: "
                              : "Requests that only wait paid for it as well: ") +
         medians;
}

/// Where none of the requests that wait was answered.
void add_missing_waits(const WaitsBeside& waits, std::vector<std::string>& missing) {
  for (unsigned computing = 0; computing <= most_computing; ++computing) {
    if (waits.took[computing].empty())
      missing.push_back(fmt::format("the times of requests that wait, {}, beside {} that compute: none was answered.",
                                    waits.server, computing));
  }
}

std::string lost_sentence(const LostIncrements& lost) {
  if (lost.plain > 0) return "counter += 1 by two threads lost updates here: it is a read and a write.";
  if (lost.with_call == 0) {
    return "Neither way to count lost an update here, which promises nothing: another run, or another Python, may.";
  }
  return "counter += 1 lost nothing, as this Python lets no other thread in between its read and its write; a call in "
         "between does. The GIL makes no race harmless.";
}

}  // namespace

std::optional<nanoseconds> WaitsBeside::quantile(unsigned computing, double share) const {
  const std::vector<nanoseconds>& all = took[computing];
  if (all.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size())));
  return all[std::max<std::size_t>(rank, 1) - 1];
}

std::string python_answer(const PythonSeen& seen) {
  const bool threads_gain = seen.compute.side_by_side(seen.compute.threading_two);
  if (!threads_gain && !seen.compute.side_by_side(seen.compute.cpp_two)) return "";
  if (threads_gain) return seen.waits_overlap() ? "both" : "";
  return seen.waits_overlap() ? "waits" : "neither";
}

LessonOutcome tell_python(const PythonSeen& seen) {
  LessonOutcome outcome;
  outcome.figures = python_figures(seen);
  outcome.trace = python_trace(seen);
  outcome.answer = python_answer(seen);
  outcome.conclusion = waits_sentence(seen) + compute_sentence(seen) + latency_sentence(seen);
  if (seen.lost) outcome.conclusion += lost_sentence(*seen.lost);
  if (!seen.compute.side_by_side(seen.compute.cpp_two)) {
    outcome.missing.emplace_back(
        seen.cpus < 2 ? "a second CPU: on one, threads compute in turns in any language."
                      : "a second CPU that is free: two threads of C++ gained nothing either in any of the rounds.");
  }
  if (!seen.compute.processes) outcome.missing.emplace_back("the times of two processes: one got both connections.");
  for (const WaitsBeside* const waits : {&seen.threading, &seen.asyncio, &seen.cpp})
    add_missing_waits(*waits, outcome.missing);
  if (!seen.lost) outcome.missing.emplace_back("the lost updates: the script that counts did not run.");
  return outcome;
}

}  // namespace waitlab::client
