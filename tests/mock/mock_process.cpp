#include "mock/mock_process.h"

namespace rocketlink::mock {

namespace {

bool is_name_server(const std::string& label) {
  return label.starts_with("namesrv-");
}

}  // namespace

MockProcess::MockProcess(MockCluster& cluster, std::string its_label, Runtime& runtime, Schedule& schedule,
                         Random& random)
    : label(std::move(its_label)),
      broker(is_name_server(label) ? "" : label.substr(0, label.rfind('/'))),
      id(is_name_server(label) ? 0 : std::stoll(label.substr(label.rfind('/') + 1))),
      server(cluster, label),
      stages_(kSteps, Stage(runtime, schedule, random)) {}

Stage& MockProcess::stage_for(wire::RequestCode code) {
  switch (code) {
    case wire::RequestCode::kSendMessageV2:
    case wire::RequestCode::kSendBatchMessage:
      return stage(Step::kSend);
    case wire::RequestCode::kPullMessage:
      return stage(Step::kPull);
    default:
      return stage(Step::kOther);
  }
}

void MockProcess::freeze(bool frozen) {
  for (Stage& one : stages_) one.freeze(frozen);
}

void MockProcess::drop_work() {
  for (Stage& one : stages_) one.clear();
  parked.clear();
  pending.clear();
}

}  // namespace rocketlink::mock
