#pragma once

#include <string_view>

namespace waitlab {

/// Whether this variable of a program's environment is one that Kubernetes sets for each service of a namespace, or
/// Docker for a container that is linked to (--link), if the service is called waitlab, waitlab-backend or the like:
/// nobody who starts the program wrote it, and it means nothing to it. Told by its shape, name and value together:
/// WAITLAB_PORT=tcp://10.0.0.1:8080 is one, WAITLAB_LISTEN_PORT=8080 somebody's mistake. `name` starts with WAITLAB_.
bool is_set_by_platform(std::string_view name, std::string_view value);

}  // namespace waitlab
