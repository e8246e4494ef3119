#include "client/commands/terminal.hpp"

#include "common/process/standard_streams.hpp"
#include "common/text/wrap.hpp"

#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace waitlab::client {

bool stderr_can_redraw() {
  const char* name = std::getenv("TERM");
  const std::string_view terminal = name ? name : "";
  return ::isatty(STDERR_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

namespace {

struct Replacement {
  std::string_view character;
  char ascii;
};

constexpr std::array replacements{
    Replacement{"✓", '+'}, Replacement{"✗", 'x'}, Replacement{"━", '='}, Replacement{"╌", '-'},  Replacement{"–", '-'},
    Replacement{"×", 'x'}, Replacement{"÷", '/'}, Replacement{"µ", 'u'}, Replacement{"’", '\''},
};

/// Whether the locale has nothing but ASCII.
bool is_ascii_locale() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale = value;
    return locale == "C" || locale == "POSIX";
  }
  return false;
}

bool continues_a_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string for_locale(const std::string& text) {
  if (!is_ascii_locale()) return text;
  std::string ascii;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && continues_a_character(text[next]))
      ++next;
    const std::string_view character = std::string_view(text).substr(at, next - at);
    const auto* const known = std::ranges::find(replacements, character, &Replacement::character);
    if (character.size() == 1)
      ascii += character;
    else
      ascii += known == replacements.end() ? '?' : known->ascii;
    at = next;
  }
  return ascii;
}

void warn_of_detour(const std::string& detour) {
  say(wrap("waitlab-client: " + detour, terminal_columns, 2));
}

}  // namespace waitlab::client
