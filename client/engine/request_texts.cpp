#include "client/engine/request_texts.hpp"

#include "client/engine/request_mix.hpp"

namespace waitlab::client {

std::vector<RequestTemplate> request_mix(const LoadOptions& options) {
  if (!options.targets.empty()) return options.targets;
  return {{.method = options.method, .path = {}, .headers = {}, .body = options.body}};
}

RequestTexts::RequestTexts(const LoadOptions& options, const Target& target) : seed_(options.seed) {
  std::vector<double> weights;
  for (const RequestTemplate& request : request_mix(options)) {
    texts_.emplace_back(options, target, request);
    weights.push_back(request.weight);
  }
  cumulative_weights_ = cumulative_weights(weights);
}

std::size_t RequestTexts::choose(std::uint64_t n) const noexcept {
  return texts_.size() == 1 ? 0 : choose_target(cumulative_weights_, seed_, n);
}

}  // namespace waitlab::client
