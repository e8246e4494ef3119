#include "client/engine/tls_session.hpp"
