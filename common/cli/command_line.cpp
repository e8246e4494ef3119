#include "common/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab {
namespace {

/// CLI11's help with only what a reader needs behind a flag: what it takes, and its default. Which flags exclude each
/// other is said when it matters.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return "";
    const std::string& value = option->get_default_str();
    return " " + option->get_type_name() + (value.empty() ? "" : "=" + value);
  }
};

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

bool is_text(const CLI::Option& option) {
  return option.get_type_name() == "TEXT";
}

/// A word that begins with a dash, by the flags that the program has.
struct FlagWord {
  bool known = false;                     ///< a flag, or several short ones
  const CLI::Option* option = nullptr;    ///< that takes a value; null if none does
  std::optional<std::string_view> value;  ///< if it stands in the same word
};

/// "--quiet", "--json" or "--json=x".
FlagWord long_flag(const CLI::App& app, std::string_view word) {
  const std::size_t equals = word.find('=');
  const CLI::Option* const option = app.get_option_no_throw(std::string(word.substr(0, equals)));
  if (option == nullptr) return {};
  FlagWord flag{.known = true, .option = takes_value(*option) ? option : nullptr, .value = std::nullopt};
  if (equals != std::string_view::npos) flag.value = word.substr(equals + 1);
  return flag;
}

/// "-q", "-qn" or "-qn5": the last of them may have a value.
FlagWord short_flags(const CLI::App& app, std::string_view word) {
  for (std::size_t at = 1; at < word.size(); ++at) {
    const CLI::Option* const option = app.get_option_no_throw(fmt::format("-{}", word[at]));
    if (option == nullptr) return {};
    if (!takes_value(*option)) continue;
    FlagWord flag{.known = true, .option = option, .value = std::nullopt};
    if (at + 1 < word.size()) flag.value = word.substr(at + 1);
    return flag;
  }
  return {.known = word.size() > 1, .option = nullptr, .value = std::nullopt};
}

FlagWord flag_word(const CLI::App& app, std::string_view word) {
  if (word.starts_with("--")) return long_flag(app, word);
  return word.starts_with('-') ? short_flags(app, word) : FlagWord{};
}

/// What is wrong with the = in a word of flags, if anything is.
std::optional<Failure> wrong_equals(const FlagWord& flag, std::string_view word) {
  if (!flag.value) return std::nullopt;
  if (flag.option == nullptr && flag.value->empty())
    return Failure{fmt::format("{} takes no value; drop the =", word.substr(0, word.size() - 1))};
  if (word.starts_with("--") || !flag.value->starts_with('=')) return std::nullopt;
  return Failure{
      fmt::format("'{}': a short flag has no =; write {}={}", word, flag.option->get_name(), flag.value->substr(1))};
}

/// Whether the word is a flag before which the option's value is missing. A text may begin with a dash if it is no flag
/// of the program, and a number with a minus.
bool is_no_value(const CLI::App& app, const CLI::Option& option, std::string_view word) {
  if (!word.starts_with('-') || word == "-") return false;
  const bool number = word.find_first_of("0123456789.") == 1;
  return flag_word(app, word).known || (!is_text(option) && !number);
}

using Words = std::vector<std::string>;

/// The words behind the program's name. CLI11 takes "--flag=" for a bare "--flag", and the next word for its value,
/// whatever that is; so an empty value becomes a word of its own, and a flag is not taken for one. "--" ends the flags.
Result<Words> words_of(const CLI::App& app, int argc, const char* const* argv) {
  Words words;
  const CLI::Option* wanting = nullptr;  // the next word is its value
  bool flags_ended = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (wanting != nullptr && is_no_value(app, *wanting, word)) {
      return Failure{
          fmt::format("{0}: the value is missing before {1}; if that is it, write {0}={1}", wanting->get_name(), word)};
    }
    flags_ended = flags_ended || (wanting == nullptr && word == "--");
    const FlagWord flag = wanting != nullptr || flags_ended ? FlagWord{} : flag_word(app, word);
    if (auto wrong = wrong_equals(flag, word)) return *wrong;
    const bool empty = flag.option != nullptr && flag.value == "";
    words.emplace_back(empty ? word.substr(0, word.size() - 1) : word);
    if (empty) words.emplace_back();
    wanting = flag.value ? nullptr : flag.option;
  }
  return words;
}

/// CLI11 makes a default, or 0, of an empty value. Only a text may be empty, and what has no type; what else was to
/// stand there, an unset variable of a shell as a rule, is missing.
Result<void> expect_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const bool may_be_empty = is_text(*option) || option->get_type_name().empty();
    if (may_be_empty || !takes_value(*option)) continue;
    if (std::ranges::any_of(option->results(), &std::string::empty))
      return Failure{fmt::format("{}: the value is empty; give {}", option->get_name(), option->get_type_name())};
  }
  return {};
}

}  // namespace

Result<std::optional<HelpText>> parse_command_line(CLI::App& app, int argc, const char* const* argv) {
  app.formatter(std::make_shared<HelpFormatter>());
  const auto wrong = [&app](std::string_view what) {
    return Failure{fmt::format("{}; see {} --help", what, app.get_name())};
  };
  auto words = words_of(app, argc, argv);
  if (!words) return wrong(words.error().message);
  std::ranges::reverse(*words);  // as CLI11 wants them
  try {
    app.parse(std::move(*words));
  } catch (const CLI::CallForHelp&) {
    return HelpText{app.help()};
  } catch (const CLI::CallForVersion&) {
    return HelpText{app.version() + "\n"};
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  if (auto given = expect_values(app); !given) return wrong(given.error().message);
  return std::nullopt;
}

}  // namespace waitlab
