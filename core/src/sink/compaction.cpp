#include "sink/compaction.h"

#include <map>

namespace rocketlink::sink {

bool is_compacted(cluster::Cluster& cluster, const std::string& topic, const std::vector<Target>& targets) {
  std::map<std::string, cluster::Addressed> requests;
  for (const Target& target : targets) {
    if (!target.address) continue;
    net::Request request;
    request.code = wire::RequestCode::kGetTopicConfig;
    request.ext.set("topic", topic);
    requests.try_emplace(*target.address, cluster::Addressed{*target.address, std::move(request)});
  }
  std::vector<cluster::Addressed> all;
  for (auto& [address, request] : requests) all.push_back(std::move(request));
  cluster::Interrupt never;
  for (const auto& answer : cluster.call_all(std::move(all), cluster.timing().control, never)) {
    if (!answer || answer->header.code != 0) continue;
    const auto compacted = wire::parse_is_compacted(answer->body.bytes);
    if (compacted && *compacted) return true;
  }
  return false;
}

}  // namespace rocketlink::sink
