#pragma once

#include <array>
#include <chrono>
#include <ctime>
#include <mutex>
#include <string>
#include <string_view>

namespace waitlab {

/// The value of the Date field (IMF-fixdate, RFC 9110 section 5.6.7), formatted once a second. Thread-safe.
class HttpDate {
 public:
  static constexpr std::size_t length = 29;

  /// Appends the date of `now` to `out`.
  void append(std::string& out, std::time_t now);

 private:
  std::mutex mutex_;
  std::time_t second_ = -1;
  std::array<char, length> text_{};
};

}  // namespace waitlab
