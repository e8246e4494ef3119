#include "client/lessons/threads_and_processes.hpp"

#include "client/lessons/lessons.hpp"
#include "client/lessons/plots.hpp"
#include "common/process/machine.hpp"
#include "common/process/process_stats.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <latch>
#include <system_error>
#include <thread>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

using WorkerClock = std::chrono::steady_clock;

constexpr std::size_t much_memory = std::size_t{256} << 20U;
constexpr unsigned threads_at_once = 64;
constexpr double dearer_from = 1.5;

constexpr std::array<LessonAnswer, 4> worker_answers{{
    {"dearer", "a process costs more; only a thread's crash ends the other worker"},
    {"same", "both cost about the same; only a thread's crash ends the other worker"},
    {"alone", "a crash ends only the worker that crashes, be it a thread or a process"},
    {"both", "a crash ends the other worker too, be it a thread or a process"},
}};

/// What each worker sets to 1.
std::atomic<int> global_of_workers{0};

/// Memory in use, in pages of the usual size.
class TouchedMemory {
 public:
  TouchedMemory()
      : begin_(
            ::mmap(nullptr, much_memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    if (begin_ == MAP_FAILED) throw std::system_error(errno, std::system_category(), "256 MiB of memory");
    ::madvise(begin_, much_memory, MADV_NOHUGEPAGE);  // where there are none it fails, and is right all the same
    std::memset(begin_, 1, much_memory);
  }
  TouchedMemory(const TouchedMemory&) = delete;
  TouchedMemory& operator=(const TouchedMemory&) = delete;
  ~TouchedMemory() { ::munmap(begin_, much_memory); }

 private:
  void* begin_;
};

void start_and_join_thread() {
  std::jthread([] { global_of_workers.store(1, std::memory_order_relaxed); }).join();
}

void fork_and_wait() {
  const pid_t child = ::fork();
  if (child == 0) {
    global_of_workers.store(1, std::memory_order_relaxed);
    ::_exit(0);
  }
  if (child < 0) throw std::system_error(errno, std::system_category(), "fork");
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// Of this process and of the children it has waited for.
nanoseconds cpu_time_of_all() {
  rusage children{};
  ::getrusage(RUSAGE_CHILDREN, &children);
  return process_usage().cpu_time + usage_of(children).cpu_time;
}

/// Starts and ends as many as there is time for.
StartSeen see_start(const LessonSetting& setting, void (*work)()) {
  constexpr std::size_t at_least = 10;
  constexpr std::size_t at_most = 1000;
  const auto end = WorkerClock::now() + (setting.quick ? std::chrono::milliseconds(500) : std::chrono::seconds(1));
  const nanoseconds cpu_before = cpu_time_of_all();
  std::vector<nanoseconds> took;
  while (took.size() < at_least || (took.size() < at_most && WorkerClock::now() < end)) {
    const auto begin = WorkerClock::now();
    work();
    took.push_back(WorkerClock::now() - begin);
    if (setting.stop.stop_requested()) break;
  }
  const nanoseconds cpu_time = (cpu_time_of_all() - cpu_before) / static_cast<std::int64_t>(took.size());
  const auto tenth = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 10);
  std::ranges::nth_element(took, tenth);
  return {.elapsed = *tenth, .cpu_time = cpu_time};
}

int global_after(void (*work)()) {
  global_of_workers.store(0, std::memory_order_relaxed);
  work();
  return global_of_workers.load(std::memory_order_relaxed);
}

/// Whoever has so many threads at once cannot be given the stack of one that ended, which the library keeps.
void look_at_stacks(WorkersSeen& seen) {
  const auto before = sample_process(::getpid());
  std::latch looked(1);
  std::vector<std::jthread> threads;
  const auto begin = WorkerClock::now();
  try {
    while (threads.size() < threads_at_once)
      threads.emplace_back([&looked] { looked.wait(); });
  } catch (...) {
    looked.count_down();
    throw;
  }
  const auto started = WorkerClock::now();
  const auto during = sample_process(::getpid());
  looked.count_down();
  const auto ending = WorkerClock::now();
  threads.clear();
  seen.of_many = (started - begin + (WorkerClock::now() - ending)) / threads_at_once;
  if (!before || !during) return;
  const auto grown = [](std::uint64_t from, std::uint64_t to) {
    return static_cast<double>(to - std::min(from, to)) / threads_at_once;
  };
  seen.stack_address_space = grown(before->virtual_bytes, during->virtual_bytes);
  seen.stack_memory = grown(before->rss_bytes, during->rss_bytes);
}

/// Does one part, and notes why it could not be done.
void try_part(LessonOutcome& outcome, const char* part, const auto& work) {
  try {
    work();
  } catch (const std::system_error& error) {
    outcome.missing.push_back(fmt::format("{} ({}).", part, error.code().message()));
  }
}

void see_thread(const LessonSetting& setting, WorkersSeen& seen) {
  seen.thread.start = see_start(setting, start_and_join_thread);
  seen.thread.global = global_after(start_and_join_thread);
}

void see_process(const LessonSetting& setting, WorkersSeen& seen) {
  seen.process.start = see_start(setting, fork_and_wait);
  seen.process.global = global_after(fork_and_wait);
}

void see_beside_memory(const LessonSetting& setting, WorkersSeen& seen) {
  const TouchedMemory memory;
  seen.thread.beside_memory = see_start(setting, start_and_join_thread);
  seen.process.beside_memory = see_start(setting, fork_and_wait);
}

std::string bystander_text(const char* who, const std::optional<Bystander>& bystander) {
  if (!bystander) return "";
  return fmt::format("  {} {}\n", who, *bystander == Bystander::lives ? "lives on" : "died with it (SIGSEGV)");
}

std::string worker_trace(const WorkersSeen& seen) {
  std::vector<Bar> bars;
  const auto add = [&bars](const char* label, const std::optional<StartSeen>& start) {
    if (start) bars.push_back({label, time_reading(start->cpu_time)});
  };
  add("thread", seen.thread.start);
  add("thread, 256 MiB in use", seen.thread.beside_memory);
  add("process", seen.process.start);
  add("process, 256 MiB in use", seen.process.beside_memory);
  std::string text = bars.empty() ? "" : "  CPU time to start and end a worker\n" + bars_text(bars);
  const auto read = [&text](const char* worker, const std::optional<int>& global) {
    if (global) text += fmt::format("  a {} sets a global to 1: the one that started it reads {}\n", worker, *global);
  };
  read("thread", seen.thread.global);
  read("process", seen.process.global);
  text += bystander_text("a thread crashes:  the other thread of its process", seen.thread.bystander);
  text += bystander_text("a process crashes: the one that started it", seen.process.bystander);
  return text;
}

std::vector<LessonFigure> worker_figures(const WorkersSeen& seen) {
  std::vector<LessonFigure> figures;
  const auto add = [&figures](const char* name, const std::optional<StartSeen>& start) {
    if (!start) return;
    figures.push_back({name, "s", {}, {}, time_reading(start->elapsed)});
    figures.push_back({"  CPU time of it", "s", {}, {}, time_reading(start->cpu_time)});
  };
  add("thread: create, end, join", seen.thread.start);
  add("the same, 256 MiB in use", seen.thread.beside_memory);
  if (seen.of_many.count() > 0)
    figures.push_back({"the same, 64 alive at once", "s", {}, {}, time_reading(seen.of_many)});
  add("process: fork, end, wait", seen.process.start);
  add("the same, 256 MiB in use", seen.process.beside_memory);
  if (seen.stack_address_space > 0) {
    figures.push_back({"address space of a thread", "bytes", {}, {}, bytes_reading(seen.stack_address_space)});
    figures.push_back({"memory of a thread", "bytes", {}, {}, bytes_reading(seen.stack_memory)});
  }
  if (seen.thread.global)
    figures.push_back({"global that a thread set to 1", "count", {}, {}, count_reading(*seen.thread.global)});
  if (seen.process.global)
    figures.push_back({"global that a process set to 1", "count", {}, {}, count_reading(*seen.process.global)});
  return figures;
}

Result<LessonOutcome> run_threads_and_processes(const LessonSetting& setting) {
  LessonOutcome outcome;
  WorkersSeen seen;
  setting.on_step("starting threads, then processes");
  try_part(outcome, "threads could not be started", [&] { see_thread(setting, seen); });
  try_part(outcome, "64 threads could not be alive at once", [&] { look_at_stacks(seen); });
  try_part(outcome, "processes could not be started", [&] { see_process(setting, seen); });
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  setting.on_step("the same while 256 MiB are in use");
  if (describe_machine().memory_bytes < 4 * much_memory) {
    outcome.missing.emplace_back("what 256 MiB in use make of it: there is less than 1 GiB of memory here.");
  } else {
    try_part(outcome, "nothing could be started while 256 MiB were in use", [&] { see_beside_memory(setting, seen); });
  }
  if (setting.stop.stop_requested()) return Failure{"interrupted"};
  setting.on_step("crashing, in processes of their own");
  try_part(outcome, "the crash of a thread could not be had",
           [&] { seen.thread.bystander = crash_beside(Crash::thread); });
  try_part(outcome, "the crash of a process could not be had",
           [&] { seen.process.bystander = crash_beside(Crash::process); });
  outcome.figures = worker_figures(seen);
  outcome.trace = worker_trace(seen);
  outcome.answer = threads_and_processes_answer(seen);
  outcome.conclusion = threads_and_processes_conclusion(seen);
  return outcome;
}

double times_the_cost(const StartSeen& start, const StartSeen& other) {
  return std::chrono::duration<double>(start.cpu_time) / other.cpu_time;
}

/// "5.1 times"; "84 times"
std::string times_text(double times) {
  return times < 10 ? fmt::format("{:.1f} times", times) : fmt::format("{:.0f} times", times);
}

std::string cost_sentences(const WorkersSeen& seen) {
  const auto& thread = seen.thread;
  const auto& process = seen.process;
  if (!thread.start || !process.start) return "";
  const double dearer = times_the_cost(*process.start, *thread.start);
  std::string text =
      dearer > dearer_from
          ? fmt::format("To start and end a process took {} the CPU time of a thread. ", times_text(dearer))
          : fmt::format(
                "Here to start and end a process took {} the CPU time of a thread, though the folklore says "
                "that it is far dearer. ",
                times_text(dearer));
  if (!process.beside_memory) return text;
  const double grown = times_the_cost(*process.beside_memory, *process.start);
  text += grown > 2 ? fmt::format(
                          "With 256 MiB in use a process took {} as much as before: fork does not copy the "
                          "memory, but the tables that say where its pages are. ",
                          times_text(grown))
                    : fmt::format(
                          "Here with 256 MiB in use a process took {} as much, though fork has to copy the "
                          "tables that say where its pages are. ",
                          times_text(grown));
  return text;
}

}  // namespace

std::string threads_and_processes_answer(const WorkersSeen& seen) {
  if (!seen.thread.bystander || !seen.process.bystander) return "";
  if (*seen.thread.bystander == *seen.process.bystander)
    return *seen.thread.bystander == Bystander::lives ? "alone" : "both";
  if (*seen.process.bystander == Bystander::died || !seen.thread.start || !seen.process.start) return "";
  const double dearer = times_the_cost(*seen.process.start, *seen.thread.start);
  return dearer > dearer_from ? "dearer" : "same";
}

std::string threads_and_processes_conclusion(const WorkersSeen& seen) {
  std::string text = cost_sentences(seen);
  if (seen.thread.global && seen.process.global) {
    text += *seen.thread.global == 1 && *seen.process.global == 0
                ? "Threads share all memory; a process has its own copy of it, so nobody else sees what it writes. "
                : "Here memory was not shared as it should be: a thread's write must be seen, a process's must not. ";
  }
  if (seen.thread.bystander && seen.process.bystander) {
    text += *seen.thread.bystander == Bystander::died && *seen.process.bystander == Bystander::lives
                ? "A crash ends a process with all of its threads, and no other process."
                : "Here a crash did not end its process with all of its threads and nothing else, as the kernel's "
                  "documentation says.";
  }
  return text;
}

const Lesson threads_and_processes_lesson{
    .name = "threads-and-processes",
    .idea = "threads share, processes keep apart",
    .takes = std::chrono::seconds(3),
    .introduction =
        "A server can give each request a thread or a process. Here both are started and waited for, many times; each "
        "sets a global variable; and each, with another worker beside it, writes to memory that it may not touch.",
    .question = "Does a process cost more CPU time than a thread, and which crash ends the other worker too?",
    .answers = worker_answers,
    .how_it_lies =
        "fork is measured in a tiny process, and what it costs grows with the memory in use. Threads are started one "
        "after the other, and each gets the stack of the one before, which the library keeps. And the address space of "
        "a stack, mostly 8 MiB, is taken for memory: a thread uses only the pages it touches.",
    .try_next = "ulimit -s 65536; waitlab-client lesson threads-and-processes: threads with stacks of 64 MiB.",
    .experiment = "threads-or-processes",
    .run = run_threads_and_processes,
};

}  // namespace waitlab::client
