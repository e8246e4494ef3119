#include "client/lessons/measure.hpp"

#include "client/experiment/experiment_file.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/runner.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <system_error>
#include <thread>
#include <utility>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

using LessonClock = std::chrono::steady_clock;

/// "event-loop at 400/s"
std::string step_text(const ExperimentProgress& progress) {
  const bool open = progress.level.loop == Loop::open;
  return fmt::format("{} at {:g}{}", progress.target, progress.level.value, open ? "/s" : " connections");
}

/// Lets the calling thread run again on these CPUs, which it may use now, when this is gone.
class CpusAfterwards {
 public:
  explicit CpusAfterwards(const std::vector<int>& cpus) : cpus_(cpus) {}
  CpusAfterwards(const CpusAfterwards&) = delete;
  CpusAfterwards& operator=(const CpusAfterwards&) = delete;
  ~CpusAfterwards() { static_cast<void>(run_on_cpus(cpus_)); }

 private:
  const std::vector<int>& cpus_;
};

}  // namespace

LessonFolder::LessonFolder() {
  std::string name = (fs::temp_directory_path() / "waitlab-lesson-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::system_category(), name);
  path_ = name;
}

LessonFolder::~LessonFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<ExperimentResult> run_experiment_of(const LessonSetting& setting, const std::string& text) {
  auto experiment = parse_experiment(text, "lesson", setting.quick);
  if (!experiment) return experiment.error();
  experiment->load.seed = setting.seed;
  const LessonFolder logs;
  const std::vector<int> cpus = usable_cpus();
  ExperimentOptions options;
  options.programs = setting.programs;
  options.logs = logs.path();
  options.machine = describe_machine();
  options.placement = place(cpus);
  options.stop = setting.stop;
  options.on_progress = [&](const ExperimentProgress& progress) { setting.on_step(step_text(progress)); };
  const CpusAfterwards afterwards(cpus);
  if (auto pinned = run_on_cpus(options.placement.client_and_backend); !pinned) return pinned.error();
  auto result = run_experiment(*experiment, options);
  if (result && !result->missing.empty() && !result->interrupted) return Failure{result->missing.front().reason};
  return result;
}

std::chrono::nanoseconds time_together(unsigned threads, const std::vector<int>& cpus,
                                       const std::function<void(unsigned)>& work) {
  std::latch all_there(threads + 1);
  bool complete = false;
  std::vector<std::jthread> running;
  try {
    for (unsigned number = 0; number < threads; ++number) {
      running.emplace_back([&, number] {
        static_cast<void>(run_on_cpus(cpus));  // they are among those that are usable
        all_there.arrive_and_wait();
        if (complete) work(number);
      });
    }
  } catch (...) {
    all_there.count_down(static_cast<std::ptrdiff_t>(threads + 1 - running.size()));
    throw;
  }
  complete = true;
  all_there.arrive_and_wait();
  const auto begin = LessonClock::now();
  running.clear();
  return LessonClock::now() - begin;
}

std::chrono::nanoseconds middle_of(std::vector<std::chrono::nanoseconds> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::string core_of(int cpu) {
  std::ifstream file(fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", cpu));
  std::string core;
  std::getline(file, core);
  return core;
}

}  // namespace waitlab::client
