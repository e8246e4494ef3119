#pragma once

#include "client/check/conditions.hpp"
#include "client/check/run_logs.hpp"
#include "client/check/stray.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

enum class FindingVerdict { agrees, differs, not_judged };

/// What a figure's numbers are: seconds, a share of 1, or a plain number.
enum class FigureUnit { seconds, share, number };

/// One figure of one law against what was measured.
struct Finding {
  std::string law;     ///< "Little", "replay", "Erlang-C", "M/G/inf"
  std::string figure;  ///< "mean response"
  FigureUnit unit = FigureUnit::number;
  std::optional<double> predicted{};
  std::optional<double> measured{};
  std::optional<Band> tolerance{};  ///< where the measured one may lie
  FindingVerdict verdict = FindingVerdict::not_judged;
  std::string why{};  ///< it was not judged: one clause
};

/// The verdict by the tolerance, or, with a reason `why_not`, none. A figure that has not been measured, or has no
/// tolerance, must come with a reason.
Finding judged(Finding finding, const std::optional<std::string>& why_not);

/// What became of holding one run against theory.
struct CheckReport {
  std::string name;
  std::string setting;  ///< "fixed-pool of 8 threads, 128.4/s, mean hold 50.1 ms, utilisation 0.80"
  std::vector<Condition> conditions{};
  std::vector<Finding> findings{};
  std::vector<std::string> notes{};  ///< what else is worth knowing, and how to make more checks possible

  /// Differs if any figure does; agrees if at least one was judged.
  FindingVerdict verdict() const;
};

/// What a strategy of this name is, for runs whose result does not say, or in a Failure why that can't be told. The
/// sizes among its facts are not those of the run.
using AskFacts = std::function<Result<StrategyFacts>(const std::string& strategy)>;

/// Holds a run against theory: for a pool Little, replay and Erlang-C, in that order; for a strategy in which nothing
/// queues for a worker, Little and M/G/infinity. Which of both it is, follows from its facts, never from its name. What
/// can't be checked says why, and the notes how it could be.
CheckReport check_run(const CheckSubject& subject, const SimulationPlan& plan, const AskFacts& ask);

}  // namespace waitlab::client
