#include "client/lessons/files_and_network.hpp"

#include "client/lessons/cold_file.hpp"
#include "client/lessons/lessons.hpp"
#include "client/lessons/measure.hpp"
#include "client/lessons/target_cells.hpp"
#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

constexpr std::array<LessonAnswer, 3> files_answers{{
    {"reader", "only that of the request that reads, under both"},
    {"loop", "everyone's under the loop, nobody else's with the pool"},
    {"both", "everyone's under both: they share a disk"},
}};

constexpr double files_load_per_second = 200;
constexpr std::chrono::milliseconds files_backend_delay{10};
constexpr std::chrono::milliseconds shortest_seen{1};  // what is less may be due to chance

/// A line of what a system call said: "  call    answer".
std::string said(const std::string& call, const std::string& answer) {
  return fmt::format("  {:<42} {}\n", call, answer);
}

std::string cache_answer(int error) {
  if (error == 0) return "read: the page cache has it";
  return error == EAGAIN ? "EAGAIN: only the disk has it" : std::strerror(error);
}

/// What was found out of the file alone.
struct FileAlone {
  int warm = 0;  ///< what the cache answered when the file was just written
  int cold = 0;
  nanoseconds cold_read{0};
  nanoseconds warm_read{0};
  std::string trace;

  bool proven_cold() const { return cold == EAGAIN; }
};

FileAlone ask_alone(const ColdFile& file, bool quick) {
  FileAlone alone;
  alone.warm = file.ask_cache();
  file.evict();
  alone.cold = file.ask_cache();
  const int refused = file.ask_epoll();
  const bool readable = file.ask_poll();
  std::vector<nanoseconds> cold_reads;
  std::vector<nanoseconds> warm_reads;
  for (int repeat = 0; repeat < (quick ? 3 : 7); ++repeat) {
    cold_reads.push_back(file.read_from_disk());
    warm_reads.push_back(file.read());
  }
  alone.cold_read = middle_of(cold_reads);
  alone.warm_read = middle_of(warm_reads);
  alone.trace =
      said("preadv2(RWF_NOWAIT), just written", cache_answer(alone.warm)) +
      said("the same after POSIX_FADV_DONTNEED", cache_answer(alone.cold)) +
      said("epoll_ctl(EPOLL_CTL_ADD) of the file",
           refused == EPERM ? "EPERM: no loop can wait for it" : (refused == 0 ? "taken" : std::strerror(refused))) +
      said("poll() of the file, cold", readable ? "readable, it says" : "not readable");
  return alone;
}

std::string mix_of_files_text(unsigned reads) {
  return fmt::format(
      R"({{"targets": [{{"path": "/wait", "weight": {}}}, {{"path": "/file?bytes=32MiB", "weight": {}}}]}})",
      1000 - reads, reads);
}

/// `folder` is where the servers keep the file, `requests` the path of the mix.
std::string files_experiment(const std::string& folder, const std::string& requests) {
  const auto target = [&](const char* strategy) {
    return nlohmann::json{{"name", strategy}, {"server", {{"strategy", strategy}, {"files", {{"folder", folder}}}}}};
  };
  const nlohmann::json experiment{
      {"name", "files-and-network"},
      {"title", "What if a request reads a file?"},
      {"question", "How long do the others take?"},
      {"targets", {target("event-loop"), target("event-loop-with-pool")}},
      {"backend",
       {{"profile",
         {{"delay", {{"distribution", "fixed"}, {"value", fmt::format("{}ms", files_backend_delay.count())}}}}}}},
      {"load",
       {{"targets", requests},
        {"rates", {files_load_per_second}},
        {"duration", "3s"},
        {"warmup", "1s"},
        {"timeout", "5s"}}},
      {"repeats", 3},
      {"retries", 0},
      {"quick", {{"repeats", 1}}}};
  return experiment.dump();
}

/// Of the middle run each.
Result<WaitTimes> waits_of(const ExperimentResult& result, std::size_t target) {
  std::vector<nanoseconds> p50;
  std::vector<nanoseconds> p90;
  std::vector<nanoseconds> p99;
  for (const ExperimentRun& run : result.runs) {
    if (run.target != target) continue;
    const CensoredHistogram& waits = run.load.record.targets.front().response_time;
    if (!percentile(waits, 0.99).value) continue;
    p50.push_back(*percentile(waits, 0.5).value);
    p90.push_back(*percentile(waits, 0.9).value);
    p99.push_back(*percentile(waits, 0.99).value);
  }
  if (p50.empty()) return Failure{result.interrupted ? "interrupted" : "too few requests were answered"};
  return WaitTimes{.p50 = middle_of(p50), .p90 = middle_of(p90), .p99 = middle_of(p99)};
}

/// Loads both servers. What speaks against their runs goes to `missing`.
Result<void> load_servers(const LessonSetting& setting, const ColdFile& file, ReadsAndWaits& seen,
                          std::vector<std::string>& missing) {
  const unsigned reads = reads_of_a_thousand(seen.cold, files_load_per_second);
  seen.reads_per_second = files_load_per_second * reads / 1000;
  const LessonFolder folder;
  const std::string requests = (folder.path() / "requests.jsonc").string();
  std::ofstream(requests) << mix_of_files_text(reads);
  const auto result = run_experiment_of(setting, files_experiment(file.folder().string(), requests));
  if (!result) return result.error();
  const auto loop = waits_of(*result, 0);
  if (!loop) return loop.error();
  const auto pool = waits_of(*result, 1);
  if (!pool) return pool.error();
  seen.loop = *loop;
  seen.pool = *pool;
  missing = TargetCells(*result).troubles();
  const auto run = std::ranges::find(result->runs, std::size_t{1}, &ExperimentRun::target);
  seen.served = percentile(run->load.record.targets.back().response_time, 0.5).value.value_or(nanoseconds(0));
  return {};
}

std::vector<LessonFigure> files_figures(const ReadsAndWaits& seen) {
  std::vector<LessonFigure> figures{
      {"32 MiB from the disk", "s", {}, {}, time_reading(seen.cold)},
      {"32 MiB from the page cache", "s", {}, {}, time_reading(seen.warm)},
      {"32 MiB by the server, with pool", "s", {}, {}, time_reading(seen.served)},
  };
  const auto add = [&](const char* name, double quantile, nanoseconds loop, nanoseconds pool) {
    const Reading least = time_reading(seen.backend);
    figures.push_back({fmt::format("{} of /wait, loop", name), "s", least, time_reading(expected_wait(seen, quantile)),
                       time_reading(loop)});
    figures.push_back({fmt::format("{} of /wait, loop with pool", name), "s", least, least, time_reading(pool)});
  };
  add("p50", 0.5, seen.loop.p50, seen.pool.p50);
  add("p90", 0.9, seen.loop.p90, seen.pool.p90);
  add("p99", 0.99, seen.loop.p99, seen.pool.p99);
  return figures;
}

Result<LessonOutcome> run_files_and_network(const LessonSetting& setting) {
  setting.on_step("a file of 32 MiB is written, and read from the disk and from the page cache");
  const auto file = ColdFile::make();
  if (!file) return file.error();
  const FileAlone alone = ask_alone(*file, setting.quick);
  LessonOutcome outcome;
  outcome.trace = alone.trace;
  if (file->in_memory()) {
    outcome.missing = {
        fmt::format("{} is kept in memory (tmpfs), where no file is ever cold, and there is no other folder to write "
                    "to: the servers were not compared.",
                    file->folder().string())};
    return outcome;
  }
  ReadsAndWaits seen{
      .cold = alone.cold_read, .warm = alone.warm_read, .backend = files_backend_delay, .loop = {}, .pool = {}};
  if (auto loaded = load_servers(setting, *file, seen, outcome.missing); !loaded) return loaded.error();
  outcome.figures = files_figures(seen);
  outcome.answer = files_answer(seen);
  outcome.conclusion = files_conclusion(seen);
  if (!alone.proven_cold())
    outcome.missing.emplace_back(
        "a proof that the file was cold: after it was taken out of the page cache, preadv2(RWF_NOWAIT) did "
        "not answer EAGAIN on this file system.");
  return outcome;
}

/// Where the loop had more to read than time to read it in.
std::string fell_behind_text(const ReadsAndWaits& seen) {
  if (seen.loop.p50 < seen.backend + seen.cold) return "";
  return "The loop even fell behind: with all else that this machine does, its reads took more than the time there "
         "is. ";
}

/// By how much longer than the backend takes.
nanoseconds longer_by(nanoseconds response, const ReadsAndWaits& seen) {
  return std::max(response - seen.backend, nanoseconds(0));
}

bool machine_too_busy(const ReadsAndWaits& seen) {
  return seen.pool.p50 > 2 * seen.backend;
}

/// By theory not even the loop's p90 grows enough to tell it from chance.
bool reads_too_short(const ReadsAndWaits& seen) {
  return longer_by(expected_wait(seen, 0.9), seen) < shortest_seen;
}

std::string why_no_answer(const ReadsAndWaits& seen) {
  if (machine_too_busy(seen))
    return fmt::format(
        "But even with the pool half of them took longer than {}: the machine was too busy with other things to tell "
        "what the reads did.",
        short_time(seen.pool.p50));
  if (reads_too_short(seen))
    return fmt::format(
        "At {} the reads are so short that by theory p90 grows by less than {} even under the loop: this disk is too "
        "fast to tell whom they hold up.",
        short_time(seen.cold), short_time(shortest_seen));
  return "Here the others took longer with the pool than under the loop, which no read explains: look at what else ran "
         "on this machine meanwhile.";
}

}  // namespace

nanoseconds expected_wait(const ReadsAndWaits& seen, double quantile) {
  const std::chrono::duration<double> spared((1 - quantile) / seen.reads_per_second);
  const auto left = seen.cold - std::chrono::duration_cast<nanoseconds>(spared);
  return seen.backend + std::max(left, nanoseconds(0));
}

unsigned reads_of_a_thousand(nanoseconds cold, double per_second) {
  constexpr double share_of_time = 0.2;
  const double seconds = std::chrono::duration<double>(cold).count();
  return static_cast<unsigned>(std::clamp(std::round(1000 * share_of_time / (per_second * seconds)), 2.0, 100.0));
}

std::string files_answer(const ReadsAndWaits& seen) {
  if (machine_too_busy(seen)) return "";
  if (reads_too_short(seen)) return "";
  const nanoseconds loop = longer_by(seen.loop.p90, seen);
  const nanoseconds pool = longer_by(seen.pool.p90, seen);
  const nanoseconds expected = longer_by(expected_wait(seen, 0.9), seen);
  if (2 * loop < expected) return 2 * pool < expected ? "reader" : "";
  return 3 * pool < 2 * loop ? "loop" : "both";
}

std::string files_conclusion(const ReadsAndWaits& seen) {
  const std::string answer = files_answer(seen);
  const std::string times = fmt::format(
      "Of the requests that only wait for the backend, one in ten took longer than {} under the loop, and "
      "than {} with the pool (p90), one in a hundred than {} and {} (p99); the backend takes {}. ",
      short_time(seen.loop.p90), short_time(seen.pool.p90), short_time(seen.loop.p99), short_time(seen.pool.p99),
      short_time(seen.backend));
  if (answer == "loop")
    return times + fell_behind_text(seen) +
           fmt::format(
               "A read of {} keeps the loop's only thread, and everyone who comes meanwhile waits for "
               "what is left of it. No loop can do better alone: epoll takes no files, and poll calls "
               "each readable. A thread beside the loop can wait for the disk.",
               short_time(seen.cold));
  if (answer.empty()) return times + why_no_answer(seen);
  if (answer == "both")
    return times +
           "Here the pool did not spare the others, though the folklore says that it does: reads that need the "
           "CPU, a machine busy with other things, or a backend on the same disk reach everyone.";
  return times + fmt::format(
                     "Here the reads held up nobody else, though the folklore says that a loop stands still "
                     "meanwhile: at {} they are too short beside everything else.",
                     short_time(seen.cold));
}

const Lesson files_and_network_lesson{
    .name = "files-and-network",
    .idea = "a loop can wait for sockets, not for files",
    .takes = std::chrono::seconds(30),
    .introduction =
        "A server with one event loop answers 200 requests per second, each of which waits 10 ms for a backend. A few "
        "others read a file of 32 MiB from the disk, so that one or another is being read for about a fifth of the "
        "time. Then the same with a pool of threads beside the loop, which does the reading.",
    .question = "Whose response times do the reads lengthen?",
    .answers = files_answers,
    .how_it_lies =
        "A file that was just written or read lies in the page cache, and in a folder that is kept in memory every "
        "file does: then nothing waits, and the loop looks fine. preadv2() with RWF_NOWAIT proves it cold: EAGAIN.",
    .try_next = "waitlab-client experiment loop-and-files --quick: with a fixed pool beside them.",
    .experiment = "loop-and-files",
    .run = run_files_and_network,
};

}  // namespace waitlab::client
