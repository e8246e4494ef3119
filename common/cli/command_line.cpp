#include "common/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <memory>

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

}  // namespace

Result<std::optional<HelpText>> parse_command_line(CLI::App& app, int argc, const char* const* argv) {
  app.formatter(std::make_shared<HelpFormatter>());
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpText{app.help()};
  } catch (const CLI::CallForVersion&) {
    return HelpText{app.version() + "\n"};
  } catch (const CLI::ParseError& error) {
    return Failure{fmt::format("{}; see {} --help", error.what(), app.get_name())};
  }
  return std::nullopt;
}

}  // namespace waitlab
