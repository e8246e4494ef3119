#pragma once

#include "client/record/load_result.hpp"

#include <string>

namespace waitlab::client {

/// The result as Prometheus text (exposition format 0.0.4), fit for node_exporter's textfile collector: all metrics are
/// named waitlab_client_… and carry `url` and `method`; durations are in seconds. The histograms have buckets from
/// 500 us to 10 s. Nobody knows how long a timed-out request would have taken, so it is in no bucket but the last,
/// `+Inf`, and its time-out in the sum.
std::string prometheus_text(const LoadResult& result);

}  // namespace waitlab::client
