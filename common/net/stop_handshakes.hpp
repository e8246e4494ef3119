#pragma once

namespace waitlab {

/// No further connection comes about on a listening socket from now on, as the kernel drops each that begins; those it
/// holds already are still to be accepted. For the moment before it is closed, which resets all that has not been.
/// Returns false where the kernel grants no means for it, as in some containers.
bool stop_handshakes(int listening_socket) noexcept;

}  // namespace waitlab
