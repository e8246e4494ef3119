#include "client/record/arrival_fit.hpp"
