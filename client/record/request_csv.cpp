#include "client/record/request_csv.hpp"
