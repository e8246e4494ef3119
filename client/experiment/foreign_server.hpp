#pragma once

#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace waitlab::client {

/// What a load that asks for `path` asks of the server at this URL: the URL as it is, or followed by `path` if it names
/// none itself.
std::string url_to_load(const std::string& url, const std::string& path);

/// Waits until the server at `url`, which must be a valid one, answers as the target says. An https server is not
/// asked. `ended` says why it has ended, if it has. Failure as of `wait_until_ready`.
Result<void> wait_for_server(const ExperimentTarget& target, const std::string& url,
                             const std::function<std::optional<Failure>()>& ended, const std::stop_token& stop);

/// Whether a run can have left requests in a server that can't be asked: some timed out, or were cut off.
bool left_requests_behind(const LoadResult& run);

}  // namespace waitlab::client
