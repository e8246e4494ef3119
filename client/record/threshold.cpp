#include "client/record/threshold.hpp"
