#include "client/commands/schemas.hpp"

#include "client/check/check_output.hpp"
#include "client/commands/capacity_report.hpp"
#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/run_comparison.hpp"

#include <array>

namespace waitlab::client {

std::span<const PublishedSchema> published_schemas() {
  static constexpr std::array schemas{
      PublishedSchema{"result", result_schema},     PublishedSchema{"experiment-result", experiment_result_schema},
      PublishedSchema{"capacity", capacity_schema}, PublishedSchema{"check", check_schema},
      PublishedSchema{"compare", compare_schema},
  };
  return schemas;
}

}  // namespace waitlab::client
