#include "client/engine/request_texts.hpp"

#include "client/engine/request_mix.hpp"

namespace waitlab::client {

std::vector<RequestTemplate> request_mix(const LoadOptions& options, const Target& target) {
  if (options.targets.empty()) {
    return {{.method = options.method, .path = target.origin_form, .headers = {}, .body = options.body}};
  }
  std::vector<RequestTemplate> mix = options.targets;
  for (RequestTemplate& request : mix) {
    if (request.path.empty()) request.path = target.origin_form;
  }
  return mix;
}

RequestTexts::RequestTexts(const LoadOptions& options, const Target& target) : seed_(options.seed) {
  std::vector<double> weights;
  for (const RequestTemplate& request : request_mix(options, target)) {
    texts_.emplace_back(options, target, request);
    weights.push_back(request.weight);
  }
  cumulative_weights_ = cumulative_weights(weights);
}

std::size_t RequestTexts::choose(std::uint64_t n) const noexcept {
  return texts_.size() == 1 ? 0 : choose_target(cumulative_weights_, seed_, n);
}

}  // namespace waitlab::client
