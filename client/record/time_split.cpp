#include "client/record/time_split.hpp"
