#pragma once

namespace waitlab::client {

/// Erlang's loss formula (Erlang 1917): the share of Poisson arrivals that find all `servers` busy when nobody may
/// wait. `offered_load` = rate * mean hold, at least 0. By the recursion B_k = a B_(k-1) / (k + a B_(k-1)), which
/// neither overflows nor cancels.
double erlang_b(double offered_load, unsigned servers);

/// Erlang's delay formula (Erlang 1917): the share of Poisson arrivals that must wait, in one first-in-first-out queue
/// for `servers` with exponential holds. 1 where `offered_load` is not below `servers`: then everyone waits in the end.
double erlang_c(double offered_load, unsigned servers);

}  // namespace waitlab::client
