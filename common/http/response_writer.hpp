#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace waitlab {

/// Appends one HTTP/1.1 response to a buffer, so that a connection can send it, and pipelined ones behind it, in one
/// call. Writing straight into a reused buffer allocates nothing. Names and values must be valid fields: they are not
/// checked. Not thread-safe.
class ResponseWriter {
 public:
  /// Begins with the status line.
  ResponseWriter(std::string& out, unsigned status);

  ResponseWriter& field(std::string_view name, std::string_view value);

  /// Content-Length, the empty line, and the body; `to_head` leaves the body out, as an answer to HEAD must.
  void body(std::string_view body, bool to_head = false);

  /// Ends the head of a response whose body is all that follows until the connection closes.
  void body_until_close();

 private:
  std::string& out_;
};

/// Appends the value of the Date field (IMF-fixdate, RFC 9110 section 5.6.7) for `now`. Each thread formats it once a
/// second and keeps the text. Thread-safe.
void append_http_date(std::string& out, std::time_t now);

/// The standard reason phrase ("Not Found").
std::string_view reason_phrase(unsigned status);

/// An RFC 9457 problem document: type application/problem+json.
std::string problem_json(unsigned status, std::string_view detail);

/// The detail of such a document; empty where the text is none, or has none.
std::string problem_detail(std::string_view json);

inline constexpr std::string_view problem_content_type = "application/problem+json";

}  // namespace waitlab
