#include "client/lessons/python.hpp"

#include "client/lessons/http_caller.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/python_servers.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

using PythonClock = std::chrono::steady_clock;
using Callers = std::vector<HttpCaller>;

// Little work at a time: on a busy machine a short burst has two CPUs to itself far more often than a long one.
constexpr unsigned computing_requests = 4;
constexpr std::chrono::milliseconds work_of_one{3};
constexpr unsigned waiting_connections = 20;
constexpr std::chrono::milliseconds waits_for{50};
constexpr unsigned most_rounds = 100;

constexpr std::array<LessonAnswer, 3> python_answers{{
    {"both", "waits overlap, and computations run side by side"},
    {"waits", "waits overlap; computations take turns"},
    {"neither", "threads in Python take turns, whatever they do"},
}};

Result<Callers> connect_callers(const Program& server, unsigned count) {
  Callers callers;
  while (callers.size() < count) {
    auto caller = HttpCaller::connect(server.address(0));
    if (!caller) return caller.error();
    callers.push_back(std::move(*caller));
  }
  return callers;
}

/// Connections to two processes. Which of them accepts one is up to the kernel, so there may be none.
Result<Callers> connect_to_two_processes(const Program& server) {
  constexpr unsigned attempts = 40;
  std::map<int, HttpCaller> by_process;
  Callers others;  // kept meanwhile, so that who has them is less likely to accept more
  for (unsigned attempt = 0; attempt < attempts && by_process.size() < 2; ++attempt) {
    auto caller = HttpCaller::connect(server.address(0));
    if (!caller) return caller.error();
    if (!caller->ask("/status")) return Failure{"multiprocessing does not answer"};
    const auto status = nlohmann::json::parse(caller->body(), nullptr, false);
    const int process = status.is_object() ? status.value("pid", 0) : 0;
    if (by_process.contains(process)) {
      others.push_back(std::move(*caller));
    } else {
      by_process.emplace(process, std::move(*caller));
    }
  }
  Callers callers;
  for (auto& [process, caller] : by_process)
    callers.push_back(std::move(caller));
  return callers;
}

/// Each asks for its share of so many requests, at the same time. From the first that began to the last that ended: the
/// calling thread may see the beginning late, and would find turns too short. Failure if one was not answered.
Result<nanoseconds> time_requests(Callers& callers, const std::string& target, unsigned requests) {
  std::atomic<bool> all_answered{true};
  const auto count = static_cast<unsigned>(callers.size());
  std::vector<PythonClock::time_point> begun(count);
  std::vector<PythonClock::time_point> ended(count);
  time_together(count, usable_cpus(), [&](unsigned number) {
    begun[number] = PythonClock::now();
    for (unsigned request = number; request < requests; request += count) {
      if (!callers[number].ask(target)) all_answered = false;
    }
    ended[number] = PythonClock::now();
  });
  if (!all_answered) return Failure{fmt::format("a request for {} was not answered", target)};
  return *std::ranges::max_element(ended) - *std::ranges::min_element(begun);
}

/// Some connections to a server whose requests compute, and where their fastest time goes.
struct Contest {
  Callers callers;
  nanoseconds* best;
};

/// Times each of them, and keeps what is faster than before.
Result<void> compute_once(std::vector<Contest>& contests) {
  const std::string target = fmt::format("/cpu?work={}ms", work_of_one.count());
  for (Contest& contest : contests) {
    const auto took = time_requests(contest.callers, target, computing_requests);
    if (!took) return took.error();
    *contest.best = contest.best->count() == 0 ? *took : std::min(*contest.best, *took);
  }
  return {};
}

/// Until two threads of C++ have shown that there are two CPUs to be had, as far as the rounds go: on a busy machine
/// the first need not.
Result<void> compute_in_rounds(const LessonSetting& setting, const PythonServers& servers, ComputeTimes& times) {
  times.work = computing_requests * nanoseconds(work_of_one);
  nanoseconds processes{0};
  std::vector<Contest> contests;
  const auto add = [&](Result<Callers> callers, nanoseconds& best) -> Result<void> {
    if (!callers) return callers.error();
    contests.push_back({std::move(*callers), &best});
    return {};
  };
  for (const auto& added :
       {add(connect_callers(servers.threading, 1), times.threading_one),
        add(connect_callers(servers.threading, 2), times.threading_two),
        add(connect_callers(servers.threading, 4), times.threading_four),
        add(connect_callers(servers.futures, 2), times.futures),
        add(connect_callers(servers.asyncio, 2), times.asyncio), add(connect_callers(servers.cpp, 1), times.cpp_one),
        add(connect_callers(servers.cpp, 2), times.cpp_two)}) {
    if (!added) return added.error();
  }
  auto two = connect_to_two_processes(servers.processes);
  if (!two) return two.error();
  const bool has_two = two->size() == 2;
  if (has_two) contests.push_back({std::move(*two), &processes});
  setting.on_step("requests that compute, under each strategy");
  const auto end = PythonClock::now() + (setting.quick ? 6s : 12s);
  const unsigned fewest = setting.quick ? 8 : 16;
  for (unsigned round = 1; round <= most_rounds && !setting.stop.stop_requested(); ++round) {
    if (auto computed = compute_once(contests); !computed) return computed.error();
    const bool shown = times.side_by_side(times.cpp_two) && (!has_two || times.side_by_side(processes));
    if ((shown && round >= fewest) || PythonClock::now() > end) break;
  }
  if (has_two) times.processes = processes;
  return {};
}

/// The fastest of three times.
Result<nanoseconds> wait_together(const PythonServers& servers) {
  auto callers = connect_callers(servers.threading, waiting_connections);
  if (!callers) return callers.error();
  nanoseconds best = nanoseconds::max();
  for (int round = 0; round < 3; ++round) {
    const auto took = time_requests(*callers, fmt::format("/wait?delay={}ms", waits_for.count()), waiting_connections);
    if (!took) return took.error();
    best = std::min(best, *took);
  }
  return best;
}

/// Four connections that wait, over and over, beside some that compute; how long each wait took, ascending. Failure if
/// one that computes was not answered: then there were fewer beside them.
Result<std::vector<nanoseconds>> wait_beside(const Program& server, unsigned computing, nanoseconds length,
                                             const std::stop_token& stop) {
  auto computers = connect_callers(server, computing);
  if (!computers) return computers.error();
  auto waiters = connect_callers(server, 4);
  if (!waiters) return waiters.error();
  std::vector<std::vector<nanoseconds>> took(waiters->size());
  std::atomic<bool> all_computed{true};
  std::vector<std::jthread> busy;  // asked to end when destroyed
  for (HttpCaller& computer : *computers) {
    busy.emplace_back([&computer, &all_computed](const std::stop_token& enough) {
      while (!enough.stop_requested() && all_computed) {
        if (!computer.ask("/cpu?work=20ms")) all_computed = false;
      }
    });
  }
  std::vector<std::jthread> waiting;
  const auto end = PythonClock::now() + length;
  for (std::size_t number = 0; number < waiters->size(); ++number) {
    waiting.emplace_back([&, number] {
      while (PythonClock::now() < end && !stop.stop_requested()) {
        const auto begin = PythonClock::now();
        if (!(*waiters)[number].ask("/wait?delay=10ms")) return;
        took[number].push_back(PythonClock::now() - begin);
      }
    });
  }
  waiting.clear();
  busy.clear();
  if (!all_computed) return Failure{"a request for /cpu was not answered"};
  std::vector<nanoseconds> all;
  for (const auto& one : took)
    all.insert(all.end(), one.begin(), one.end());
  std::ranges::sort(all);
  return all;
}

Result<WaitsBeside> waits_of(const LessonSetting& setting, const std::string& name, const Program& server) {
  WaitsBeside waits{.server = name, .took = {}};
  for (unsigned computing = 0; computing < waits.took.size() && !setting.stop.stop_requested(); ++computing) {
    setting.on_step(fmt::format("{}: requests that wait, beside {} that compute", name, computing));
    auto took = wait_beside(server, computing, setting.quick ? 500ms : 1s, setting.stop);
    if (!took) return took.error();
    waits.took[computing] = std::move(*took);
  }
  return waits;
}

Result<PythonSeen> watch_python(const LessonSetting& setting, const PythonServers& servers) {
  PythonSeen seen;
  auto teller = HttpCaller::connect(servers.threading.address(0));
  if (!teller) return teller.error();
  if (!teller->ask("/status")) return Failure{"the Python server does not answer"};
  const auto facts = parse_python_facts(teller->body());
  if (!facts) return facts.error();
  seen.interpreter = facts->interpreter;
  seen.has_gil = facts->has_gil;
  seen.cpus = static_cast<unsigned>(usable_cpus().size());
  seen.waits = waiting_connections;
  seen.one_wait = waits_for;
  const auto waited = wait_together(servers);
  if (!waited) return waited.error();
  seen.waited = *waited;
  if (auto computed = compute_in_rounds(setting, servers, seen.compute); !computed) return computed.error();
  for (auto& [name, server, waits] : {std::tuple{"Python threading", &servers.threading, &seen.threading},
                                      std::tuple{"Python asyncio", &servers.asyncio, &seen.asyncio},
                                      std::tuple{"C++ threads", &servers.cpp, &seen.cpp}}) {
    auto beside = waits_of(setting, name, *server);
    if (!beside) return beside.error();
    *waits = std::move(*beside);
  }
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  setting.on_step("two threads of Python that count");
  seen.lost = count_in_python();
  return seen;
}

Result<LessonOutcome> run_python(const LessonSetting& setting) try {
  const LessonFolder logs;
  const auto servers = PythonServers::start(setting, logs.path());
  if (!servers) return servers.error();
  const auto seen = watch_python(setting, *servers);
  if (!seen) return seen.error();
  return tell_python(*seen);
} catch (const std::system_error& error) {
  return Failure{error.what()};  // the kernel grants no more threads
}

}  // namespace

const Lesson python_lesson{
    .name = "python",
    .idea = "the GIL lets waits overlap, not computing",
    .takes = std::chrono::seconds(30),
    .introduction =
        "In CPython a global interpreter lock (GIL) lets one thread of a process run Python at a time. Here a server "
        "in Python answers requests that wait for a backend and requests that compute, under threading, "
        "concurrent.futures, asyncio and multiprocessing; a C++ server with a thread for each connection does the "
        "same.",
    .question = "What overlaps if Python's server has a thread for each connection?",
    .answers = python_answers,
    .how_it_lies =
        "C code that lets go of the GIL, as in hashlib and NumPy, computes side by side, and sleep() waits so: neither "
        "shows the lock. Only throughput shown hides what requests that wait pay. And counter += 1 loses no update "
        "in CPython since 3.10, which proves nothing: put a call between the read and the write.",
    .try_next = "waitlab-client lesson python with another python3 first on PATH, one without a GIL if you have it.",
    .experiment = "python-peers",
    .run = run_python,
};

}  // namespace waitlab::client
