#include "client/commands/capacity_search.hpp"
