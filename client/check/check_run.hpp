#pragma once

#include "client/check/check_report.hpp"
#include "client/check/subject.hpp"

namespace waitlab::client {

/// Holds a run against theory: for a fixed pool Little, replay and Erlang-C, in that order; for a strategy in which
/// nothing queues for a thread, Little and M/G/infinity. What can't be checked says why, and the notes how it could be.
CheckReport check_run(const CheckSubject& subject, const SimulationPlan& plan);

}  // namespace waitlab::client
