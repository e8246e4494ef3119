#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace waitlab::client {

/// CLI11's help with only what a reader needs behind a flag: what it takes, and its default. Which flags exclude each
/// other is said when it matters.
class HelpFormatter final : public CLI::Formatter {
 public:
  static std::shared_ptr<HelpFormatter> make() { return std::make_shared<HelpFormatter>(); }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return "";
    const std::string& value = option->get_default_str();
    return " " + option->get_type_name() + (value.empty() ? "" : "=" + value);
  }
};

}  // namespace waitlab::client
