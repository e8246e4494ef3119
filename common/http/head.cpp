#include "common/http/head.hpp"

#include "common/http/characters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <system_error>

namespace waitlab {

namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (std::size_t code = 0; code < 0x80; ++code) {
    const char c = static_cast<char>(code);
    table[code] = is_digit(c) || is_letter(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  }
  return table;
}

constexpr std::array<bool, 256> in_token = make_token_table();

constexpr bool is_control(char c) {
  const auto code = static_cast<unsigned char>(c);
  return (code < 0x20 && c != '\t') || code == 0x7f;
}

/// Whether a byte of the word may be a control character or a tab: true where one is. Asks all eight at once, as most
/// of a head is values.
constexpr bool may_have_control(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t tops = ones * 0x80;
  const std::uint64_t against_del = word ^ (ones * 0x7f);
  return (((word - ones * 0x20) & ~word) | ((against_del - ones) & ~against_del)) & tops;
}

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// The text without the blanks around it.
std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Calls `visit` for each member of a comma-separated list that is not empty.
template <class Visit>
void visit_members(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = without_blanks(list.substr(0, comma));
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

std::size_t token_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && in_token[static_cast<unsigned char>(text[length])])
    ++length;
  return length;
}

bool same_letters(std::string_view a, std::string_view b) {
  if (a == b) return true;  // nearly always, if they are the same at all
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool has_control(std::string_view text) {
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if (may_have_control(word)) break;
    text.remove_prefix(sizeof word);
  }
  return std::any_of(text.begin(), text.end(), [](char c) { return is_control(c); });
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end - 1);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<HttpField> parse_field(std::string_view line) {
  const std::size_t colon = token_length(line);
  if (colon == 0 || colon == line.size() || line[colon] != ':') return std::nullopt;
  const HttpField field{line.substr(0, colon), without_blanks(line.substr(colon + 1))};
  if (has_control(field.value)) return std::nullopt;
  return field;
}

std::optional<HttpVersion> parse_version(std::string_view text) {
  if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' || !is_digit(text[7])) {
    return std::nullopt;
  }
  return HttpVersion{static_cast<unsigned>(text[5] - '0'), static_cast<unsigned>(text[7] - '0')};
}

void FramingFields::note(const HttpField& field) {
  if (same_name(field.name, "Connection")) {
    visit_members(field.value, [this](std::string_view option) {
      close = close || same_name(option, "close");
      keep_alive = keep_alive || same_name(option, "keep-alive");
    });
  } else if (same_name(field.name, "Content-Length")) {
    ++lengths;
    length = parse_length(field.value);
  } else if (same_name(field.name, "Transfer-Encoding")) {
    ++encodings;
    visit_members(field.value, [this](std::string_view coding) {
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
      const bool folds = is_blank(bytes[position]);
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
