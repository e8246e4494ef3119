#include "client/commands/capacity_arguments.hpp"
