#include "client/record/slice_series.hpp"
