#pragma once

#include "common/result.hpp"

namespace waitlab::client {

/// Makes sure that this process may have `connections` sockets open besides what else it needs, raising its soft limit
/// as far as the hard one allows. Failure when that is not enough.
Result<void> allow_descriptors(unsigned connections);

}  // namespace waitlab::client
