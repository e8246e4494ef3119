#pragma once

#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace waitlab::client {

/// What a load that asks for `path` asks of the server at this URL: the URL as it is, or followed by `path` if it names
/// none itself.
std::string url_to_load(const std::string& url, const std::string& path);

/// Waits until the server at `url`, which must be a valid one, answers as the target says. An https server is not
/// asked. An answer that takes longer than `answer_within` is none. `ended` says why it has ended, if it has. Failure
/// as of `wait_until_ready`.
Result<void> wait_for_server(const ExperimentTarget& target, const std::string& url,
                             std::chrono::milliseconds answer_within,
                             const std::function<std::optional<Failure>()>& ended, const std::stop_token& stop);

/// How many requests a run can have left in a server that can't be asked: those that timed out or were cut off.
std::uint64_t left_behind(const LoadResult& run);

}  // namespace waitlab::client
