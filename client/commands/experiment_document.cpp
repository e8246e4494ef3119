#include "client/commands/experiment_document.hpp"

#include "client/report/experiment_json.hpp"

#include <nlohmann/json.hpp>

namespace waitlab::client {

std::string experiment_document(const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  const nlohmann::ordered_json json = experiment_json(result, comparison, judge_experiment(result, comparison));
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace waitlab::client
