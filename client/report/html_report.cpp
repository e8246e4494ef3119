#include "client/report/html_report.hpp"

#include "client/report/figure_text.hpp"
#include "client/stats/figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace waitlab {

/// The page in page/, with its scripts, styles and Chart.js, built into the program (cmake/page.cmake). Places for
/// `fill_template`: title, question, verdict, warnings, version, data.
extern const std::string_view report_page;

}  // namespace waitlab

namespace waitlab::client {

std::string escape_html(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string fill_template(std::string_view page, const std::map<std::string, std::string, std::less<>>& values) {
  std::string filled;
  while (true) {
    const auto open = page.find("{{");
    const auto close = page.find("}}", open);
    filled += page.substr(0, open);
    if (open == std::string_view::npos || close == std::string_view::npos) return filled;
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto value = values.find(name);
    if (value == values.end()) throw std::out_of_range("no value for {{" + std::string(name) + "}} of the template");
    filled += value->second;
    page.remove_prefix(close + 2);
  }
}

namespace {

/// A result, and the letter it goes by among several.
struct Entry {
  std::string name;
  std::string mark;
  nlohmann::json json;
};

std::vector<Entry> parse(const std::vector<ReportSource>& results) {
  std::vector<Entry> entries;
  for (const ReportSource& source : results) {
    const auto letter = static_cast<char>('A' + entries.size());
    entries.push_back(
        {source.name, results.size() > 1 ? std::string(1, letter) : std::string(), nlohmann::json::parse(source.text)});
  }
  return entries;
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  return fmt::format("<{0}{1}{2}>{3}</{0}>\n", tag, attributes.empty() ? "" : " ", attributes, content);
}

std::string title_of(const Entry& entry) {
  const auto title = entry.json.at("title").get<std::string>();
  return title.empty() ? entry.json.at("name").get<std::string>() : title;
}

/// The texts that `of` finds, each once, one after another.
template <class Text>
std::string joined(const std::vector<Entry>& entries, Text of) {
  std::vector<std::string> seen;
  std::string all;
  for (const Entry& entry : entries) {
    const std::string text = of(entry);
    if (std::ranges::find(seen, text) != seen.end()) continue;
    all += (all.empty() ? "" : " · ") + text;
    seen.push_back(text);
  }
  return all;
}

bool is_open(const Entry& entry) {
  return entry.json.at("load").at("connections").is_null();
}

std::string details_of(const Entry& entry) {
  return is_open(entry) ? "Details for each rate" : "Details for each number of connections";
}

std::string verdict(const Entry& entry) {
  const nlohmann::json& verdict = entry.json.at("verdict");
  std::string headline = escape_html(verdict.at("headline").get<std::string>());
  if (!entry.mark.empty())
    headline = fmt::format("<strong>{}</strong> ({}): {}", entry.mark, escape_html(entry.name), headline);
  std::string findings;
  for (const nlohmann::json& finding : verdict.at("findings"))
    findings += element("p", "", escape_html(finding.get<std::string>()));
  return element("p", "class=\"headline\"", headline) +
         element("p", "class=\"note\"", escape_html(verdict.at("uncertainty").get<std::string>())) +
         element("details", "", element("summary", "", details_of(entry)) + findings);
}

std::string level_text(const Entry& entry, double level) {
  return format_level({.loop = is_open(entry) ? Loop::open : Loop::closed, .value = level});
}

/// One line for each cell with invalid or missing runs.
std::vector<std::string> troubles_of(const Entry& entry) {
  const std::string prefix = entry.mark.empty() ? "" : entry.mark + ": ";
  std::vector<std::string> lines;
  if (entry.json.at("interrupted").get<bool>())
    lines.push_back(prefix + "The experiment was interrupted: the page shows what was measured until then.");
  for (const nlohmann::json& cell : entry.json.at("comparison")) {
    const auto troubles = cell.at("troubles").get<std::vector<std::string>>();
    if (troubles.empty()) continue;
    const bool none = cell.at("runs").get<unsigned>() == 0;
    lines.push_back(fmt::format("{}{} at {}, {}: {}", prefix, cell.at("target").get<std::string>(),
                                level_text(entry, cell.at("level").get<double>()),
                                none                           ? "missing"
                                : cell.at("valid").get<bool>() ? "some runs excluded"
                                                               : "INVALID",
                                fmt::join(troubles, "; ")));
  }
  return lines;
}

/// The conditions that are not the same for all results.
std::vector<std::string> differences(const std::vector<Entry>& entries) {
  const auto differ = [&](const nlohmann::json::json_pointer& place) {
    return std::ranges::any_of(entries, [&](const Entry& entry) {
      return entry.json.value(place, nlohmann::json()) != entries.front().json.value(place, nlohmann::json());
    });
  };
  std::vector<std::string> lines;
  for (const auto& [place, what] :
       {std::pair("/load", "load"), std::pair("/backend/settings", "backend"), std::pair("/machine", "machine"),
        std::pair("/placement", "placement on CPUs"), std::pair("/version", "version of waitlab")}) {
    if (differ(nlohmann::json::json_pointer(place)))
      lines.push_back(fmt::format("The results differ in their {}.", what));
  }
  return lines;
}

/// Why figures cannot be trusted, before any of them; nothing where all is well.
std::string warnings(const std::vector<Entry>& entries) {
  std::string items;
  const auto add = [&](const std::vector<std::string>& lines) {
    for (const std::string& line : lines)
      items += element("li", "", escape_html(line));
  };
  for (const Entry& entry : entries)
    add(troubles_of(entry));
  add(differences(entries));
  if (items.empty()) return {};
  return element("section", "class=\"warning\" aria-labelledby=\"warning\"",
                 element("h2", "id=\"warning\"", "Some results cannot be trusted") + element("ul", "", items));
}

/// In a script element only "</script" and "<!--" mean anything; in JSON a < stands in strings alone.
std::string escape_json(const std::string& json) {
  std::string escaped;
  for (const char c : json) {
    if (c == '<') {
      escaped += "\\u003c";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string data(const ReportSource& source) {
  return element("script", fmt::format("type=\"application/json\" data-name=\"{}\"", escape_html(source.name)),
                 escape_json(source.text)) +
         element("script", "type=\"application/vnd.waitlab.facts+json\"", escape_json(source.facts));
}

nlohmann::ordered_json figure_json(const Figure& figure) {
  const bool is_percentile = figure.quantile > 0;
  return {{"key", figure.key()},
          {"name", figure.title},
          {"title", fmt::format("{}: {}", figure.title, figure.meaning)},
          {"unit", figure.subtitle},
          {"form", figure.measure == Measure::time                        ? "time"
                   : figure.measure == Measure::rate || figure.is_whole() ? "count"
                                                                          : "number"},
          {"isPercentile", is_percentile},
          {"isMostSeen", figure.is_most_seen()}};
}

/// The table of figures, from which the page knows what there is to show: percentiles first.
std::string figures_of_page() {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const bool percentiles : {true, false}) {
    for (const Figure& figure : all_figures) {
      if (!figure.title.empty() && (figure.quantile > 0) == percentiles) list.push_back(figure_json(figure));
    }
  }
  return element("script", "type=\"application/vnd.waitlab.figures+json\" id=\"table-of-figures\"",
                 escape_json(list.dump()));
}

}  // namespace

std::string html_report(const std::vector<ReportSource>& results) {
  const std::vector<Entry> entries = parse(results);
  std::string verdicts;
  std::string all_data;
  for (const Entry& entry : entries)
    verdicts += verdict(entry);
  for (const ReportSource& source : results)
    all_data += data(source);
  all_data += figures_of_page();
  const auto question = [](const Entry& entry) { return entry.json.at("question").get<std::string>(); };
  return fill_template(report_page, {{"title", escape_html(joined(entries, title_of))},
                                     {"question", escape_html(joined(entries, question))},
                                     {"verdict", verdicts},
                                     {"warnings", warnings(entries)},
                                     {"version", WAITLAB_VERSION},
                                     {"data", all_data}});
}

}  // namespace waitlab::client
