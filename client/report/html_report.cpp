#include "client/report/html_report.hpp"

#include "client/report/circumstances.hpp"
#include "client/report/figures.hpp"
#include "client/report/html_text.hpp"
#include "client/report/report_page.hpp"
#include "client/report/template.hpp"
#include "common/config/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace waitlab::client {
namespace {

std::string element(std::string_view tag, std::string_view content) {
  return fmt::format("<{0}>{1}</{0}>\n", tag, content);
}

std::string paragraphs(const std::vector<std::string>& texts) {
  std::string html;
  for (const std::string& text : texts)
    html += element("p", escape_html(text));
  return html;
}

std::string table_head() {
  std::string cells = "<th scope=\"col\">target</th>";
  for (const Metric metric : table_metrics) {
    const MetricText& text = text_of(metric);
    cells += fmt::format("<th scope=\"col\" title=\"{}\">{}<small>{}</small></th>", escape_html(text.meaning),
                         text.name, text.unit);
  }
  return element("thead", element("tr", cells));
}

std::string table_row(const ExperimentResult& result, const Cell& cell) {
  std::string html = fmt::format("<th scope=\"row\">{}{}</th>", escape_html(result.targets[cell.target].name),
                                 cell.troubles.empty() ? "" : " <span class=\"mark\">!</span>");
  if (cell.runs == 0) return element("tr", html + "<td class=\"none\" colspan=\"9\">not measured</td>");
  for (const Metric metric : table_metrics) {
    const std::string range = format_range(metric, cell[metric]);
    html += fmt::format("<td>{}{}</td>", escape_html(format_median(metric, cell[metric])),
                        range.empty() ? "" : "<small>" + range + "</small>");
  }
  return element("tr", html);
}

/// One table, a body for each offered rate.
std::string comparison_table(const ExperimentResult& result, const Comparison& comparison) {
  std::string html = table_head();
  for (const LevelGroup& group : comparison) {
    std::string rows = fmt::format("<tr><th class=\"rate\" colspan=\"10\" scope=\"rowgroup\">{}{}</th></tr>\n",
                                   format_level(group.level), group.level.loop == Loop::open ? " offered" : "");
    for (const Cell& cell : group.cells)
      rows += table_row(result, cell);
    html += element("tbody", rows);
  }
  return element("table", html);
}

/// What keeps figures from being trusted, in sight before any of them; nothing where all is well.
std::string warnings(const ExperimentResult& result, const Comparison& comparison) {
  std::string items;
  if (result.interrupted) items += element("li", "The experiment was interrupted: it shows what was measured by then.");
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells) {
      if (cell.troubles.empty()) continue;
      items += element(
          "li", escape_html(fmt::format("{} at {}{}: {}", result.targets[cell.target].name, format_level(group.level),
                                        cell.valid ? "" : ", INVALID", trouble_text(cell))));
    }
  }
  if (items.empty()) return {};
  return "<section class=\"warning\" aria-label=\"Warnings\">\n" + element("h2", "Not everything here can be trusted") +
         element("ul", items) + "</section>\n";
}

std::string definitions(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string html;
  for (const auto& [term, text] : entries)
    html += element("dt", escape_html(term)) + element("dd", escape_html(text));
  return element("dl", html);
}

/// The mean over the runs, each of which has its own requests.
std::string hold_text(const ExperimentResult& result) {
  std::chrono::duration<double, std::milli> sum{0};
  double runs = 0;
  for (const ExperimentRun& run : result.runs) {
    if (!run.mean_hold) continue;
    sum += *run.mean_hold;
    ++runs;
  }
  return runs > 0 ? fmt::format("{:.1f} ms on average, by the backend's own log", sum.count() / runs) : "not logged";
}

std::string method(const ExperimentResult& result) {
  return definitions({
      {"Load", load_text(result.load)},
      {"Order", fmt::format("{} repeats, the targets taking turns, a fresh server for each; the same arrivals and the "
                            "same delays for every target",
                            result.repeats)},
      {"Holds", hold_text(result)},
      {"Placement", placement_text(result.placement)},
      {"Machine", machine_text(result.machine)},
      {"Made", fmt::format("{} by waitlab {}", result.started_at, result.version)},
  });
}

std::string target_settings(const ExperimentResult& result) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const ExperimentTarget& target : result.targets) {
    entries.emplace_back(target.name, fmt::format("{}", fmt::join(target.settings, ", ")));
  }
  entries.emplace_back("backend", fmt::format("{}", fmt::join(result.backend, ", ")));
  return definitions(entries);
}

std::string column_meanings() {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const Metric metric : table_metrics) {
    const MetricText& text = text_of(metric);
    entries.emplace_back(text.name, text.meaning);
  }
  return definitions(entries);
}

}  // namespace

std::string html_report(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict) {
  return fill_template(report_page, {{"title", escape_html(result.title.empty() ? result.name : result.title)},
                                     {"question", escape_html(result.question)},
                                     {"headline", escape_html(verdict.headline)},
                                     {"warnings", warnings(result, comparison)},
                                     {"findings", paragraphs(verdict.findings)},
                                     {"table", comparison_table(result, comparison)},
                                     {"meanings", column_meanings()},
                                     {"method", method(result)},
                                     {"settings", target_settings(result)},
                                     {"file", escape_html(result.content)}});
}

}  // namespace waitlab::client
