#include "client/logs/server_log.hpp"

#include "client/logs/log_table.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>

namespace waitlab::client {

Result<std::vector<LoggedRequest>> read_server_log(const std::string& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) return Failure{fmt::format("{} cannot be read", path)};
  return read_server_log(file, path);
}

Result<std::vector<LoggedRequest>> read_server_log(std::istream& log, const std::string& name) {
  LogTable table(log);
  const auto id = table.column("request_id");
  const auto enqueued = table.column("enqueued_ns");
  const auto started = table.column("started_ns");
  const auto ended = table.column("ended_ns");
  const auto status = table.column("status");
  const auto strategy = table.column("strategy");
  if (!id || !enqueued || !started || !ended || !status || !strategy) {
    return Failure{fmt::format("{} is no request log: give the file of the server's telemetry.request_log", name)};
  }
  std::vector<LoggedRequest> requests;
  while (table.next()) {
    const auto enqueued_at = table.moment(*enqueued);
    const auto ended_at = table.moment(*ended);
    if (!enqueued_at || !ended_at) continue;
    LoggedRequest& request = requests.emplace_back();
    request.request_id = table.text(*id);
    request.enqueued = *enqueued_at;
    request.started = table.moment(*started);
    request.ended = *ended_at;
    request.strategy = table.text(*strategy);
    const std::string& text = table.text(*status);
    std::from_chars(text.data(), text.data() + text.size(), request.status);
  }
  return requests;
}

std::optional<ClientRequestId> parse_client_request_id(std::string_view id) {
  constexpr std::size_t number_digits = 12;
  const auto dash = id.find('-');
  if (dash == std::string_view::npos || dash == 0 || id.size() - dash - 1 != number_digits) return std::nullopt;
  ClientRequestId parsed{.seed = id.substr(0, dash)};
  const char* const end = id.data() + id.size();
  if (std::from_chars(id.data() + dash + 1, end, parsed.number).ptr != end) return std::nullopt;
  return parsed;
}

}  // namespace waitlab::client
