#pragma once

#include "client/record/experiment_result.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {

/// What starts this waitlab-server with these "key=value" settings.
std::vector<std::string> server_command(const std::filesystem::path& server, const std::vector<std::string>& settings);

/// Asks the server program whether it accepts the target's settings, without running it. A refusal is a Failure with
/// the server's own words.
Result<void> check_settings(const std::filesystem::path& server, const ExperimentTarget& target);

/// Asks the server program what its strategy would be under these settings, without running it: it knows the names. A
/// refusal is a Failure with the server's own words, which name what is near.
Result<StrategyFacts> ask_facts(const std::filesystem::path& server, const std::vector<std::string>& settings);

/// Asks the server program which strategies it has and what each would be on this machine, by its defaults; in its own
/// order. Failure: it is missing, or did not say.
Result<std::vector<std::pair<std::string, StrategyFacts>>> ask_strategies(const std::filesystem::path& server);

/// Fills in what results lack that were made before servers told of their strategies: the server program is asked, once
/// for each target, and the number of workers is the one that the result tells. A target whose facts depend on a number
/// that nobody knows gets none, nor does one whose settings name no strategy. Failure: the first thing that could not
/// be asked; the others are filled in all the same.
Result<void> complete_facts(ExperimentResult& result, const std::filesystem::path& server);

}  // namespace waitlab::client
