#include "common/http/head.hpp"

#include "common/http/characters.hpp"
#include "common/text/words.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace waitlab {

namespace http = boost::beast::http;

namespace {

/// Calls `visit` for each member of a comma-separated list that is not empty.
template <class Visit>
void visit_members(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = trimmed(list.substr(0, comma));
    if (!member.empty()) visit(member);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

std::optional<std::uint64_t> parse_length(std::string_view digits) {
  std::uint64_t length = 0;
  const char* const end = digits.data() + digits.size();
  const auto [parsed, error] = std::from_chars(digits.data(), end, length);
  if (error != std::errc() || parsed != end) return std::nullopt;
  return length;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool is_http_version(std::string_view text) {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

void lower_version(std::string& head, std::size_t at) {
  const std::string_view version = std::string_view(head).substr(at, 8);
  if (is_http_version(version) && version[5] == '1' && version[7] > '1') head[at + 7] = '1';
}

void FramingFields::note(http::field id, std::string_view value) {
  if (id == http::field::connection) {
    visit_members(value, [this](std::string_view option) {
      close = close || same_name(option, "close");
      keep_alive = keep_alive || same_name(option, "keep-alive");
    });
  } else if (id == http::field::content_length) {
    ++lengths;
    length = parse_length(value);
  } else if (id == http::field::transfer_encoding) {
    ++encodings;
    visit_members(value, [this](std::string_view coding) {
      ends_chunked = same_name(coding, "chunked");
      ++codings;
      if (ends_chunked) ++chunkings;
    });
  }
}

void HeadScan::restart() {
  *this = HeadScan(folds_);
}

std::size_t HeadScan::put(std::string_view bytes) {
  std::size_t position = 0;
  while (position < bytes.size() && !complete() && !malformed()) {
    if (state_ == State::line_start) {
      const bool folds = (bytes[position] == ' ' || bytes[position] == '\t');
      if (folds && (folds_ == Folds::refused || !has_field_)) {
        state_ = State::malformed;
        break;
      }
      folded_ = folded_ || folds;
      state_ = State::line;
    }
    const std::size_t newline = bytes.find('\n', position);
    const std::size_t end = std::min(newline, bytes.size());
    const std::string_view piece = bytes.substr(position, end - position);
    if (!piece.empty()) {
      line_empty_ = line_empty_ && piece == "\r" && last_ != '\r';
      last_ = piece.back();
    }
    position = end;
    if (newline == std::string_view::npos) break;
    ++position;
    end_line();
  }
  return position;
}

void HeadScan::end_line() {
  if (last_ != '\r') {
    state_ = State::malformed;
  } else if (state_ == State::start_line) {
    if (line_empty_ && !blank_line_) {
      blank_line_ = true;
    } else {
      past_start_line_ = true;
      state_ = State::line_start;
    }
  } else if (line_empty_) {
    state_ = State::complete;
  } else {
    has_field_ = true;
    state_ = State::line_start;
  }
  line_empty_ = true;
  last_ = '\0';
}

}  // namespace waitlab
