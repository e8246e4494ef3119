#include "common/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
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

using Words = std::vector<std::string>;

/// The words behind the program's name. CLI11 takes "--flag=" for a bare "--flag" and the next word for its value, so
/// an empty value becomes a word of its own. "--" ends the flags.
Result<Words> words_of(const CLI::App& app, int argc, const char* const* argv) {
  Words words;
  bool flags_ended = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    flags_ended = flags_ended || word == "--";
    const bool ends_in_equals = word.starts_with("--") && word.find('=') + 1 == word.size();
    const CLI::Option* const option =
        ends_in_equals && !flags_ended ? app.get_option_no_throw(word.substr(0, word.size() - 1)) : nullptr;
    if (option != nullptr) word.pop_back();
    if (option != nullptr && !takes_value(*option)) return Failure{fmt::format("{} takes no value; drop the =", word)};
    words.push_back(std::move(word));
    if (option != nullptr) words.emplace_back();
  }
  return words;
}

/// CLI11 makes a default, or 0, of an empty value. Only a text may be empty; what else was to stand there, an unset
/// variable of a shell as a rule, is missing.
Result<void> expect_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const bool may_be_empty = option->get_positional() || option->get_type_name() == "TEXT";
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
