#include "client/record/hgrm_text.hpp"
