#include "client/schedule/rate_curve.hpp"
