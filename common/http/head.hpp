#pragma once

#include "common/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace waitlab {

/// How much of a text, from its begin, is a token (RFC 9110 section 5.6.2).
std::size_t token_length(std::string_view text);

inline bool is_token(std::string_view text) {
  return !text.empty() && token_length(text) == text.size();
}

/// Compares without regard to the case of ASCII letters.
bool same_letters(std::string_view a, std::string_view b);

/// Compares names of fields and of what stands in lists; most differ in their length.
inline bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_letters(a, b);
}

/// Whether a control character but a tab is in the text: no value of a field may hold one.
bool has_control(std::string_view text);

/// Takes the next line off a text whose lines all end in CRLF, and returns it without that.
std::string_view take_line(std::string_view& text);

/// The field in a line without its CRLF; nothing if it is malformed (RFC 9112 section 5).
std::optional<HttpField> parse_field(std::string_view line);

struct HttpVersion {
  unsigned major = 1;
  unsigned minor = 1;
};

/// Reads "HTTP/1.1", exactly and with regard to case (RFC 9112 section 2.3).
std::optional<HttpVersion> parse_version(std::string_view text);

/// What the fields of a head say of where its message ends and whether its connection goes on.
struct FramingFields {
  unsigned lengths = 0;                 ///< Content-Length fields
  std::optional<std::uint64_t> length;  ///< of the last of them, unless it is malformed
  unsigned encodings = 0;               ///< Transfer-Encoding fields
  unsigned codings = 0;                 ///< what they name, together
  unsigned chunkings = 0;               ///< of these, those that are `chunked`
  bool ends_chunked = false;            ///< whether the last of them is
  bool close = false;                   ///< Connection names close
  bool keep_alive = false;              ///< Connection names keep-alive

  void note(const HttpField& field);

  /// Whether the connection may carry another message (RFC 9112 section 9.3). `version`: 10 or 11.
  bool persists(unsigned version) const { return !close && (version >= 11 || keep_alive); }
};

/// Finds the end of a head as its bytes arrive, and refuses lines that parsers disagree about (RFC 9112 sections 2.2
/// and 5.2): a line ended by a bare LF, and obs-fold. One empty line before the start line is passed over.
class HeadScan {
 public:
  /// A client has to take a folded field, but for the first (RFC 9112 sections 2.2 and 5.2).
  enum class Folds : std::uint8_t { refused, taken };

  explicit HeadScan(Folds folds = Folds::refused) : folds_(folds) {}

  void restart();

  /// Returns how many of the bytes belong to the head.
  std::size_t put(std::string_view bytes);

  bool complete() const { return state_ == State::complete; }
  bool malformed() const { return state_ == State::malformed; }
  bool past_start_line() const { return past_start_line_; }
  bool folded() const { return folded_; }  ///< whether a folded field was taken

 private:
  enum class State : std::uint8_t { start_line, line, line_start, complete, malformed };

  void end_line();

  Folds folds_;
  State state_ = State::start_line;
  bool blank_line_ = false;  ///< whether one was passed over
  bool past_start_line_ = false;
  bool has_field_ = false;
  bool folded_ = false;
  bool line_empty_ = true;  ///< nothing but CR so far in this line
  char last_ = '\0';
};

}  // namespace waitlab
