#include "common/http/body_reader.hpp"

#include "common/http/head.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <system_error>

namespace waitlab {

namespace {

/// A size of 64 bits and the CRLF: what any chunk's line may have. It is counted as framing only once the line is
/// whole, so that the same bytes are too many however they come.
constexpr std::size_t plain_line_bytes = 18;

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool take_token(std::string_view& text) {
  const std::size_t length = token_length(text);
  text.remove_prefix(length);
  return length > 0;
}

/// A line is what a chunk's extensions end with, so no CR or LF may be quoted.
bool take_quoted(std::string_view& text) {
  if (!text.starts_with('"')) return false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return true;
    }
    if (text[at] == '\\') ++at;
    if (at < text.size() && (text[at] == '\r' || text[at] == '\n' || text[at] == '\0')) return false;
  }
  return false;
}

/// chunk-ext of RFC 9112 section 7.1.1.
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    skip_blanks(text);
    if (!text.starts_with(';')) return false;
    text.remove_prefix(1);
    skip_blanks(text);
    if (!take_token(text)) return false;
    std::string_view value = text;
    skip_blanks(value);
    if (!value.starts_with('=')) continue;
    value.remove_prefix(1);
    skip_blanks(value);
    if (!take_token(value) && !take_quoted(value)) return false;
    text = value;
  }
  return true;
}

std::size_t hex_digits(std::uint64_t size) {
  return size == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(size)) + 3) / 4;
}

}  // namespace

void BodyReader::begin_empty() {
  begin(State::complete, 0);
}
void BodyReader::begin_sized(std::uint64_t bytes) {
  begin(bytes > 0 ? State::sized : State::complete, bytes);
}
void BodyReader::begin_chunked() {
  begin(State::chunk_size, 0);
}
void BodyReader::begin_until_close() {
  begin(State::until_close, 0);
}

void BodyReader::begin(State state, std::uint64_t left) {
  state_ = state;
  error_ = Error::none;
  left_ = left;
  body_ = framing_ = 0;
  cr_ = false;
  line_.clear();
}

std::size_t BodyReader::put(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !complete() && error_ == Error::none) {
    const std::string_view rest = bytes.substr(used);
    switch (state_) {
      case State::complete:
        break;
      case State::sized:
      case State::chunk:
        used += put_data(rest);
        break;
      case State::until_close:
        sink_.on_body(rest);
        used += rest.size();
        break;
      case State::chunk_end:
        put_chunk_end(rest.front());
        ++used;
        break;
      case State::chunk_size:
      case State::trailer:
        used += put_line(rest);
        break;
    }
  }
  return used;
}

void BodyReader::put_eof() {
  if (until_close()) state_ = State::complete;
}

std::size_t BodyReader::put_data(std::string_view bytes) {
  const std::string_view piece = bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
  sink_.on_body(piece);
  left_ -= piece.size();
  if (left_ == 0) state_ = state_ == State::sized ? State::complete : State::chunk_end;
  return piece.size();
}

void BodyReader::put_chunk_end(char byte) {
  if (byte != (cr_ ? '\n' : '\r')) {
    error_ = Error::malformed_chunk;
    return;
  }
  if (cr_) state_ = State::chunk_size;
  cr_ = !cr_;
}

std::size_t BodyReader::put_line(std::string_view bytes) {
  const std::size_t newline = bytes.find('\n');
  const bool ends = newline != std::string_view::npos;
  std::string_view piece = bytes.substr(0, ends ? newline + 1 : bytes.size());
  const std::size_t used = piece.size();
  if (framing_ + line_.size() + used > limits_.framing_bytes + plain_line_bytes) {
    error_ = Error::long_framing;
    return used;
  }
  if (!ends || !line_.empty()) piece = line_.append(piece);
  if (!ends) return used;
  if (piece.ends_with("\r\n")) {
    end_line(piece.substr(0, piece.size() - 2));
  } else {
    error_ = Error::malformed_chunk;
  }
  line_.clear();
  return used;
}

void BodyReader::end_line(std::string_view line) {
  if (state_ == State::chunk_size) {
    begin_chunk(line);
  } else {
    end_trailer_line(line);
  }
}

void BodyReader::begin_chunk(std::string_view line) {
  std::uint64_t size = 0;
  const char* const end = line.data() + line.size();
  const auto [parsed, error] = std::from_chars(line.data(), end, size, 16);
  if (error != std::errc() || !are_extensions({parsed, static_cast<std::size_t>(end - parsed)})) {
    error_ = Error::malformed_chunk;
    return;
  }
  if (!count_framing(line.size() - hex_digits(size))) return;
  if (size > limits_.body_bytes - body_) {
    error_ = Error::long_body;
    return;
  }
  body_ += size;
  left_ = size;
  state_ = size > 0 ? State::chunk : State::trailer;
}

void BodyReader::end_trailer_line(std::string_view line) {
  if (line.empty()) {
    state_ = State::complete;
    return;
  }
  if (!count_framing(line.size() + 2)) return;
  const std::optional<HttpField> field = parse_field(line);
  if (!field || same_name(field->name, "Content-Length") || same_name(field->name, "Transfer-Encoding")) {
    error_ = Error::malformed_chunk;
    return;
  }
  sink_.on_trailer(*field);
}

bool BodyReader::count_framing(std::uint64_t bytes) {
  framing_ += bytes;
  if (framing_ > limits_.framing_bytes) error_ = Error::long_framing;
  return error_ == Error::none;
}

}  // namespace waitlab
