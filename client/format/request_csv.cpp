#include "client/format/request_csv.hpp"

#include "common/csv/csv_line.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr std::string_view column_names =
    "request_id,target,step,intended_ns,sent_ns,ended_ns,response_time_ns,service_time_ns,connect_ns,outcome,status,"
    "error,body_bytes,server_queue_ns,server_backend_ns,server_handler_ns\n";

/// In the order of RequestRow::Outcome.
constexpr std::array<std::string_view, 4> outcome_names{"completed", "failed", "timed_out", "unfinished"};

std::optional<std::chrono::nanoseconds> between(std::optional<std::chrono::nanoseconds> begin,
                                                std::optional<std::chrono::nanoseconds> end) {
  return begin && end ? std::optional(*end - *begin) : std::nullopt;
}

}  // namespace

RequestCsv::RequestCsv(std::ostream& stream, std::uint64_t seed, const std::vector<TargetName>& targets)
    : stream_(stream), seed_(seed) {
  for (const TargetName& target : targets)
    append_csv_value(targets_.emplace_back(), fmt::format("{} {}", target.method, target.path));
  stream_ << column_names;
}

void RequestCsv::add(std::span<const RequestRow> rows) {
  lines_.clear();
  for (const RequestRow& row : rows)
    add_row(row);
  stream_.write(lines_.data(), static_cast<std::streamsize>(lines_.size()));
}

void RequestCsv::add_row(const RequestRow& row) {
  fmt::format_to(std::back_inserter(lines_), "{:x}-{:012},", seed_, row.n);
  add_value(row.target < targets_.size() ? std::string_view(targets_[row.target]) : "");
  add_number(row.step);
  add_time(row.intended);
  add_time(row.sent);
  add_time(row.ended);
  add_time(between(row.intended, row.ended));
  add_time(between(row.sent, row.ended));
  add_time(row.connect);
  add_value(outcome_names[static_cast<std::size_t>(row.outcome)]);
  row.status > 0 ? add_number(row.status) : add_value("");
  add_value(row.error ? error_name(*row.error) : "");
  add_number(row.body_bytes);
  add_time(row.timing ? std::optional(row.timing->queue) : std::nullopt);
  add_time(row.timing ? std::optional(row.timing->backend) : std::nullopt);
  add_time(row.timing ? std::optional(row.timing->handler) : std::nullopt);
  lines_.back() = '\n';
}

void RequestCsv::add_value(std::string_view value) {
  lines_.append(value).push_back(',');
}

void RequestCsv::add_number(std::uint64_t number) {
  fmt::format_to(std::back_inserter(lines_), "{},", number);
}

void RequestCsv::add_time(std::optional<std::chrono::nanoseconds> time) {
  if (time) {
    fmt::format_to(std::back_inserter(lines_), "{},", time->count());
  } else {
    add_value("");
  }
}

}  // namespace waitlab::client
