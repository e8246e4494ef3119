#include "client/commands/check_arguments.hpp"
