#pragma once

#include <boost/beast/http/field.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab {

/// Compares names of fields and of what stands in lists without regard to the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);

/// Whether a text is a version as HTTP/1.1, exactly and with regard to case (RFC 9112 section 2.3).
bool is_http_version(std::string_view text);

/// Puts HTTP/1.1 in the place of a later 1.x, as which it is to be read (RFC 9110 section 2.5): Beast refuses it.
void lower_version(std::string& head, std::size_t at);

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

  void note(boost::beast::http::field id, std::string_view value);

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
