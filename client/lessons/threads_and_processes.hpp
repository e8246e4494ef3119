#pragma once

#include "client/lessons/crash.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace waitlab::client {

/// To start a worker and to wait for its end.
struct StartSeen {
  std::chrono::nanoseconds elapsed{0};   ///< of the fastest tenth
  std::chrono::nanoseconds cpu_time{0};  ///< of both, on average: other programs that run here hardly change it
};

/// What a worker, a thread or a process, costs and does to the one that started it; nothing where it could not be
/// started.
struct WorkerSeen {
  std::optional<StartSeen> start{};
  std::optional<StartSeen> beside_memory{};  ///< the same while 256 MiB are in use
  std::optional<int> global{};               ///< that the worker set to 1, as its starter then reads it
  std::optional<Bystander> bystander{};      ///< once the worker has written where it may not
};

struct WorkersSeen {
  WorkerSeen thread{};
  WorkerSeen process{};
  std::chrono::nanoseconds of_many{0};  ///< to start and end a thread, of 64 that live at the same time
  double stack_address_space = 0;       ///< in bytes, of one of these threads
  double stack_memory = 0;              ///< the same, resident
};

/// "dearer", "same", "alone" or "both"; empty where a process or its crash could not be had, or nothing of these was
/// seen. A process is dearer if it takes more than 1.5 times a thread's CPU time.
std::string threads_and_processes_answer(const WorkersSeen& seen);

/// What these figures show, in sentences.
std::string threads_and_processes_conclusion(const WorkersSeen& seen);

}  // namespace waitlab::client
