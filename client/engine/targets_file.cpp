#include "client/engine/targets_file.hpp"
