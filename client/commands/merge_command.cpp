#include "client/commands/merge_command.hpp"
