#pragma once

#include "client/advice/advice.hpp"
#include "client/experiment/experiment_file.hpp"
#include "client/record/experiment_result.hpp"
#include "client/stats/time_summary.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// A server that was tried, over the valid runs of all repeats.
struct TriedServer {
  std::string name;
  bool advised = false;
  unsigned runs = 0;    ///< that are valid; 0: nothing is known
  TimeFigure figure{};  ///< of the SLO
  bool close = false;   ///< whether its interval holds the limit, so that another run may well find otherwise
  bool met = false;     ///< the SLO, and errors<1%
  std::string miss{};   ///< "errors<1%: 7 of 300 requests, 2.33 %", of the first that was not met; empty: none
};

/// What came of trying the advice out.
struct Verification {
  std::vector<TriedServer> servers;  ///< the advised one first
  std::string sentence;              ///< whether it held, and how the others fared

  bool known() const { return servers.front().runs > 0; }
  bool held() const { return servers.front().met; }
};

/// Whether this machine can carry the load and the server at once, as far as that can be told before. The Failure says
/// what is lacking.
Result<void> expect_verifiable(const Advice& advice, const Placement& placement);

/// The experiment that tries it out, as the text of its file: what is advised, the next smaller size, and one that
/// waits in another way. `advice` must advise something.
std::string verification_experiment(const Advice& advice);

/// What the runs of that experiment say of the advice.
Verification judge_verification(const Advice& advice, const ExperimentResult& result);

}  // namespace waitlab::client
