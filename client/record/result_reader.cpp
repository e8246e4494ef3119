#include "client/record/result_reader.hpp"
