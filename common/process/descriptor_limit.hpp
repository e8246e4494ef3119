#pragma once

namespace waitlab {

/// Lets this process open as many descriptors as its hard limit allows (RLIMIT_NOFILE). Does nothing if the limit can't
/// be changed: running out of descriptors is then met earlier, where it is handled anyway.
void raise_descriptor_limit() noexcept;

}  // namespace waitlab
