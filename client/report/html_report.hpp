#pragma once

#include <map>
#include <string>
#include <string_view>
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

/// The text as it may stand in HTML, in an element or in a quoted attribute.
std::string escape_html(std::string_view text);

/// The template with every {{name}} replaced by its value, as it stands: values must be HTML already. A name without a
/// value throws std::out_of_range, since it is a fault of the program and not of its user.
std::string fill_template(std::string_view page, const std::map<std::string, std::string, std::less<>>& values);

}  // namespace waitlab::client
