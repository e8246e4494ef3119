#pragma once

#include "server/io/io.hpp"
#include "server/io/task.hpp"

#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

namespace waitlab::server {

/// Starts `start(io, index)`, a Task<T>, for each index below `count`, and waits for all of them at the same time: a
/// loop suspends the caller, a blocking thread blocks once for all. The results come in the order of their index. An
/// exception, the first if there are several, leaves once all have ended: none is given up while it waits.
template <class T, class Start>
Task<std::vector<T>> all_at_once(Io& io, std::size_t count, const Start& start) {
  const std::unique_ptr<Gathering> gathering = io.gather();
  std::vector<Task<T>> tasks;
  std::vector<T> results;
  std::exception_ptr failure;
  try {
    tasks.reserve(count);
    results.reserve(count);
    for (std::size_t index = 0; index < count; ++index)
      tasks.push_back(start(gathering->io(), index));
  } catch (...) {
    failure = std::current_exception();
  }
  gathering->finish();
  for (Task<T>& task : tasks) {
    try {
      results.push_back(co_await task);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  co_return results;
}

}  // namespace waitlab::server
