#include "client/commands/check_command.hpp"
