#include "client/commands/compare_arguments.hpp"
