#include "client/report/html_report.hpp"

#include "client/report/experiment_json.hpp"
#include "client/report/page_facts.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

class Report : public testing::Test {
 protected:
  Report() : result_(result_of({"loop", "pool"}, {160})) {
    result_.title = "Who <waits> best?";
    result_.content = "{\"name\": \"</script><script>alert(1)</script>\"}";
    comparison_ = {{{.value = 160},
                    {cell_of(0, {{Metric::p99, 233}, {Metric::cpu, 90}}),
                     Cell{.target = 1, .runs = 0, .valid = true, .troubles = {"it <died>"}, .figures = {}}}}};
  }

  ReportSource source(const std::string& name = "result.json") const {
    return {.name = name,
            .text = experiment_json(result_, comparison_, verdict_).dump(),
            .facts = page_facts(result_, comparison_, theory_of(result_, comparison_)).dump()};
  }
  std::string page() const { return html_report({source()}); }

  ExperimentResult result_;
  Comparison comparison_;
  Verdict verdict_{.headline = "loop & pool", .uncertainty = "by chance", .findings = {"p99 < 1 s"}};
};

/// What stands between two marks.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

TEST_F(Report, EscapesEveryValue) {
  EXPECT_THAT(page(), HasSubstr("Who &lt;waits&gt; best?"));
  EXPECT_THAT(page(), HasSubstr("loop &amp; pool"));
  EXPECT_THAT(page(), HasSubstr("p99 &lt; 1 s"));
  EXPECT_THAT(page(), HasSubstr("it &lt;died&gt;"));
  EXPECT_THAT(html_report({source("\"><b>")}), Not(HasSubstr("<b>")));
}

TEST_F(Report, HoldsTheResultSoThatNothingInItEndsItsElement) {
  const std::string data = between(page(), "data-name=\"result.json\">", "</script>");
  EXPECT_EQ(nlohmann::json::parse(data), nlohmann::json::parse(source().text));
  EXPECT_THAT(data, Not(HasSubstr("<")));
  const std::string facts = between(page(), "facts+json\">", "</script>");
  EXPECT_EQ(nlohmann::json::parse(facts), nlohmann::json::parse(source().facts));
  EXPECT_THAT(facts, Not(HasSubstr("<")));
}

TEST_F(Report, HoldsTheTableOfFiguresOnceForAllResults) {
  const std::string page = html_report({source("a.json"), source("b.json")});
  const auto figures = nlohmann::json::parse(between(page, "id=\"table-of-figures\">", "</script>"));
  std::vector<std::string> keys;
  for (const auto& figure : figures)
    keys.push_back(figure.at("key"));
  EXPECT_THAT(keys, testing::IsSupersetOf({"p50_ms", "p99_ms", "good_per_s", "errors_percent", "peak_rss_mib"}));
  EXPECT_EQ(figures[0]["title"], "p50: half of the successful requests were faster than this");
  EXPECT_EQ(page.find("table-of-figures", page.find("id=\"table-of-figures\"") + 10), page.rfind("table-of-figures"))
      << "the page's script asks for it once";
}

TEST_F(Report, NeedsNothingFromElsewhere) {
  EXPECT_THAT(page(), HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page(), Not(HasSubstr("unsafe")));
  for (const char* reference : {" src=", "@import", "url("})
    EXPECT_THAT(page(), Not(HasSubstr(reference))) << reference;
}

TEST_F(Report, WarnsOfWhatIsMissingOrInvalid) {
  EXPECT_THAT(page(), HasSubstr("class=\"warning\""));
  EXPECT_THAT(page(), HasSubstr("pool at 160/s, missing: it"));
  comparison_[0].cells[1].runs = 1;
  comparison_[0].cells[1].valid = false;
  EXPECT_THAT(page(), HasSubstr("pool at 160/s, INVALID: it"));
  comparison_[0].cells[1].troubles.clear();
  EXPECT_THAT(page(), Not(HasSubstr("class=\"warning\"")));
  result_.interrupted = true;
  EXPECT_THAT(page(), HasSubstr("The experiment was interrupted"));
}

TEST_F(Report, TellsSeveralResultsApartByLetters) {
  const ReportSource before = source("before.json");
  verdict_.headline = "no difference";
  result_.machine.kernel = "Linux 7";
  const std::string page = html_report({before, source("after.json")});
  EXPECT_THAT(page, HasSubstr("<strong>A</strong> (before.json): loop &amp; pool"));
  EXPECT_THAT(page, HasSubstr("<strong>B</strong> (after.json): no difference"));
  EXPECT_THAT(page, HasSubstr("<h1>Who &lt;waits&gt; best?</h1>")) << "a title that is the same stands once";
  EXPECT_THAT(page, HasSubstr("A: pool at 160/s, missing"));
  EXPECT_THAT(page, HasSubstr("The results differ in their machine."));
  EXPECT_THAT(page, Not(HasSubstr("differ in their load")));
}

TEST_F(Report, TheJsonHoldsFigures) {
  ExperimentRun run;
  run.seed = 7;
  run.server.samples.push_back({.at = std::chrono::seconds(1), .threads = 3, .rss_bytes = 4096, .cpu_time = {}});
  result_.runs.push_back(run);
  result_.missing.push_back({.target = 1, .level = 0, .repeat = 2, .reason = "it died"});
  const auto json = experiment_json(result_, comparison_, verdict_);
  EXPECT_EQ(json["schema_version"], 2);
  EXPECT_EQ(json["load"]["rates"], std::vector<double>{160});
  EXPECT_TRUE(json["load"]["connections"].is_null());
  EXPECT_EQ(json["targets"][0]["kind"], "server");
  EXPECT_EQ(json["verdict"]["headline"], "loop & pool");
  EXPECT_EQ(json["comparison"][0]["p99_ms"]["median"], 233);
  EXPECT_TRUE(json["comparison"][0]["p50_ms"].is_null());
  EXPECT_EQ(json["runs"][0]["target"], "loop");
  EXPECT_EQ(json["runs"][0]["seed"], 7);
  EXPECT_EQ(json["runs"][0]["load"]["schema_version"], 1);
  EXPECT_EQ(json["runs"][0]["server"]["samples"][0]["threads"], 3);
  EXPECT_TRUE(json["runs"][0]["server"]["usage"].is_null());
  EXPECT_EQ(json["missing"][0]["repeat"], 3);
  EXPECT_EQ(json["missing"][0]["reason"], "it died");
  EXPECT_EQ(json["verdict"]["uncertainty"], "by chance");
}

TEST(Template, FillsEveryPlace) {
  EXPECT_EQ(fill_template("{{a}} and {{b}}, {{a}}", {{"a", "1"}, {"b", "{{a}}"}}), "1 and {{a}}, 1");
  EXPECT_EQ(fill_template("no places {", {}), "no places {");
  EXPECT_THROW(fill_template("{{a}}", {}), std::out_of_range);
}

TEST(HtmlText, EscapesWhatMeansSomething) {
  EXPECT_EQ(escape_html("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
}

}  // namespace
}  // namespace waitlab::client
