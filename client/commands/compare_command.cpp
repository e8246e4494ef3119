#include "client/commands/compare_command.hpp"
