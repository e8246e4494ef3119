#include "client/record/prometheus_text.hpp"
