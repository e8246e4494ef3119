#include "client/commands/experiment_document.hpp"

#include "client/report/experiment_json.hpp"
#include "client/report/page_facts.hpp"
#include "client/report/theory.hpp"

#include <nlohmann/json.hpp>

namespace waitlab::client {

namespace {

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string experiment_document(const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  return dump(experiment_json(result, comparison, judge_experiment(result, comparison)));
}

ReportSource report_source(const std::string& name, const ExperimentResult& result) {
  return {.name = name,
          .text = experiment_document(result),
          .facts = dump(page_facts(result, theory_of(result, compare(result))))};
}

}  // namespace waitlab::client
