#include "common/http/message_reader.hpp"

#include "common/http/characters.hpp"
#include "common/text/words.hpp"

#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

namespace waitlab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::string_view line_break = "\r\n";

/// The line break behind a chunk, the longest size, and two more line breaks: what may stand between chunks. It is
/// counted as framing only once it is whole, so that the same bytes are too many however they come.
constexpr std::size_t plain_bytes = 22;

/// Whether the error is about what a field says, not about how it is written. Beast tells a value that holds a control
/// character by the same error as one that is no list.
bool is_judgement(beast::error_code error, std::string_view line) {
  if (error == http::error::bad_value) return !has_control(line);
  return error == http::error::bad_content_length || error == http::error::multiple_content_length ||
         error == http::error::bad_transfer_encoding;
}

/// Whether Beast may want more than this: what stands behind the line break of a chunk, or the trailer of the last one.
/// Where else it wants more, a quote does not end with its line.
bool goes_on(std::string_view lines) {
  if (lines == line_break) return true;
  if (lines.starts_with(line_break)) lines.remove_prefix(line_break.size());
  std::uint64_t size = 1;
  std::from_chars(lines.data(), lines.data() + lines.size(), size, 16);
  return size == 0 && !lines.ends_with("\r\n\r\n");
}

/// Beast takes any byte inside quotes and a folded trailer field.
bool is_sound(std::string_view line) {
  return line.ends_with(line_break) && line.front() != ' ' && line.front() != '\t' &&
         line.find('\0') == std::string_view::npos;
}

}  // namespace

template <bool isRequest>
MessageReader<isRequest>::MessageReader(MessageSink& sink, std::string& line, std::uint64_t framing_bytes)
    : sink_(sink), line_(line), framing_bytes_(framing_bytes) {
  line_.clear();
  this->header_limit(std::numeric_limits<std::uint32_t>::max());  // it is kept before a head comes here
}

template <bool isRequest>
beast::error_code MessageReader<isRequest>::put_start_line(std::string_view line) {
  Error error;
  const bool used = put_text(line, error) > 0;
  return used ? Error() : error;  // else what is missing are the fields
}

template <bool isRequest>
beast::error_code MessageReader<isRequest>::put_fields(std::string_view fields) {
  for (;;) {
    Error error;
    fields.remove_prefix(put_text(fields, error));
    const std::string_view line = fields.substr(0, fields.find(line_break));
    if (!error || !is_judgement(error, line)) return error;
    // Beast has used all before this field and goes on behind it.
    const HttpField field{line.substr(0, line.find(':')), trimmed(line.substr(line.find(':') + 1))};
    take_field(http::string_to_field({field.name.data(), field.name.size()}), field);
    fields.remove_prefix(line.size() + line_break.size());
  }
}

template <bool isRequest>
void MessageReader<isRequest>::take_field(Id id, const HttpField& field) {
  const bool in_trailer = this->is_header_done();
  if (!in_trailer) framing_.note(id, field.value);
  sink_.on_field(field, in_trailer);
}

template <bool isRequest>
std::size_t MessageReader<isRequest>::put_body(std::string_view bytes, Error& error) {
  std::size_t used = 0;
  while (used < bytes.size() && !this->is_done() && !error) {
    const std::string_view rest = bytes.substr(used);
    if (this->chunked() && chunk_left_ == 0) {
      used += put_chunk_line(rest, error);
    } else {
      used += put_text(rest.substr(0, this->chunked() ? chunk_left_ : rest.size()), error);
    }
  }
  return used;
}

template <bool isRequest>
std::size_t MessageReader<isRequest>::put_chunk_line(std::string_view bytes, Error& error) {
  const std::string_view piece = bytes.substr(0, std::min(bytes.find('\n'), bytes.size() - 1) + 1);
  line_.append(piece);
  const std::string_view begin = std::string_view(line_).substr(0, line_break.size());
  if (chunk_size_ > 0 && begin != line_break.substr(0, begin.size())) {
    error = http::error::bad_chunk;
  } else if (counted_ + line_.size() > framing_bytes_ + plain_bytes) {
    error = http::error::header_limit;
  } else if (piece.ends_with('\n')) {
    end_chunk_line(error);
  }
  return piece.size();
}

template <bool isRequest>
void MessageReader<isRequest>::end_chunk_line(Error& error) {
  if (!is_sound(std::string_view(line_).substr(line_.rfind('\n', line_.size() - 2) + 1))) {
    error = http::error::bad_chunk;
    return;
  }
  put_text(line_, error);
  if (error == http::error::need_more && goes_on(line_)) {
    error = {};
    return;
  }
  if (error) return;
  const std::size_t breaks = (line_.starts_with(line_break) ? 2 : 1) + (chunk_size_ == 0 ? 1 : 0);
  const std::size_t digits = chunk_size_ == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(chunk_size_)) + 3) / 4;
  counted_ += line_.size() - breaks * line_break.size() - digits;
  if (counted_ > framing_bytes_) error = http::error::header_limit;
  line_.clear();
}

template class MessageReader<true>;
template class MessageReader<false>;

}  // namespace waitlab
