#include "common/http/response_writer.hpp"

#include <fmt/chrono.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <boost/beast/http/status.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <iterator>

namespace waitlab {

ResponseWriter::ResponseWriter(std::string& out, unsigned status) : out_(out) {
  if (status == 200) {
    out_.append("HTTP/1.1 200 OK\r\n");
  } else {
    fmt::format_to(std::back_inserter(out_), FMT_COMPILE("HTTP/1.1 {} {}\r\n"), status, reason_phrase(status));
  }
}

ResponseWriter& ResponseWriter::field(std::string_view name, std::string_view value) {
  out_.append(name).append(": ").append(value).append("\r\n");
  return *this;
}

void ResponseWriter::body(std::string_view body, bool to_head) {
  const fmt::format_int length(body.size());
  out_.append("Content-Length: ").append(length.data(), length.size()).append("\r\n\r\n");
  if (!to_head) out_.append(body);
}

void ResponseWriter::body_until_close() {
  out_.append("\r\n");
}

namespace {

constexpr std::size_t date_length = 29;

struct DateText {
  std::time_t second = -1;
  std::array<char, date_length> text{};
};

}  // namespace

void append_http_date(std::string& out, std::time_t now) {
  static thread_local DateText latest;
  if (now != latest.second) {
    // Without a locale of its own, fmt writes the names of days and months in English.
    fmt::format_to_n(latest.text.data(), date_length, "{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    latest.second = now;
  }
  out.append(latest.text.data(), date_length);
}

std::string_view reason_phrase(unsigned status) {
  const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {phrase.data(), phrase.size()};
}

std::string problem_json(unsigned status, std::string_view detail) {
  const nlohmann::ordered_json problem = {
      {"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
  return problem.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string problem_detail(std::string_view json) {
  const auto problem = nlohmann::json::parse(json, nullptr, false);
  if (!problem.is_object() || !problem.contains("detail") || !problem["detail"].is_string()) return {};
  return problem["detail"].get<std::string>();
}

}  // namespace waitlab
