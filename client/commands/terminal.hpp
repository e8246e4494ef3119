#pragma once

namespace waitlab::client {

/// Whether stderr is a terminal whose cursor can be moved, so that what was printed can be replaced.
bool stderr_can_redraw();

}  // namespace waitlab::client
