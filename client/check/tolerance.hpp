#pragma once

namespace waitlab::client {

/// What the client's times may differ by from the server's. The way there and back takes a request up to this long, and
/// a share of its time that is each law's own.
inline constexpr double way_seconds = 0.001;

/// The width of a histogram's bucket.
inline constexpr double bucket_share = 0.002;

}  // namespace waitlab::client
