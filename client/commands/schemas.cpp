#include "client/commands/schemas.hpp"

#include "client/check/check_output.hpp"
#include "client/commands/advise_report.hpp"
#include "client/commands/capacity_report.hpp"
#include "client/engine/request_template.hpp"
#include "client/experiment/experiment_file.hpp"
#include "client/format/result_json.hpp"
#include "client/lessons/lesson_text.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/run_comparison.hpp"

#include <array>

namespace waitlab::client {

std::span<const PublishedSchema> published_schemas() {
  static constexpr std::array schemas{
      PublishedSchema{"result", "docs", result_schema},
      PublishedSchema{"experiment", "experiments", experiment_schema},
      PublishedSchema{"experiment-result", "docs", experiment_result_schema},
      PublishedSchema{"advice", "docs", advice_schema},
      PublishedSchema{"capacity", "docs", capacity_schema},
      PublishedSchema{"check", "docs", check_schema},
      PublishedSchema{"compare", "docs", compare_schema},
      PublishedSchema{"lesson", "docs", lesson_schema},
      PublishedSchema{"targets", "docs", targets_schema},
  };
  return schemas;
}

}  // namespace waitlab::client
