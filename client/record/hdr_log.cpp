#include "client/record/hdr_log.hpp"
