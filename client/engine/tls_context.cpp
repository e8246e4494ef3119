#include "client/engine/tls_context.hpp"
