#include "client/commands/capacity_command.hpp"
