#pragma once

#include "common/config/jsonc.hpp"
#include "common/result.hpp"

namespace waitlab::client {

/// Takes the `quick` block out of an experiment file. If `quick`, the block is a merge patch (RFC 7396) that changes
/// the rest, and errors in what it brings name its own lines. Returns whether there was a block. Failure: it is no
/// object.
Result<bool> take_quick_patch(JsonDocument& document, bool quick);

}  // namespace waitlab::client
