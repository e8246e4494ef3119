#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace waitlab {

/// How long to wait before a process that ended is started again: 1 s, 2 s, 4 s and so on, 30 s at most. Begins anew
/// once it has run for longer than that.
class RestartPauses {
 public:
  /// After it has run for that long, which is 0 if it could not start.
  std::chrono::seconds after(std::chrono::nanoseconds ran) {
    if (ran > longest) next_ = std::chrono::seconds(1);
    return std::exchange(next_, std::min(2 * next_, longest));
  }

 private:
  static constexpr std::chrono::seconds longest{30};

  std::chrono::seconds next_{1};
};

}  // namespace waitlab
