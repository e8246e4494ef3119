#include "client/record/server_timing.hpp"
