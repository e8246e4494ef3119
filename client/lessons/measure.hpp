#pragma once

#include "client/lessons/lesson.hpp"
#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace waitlab::client {

// What lessons measure with.

/// A folder that is gone with what is in it when this is.
class LessonFolder {
 public:
  /// Throws std::exception if there is no room for one.
  LessonFolder();
  LessonFolder(const LessonFolder&) = delete;
  LessonFolder& operator=(const LessonFolder&) = delete;
  ~LessonFolder();

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs the experiment of this text, which is one of an experiment file, or its quick form. Its seed is the lesson's.
/// Failure if a part of it could not run; once `stop` was asked there is what was measured by then, maybe nothing.
/// Afterwards the calling thread may run where it might before.
Result<ExperimentResult> run_experiment_of(const LessonSetting& setting, const std::string& text);

/// Calls `work` with 0 to `threads` - 1 at the same time, each on a thread of its own, all of them on these CPUs;
/// returns how long it took from the moment all were there to the end of the last. What it throws ends the program.
/// Throws std::system_error if the kernel grants fewer threads; `work` is not called then.
std::chrono::nanoseconds time_together(unsigned threads, const std::vector<int>& cpus,
                                       const std::function<void(unsigned)>& work);

/// The middle one; of an even number the lower of both. `values` must not be empty.
std::chrono::nanoseconds middle_of(std::vector<std::chrono::nanoseconds> values);

/// The CPUs that are one core with this one, itself included: "0-1"; empty where the kernel does not tell.
std::string core_of(int cpu);

}  // namespace waitlab::client
