#pragma once

#include "common/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace waitlab::client {

/// How long an answer may take for a server to count as ready.
inline constexpr std::chrono::milliseconds usual_answer{1'000};

/// A server that is to become ready.
struct Readying {
  std::string name;     ///< how messages call it
  std::string address;  ///< "127.0.0.1:8080"
  std::string path;
  std::chrono::nanoseconds within{0};
  std::chrono::milliseconds answer_within = usual_answer;  ///< an answer that takes longer is none
  std::function<std::optional<Failure>()> ended;           ///< why it has ended, if it has
};

/// Asks for the path until the answer is 2xx or 3xx. Failure if it has ended, time is up, or a stop was requested.
Result<void> wait_until_ready(const Readying& server, const std::stop_token& stop);

}  // namespace waitlab::client
