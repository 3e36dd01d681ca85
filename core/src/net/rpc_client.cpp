#include "net/rpc_client.h"

#include <array>

#include "wire/instance.h"

namespace rocketlink::net {

namespace {

void put_into(const std::string& instance, Request& request) {
  constexpr std::array<std::string_view, 2> kNames = {"topic", "consumerGroup"};
  constexpr std::array<std::string_view, 2> kNamesOfSends = {"a", "b"};  // producer group and topic
  if (instance.empty()) return;
  const bool sends =
      request.code == wire::RequestCode::kSendMessageV2 || request.code == wire::RequestCode::kSendBatchMessage;
  for (const std::string_view field : sends ? kNamesOfSends : kNames) {
    if (const auto name = request.ext.find(field)) {
      request.ext.replace(field, wire::in_instance(instance, *name));
    }
  }
}

}  // namespace

RpcClient::RpcClient(Runtime& runtime, EventLoop& loop, RpcSettings settings)
    : loop_(loop),
      signer_(std::move(settings.account), settings.secret),
      instance_(settings.instance),
      settings_(std::make_shared<const ConnectionSettings>(ConnectionSettings{
          settings.timing, std::move(settings.log), std::move(settings.tls), &runtime, signer_.account(), instance_})) {
}

RpcClient::~RpcClient() {
  loop_.run_and_wait([this] {
    closed_ = true;
    const Error closed(ErrorCode::kClosed, "the client was closed");
    auto connections = std::move(connections_);
    auto retired = std::move(retired_);
    for (auto& [to, open] : connections) open->close(closed);
    for (auto& open : retired) open->close(closed);
  });
}

void RpcClient::call(const std::string& address, Request request, Milliseconds timeout, Callback callback,
                     std::uint32_t stream) {
  calls_.fetch_add(1, std::memory_order_relaxed);
  put_into(instance_, request);
  signer_.sign(request);
  Endpoint to(address, stream);
  if (loop_.on_loop_thread()) {
    call_on_loop(to, std::move(request), timeout, std::move(callback));
    return;
  }
  loop_.post(
      [this, to = std::move(to), request = std::move(request), timeout, callback = std::move(callback)]() mutable {
        call_on_loop(to, std::move(request), timeout, std::move(callback));
      });
}

void RpcClient::call_on_loop(const Endpoint& to, Request request, Milliseconds timeout, Callback callback) {
  if (closed_) {
    callback(Error(ErrorCode::kClosed, "the client was closed"));
    return;
  }
  connection(to)->call(std::move(request), timeout, std::move(callback));
}

std::shared_ptr<Connection> RpcClient::connection(const Endpoint& to) {
  const auto found = connections_.find(to);
  if (found != connections_.end() && !found->second->going_away()) return found->second;
  std::erase_if(retired_, [](const auto& open) { return open->idle(); });
  if (found != connections_.end()) {
    retired_.push_back(std::move(found->second));
    connections_.erase(found);
  }
  // Brokers move: what is at the addresses they left is not kept for ever.
  std::erase_if(connections_, [](const auto& entry) { return entry.second->forgettable(); });
  return connections_.emplace(to, std::make_shared<Connection>(loop_, to.first, settings_)).first->second;
}

}  // namespace rocketlink::net
