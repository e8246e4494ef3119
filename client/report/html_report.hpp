#pragma once

#include <string>
#include <vector>

namespace waitlab::client {

/// The result of an experiment as it is written to a file.
struct ReportSource {
  std::string name;   ///< for people: its path
  std::string text;   ///< JSON as `experiment_json` makes it
  std::string facts;  ///< JSON as `page_facts` makes it
};

/// A page about the results, at least one. It needs no other file and no network. Several results are drawn over one
/// another and told apart by letters. Nothing in a result can become markup or script. Throws
/// nlohmann::json::exception for what is no such JSON: check what comes from a person first.
std::string html_report(const std::vector<ReportSource>& results);

}  // namespace waitlab::client
