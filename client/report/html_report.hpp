#pragma once

#include <string>
#include <vector>

namespace waitlab::client {

/// The result of an experiment as it is written to a file.
struct ReportSource {
  std::string name;  ///< how people call it: its path
  std::string text;  ///< JSON as `experiment_json` makes it
};

/// A page about the results, at least one, with all that it needs in it: no other file, no network. Several are drawn
/// over one another and told apart by letters. Nothing in a result can become markup or script. Throws
/// nlohmann::json::exception for what is no such JSON: check what comes from a person first.
std::string html_report(const std::vector<ReportSource>& results);

}  // namespace waitlab::client
