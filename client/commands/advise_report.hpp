#pragma once

#include "client/advice/advice.hpp"
#include "client/commands/advise_verification.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace waitlab::client {

/// What `advise` has to say.
struct AdviseReport {
  std::string command;
  Advice advice;
  std::optional<Verification> verification{};  ///< of --verify, if it could be run
};

nlohmann::ordered_json to_json(const AdviseReport& report);

/// The JSON Schema of that, docs/advice.schema.json.
std::string advice_schema();

}  // namespace waitlab::client
