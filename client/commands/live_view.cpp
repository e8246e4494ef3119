#include "client/commands/live_view.hpp"
