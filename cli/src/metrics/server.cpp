#include "metrics/server.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "metrics/families.h"
#include "metrics/page_server.h"
#include "metrics/rates.h"

namespace rocketlink::metrics {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kSampleEvery{5};  ///< rates are reckoned from samples
static_assert(2 * kSampleEvery <= Rates::kSpan, "a rate takes two samples");

class Figures {
 public:
  Figures(std::function<engine::JobStats()> stats, const SecretMask& mask)
      : stats_(std::move(stats)), mask_(mask), sampler_([this] { sample(); }) {}
  ~Figures() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    sampler_.join();
  }
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  [[nodiscard]] std::string page() const {
    auto shown = families();
    for (auto& family : shown) {
      for (auto& metric : family.metric) {
        for (auto& label : metric.label) label.value = mask_.masked(label.value);
      }
    }
    return prometheus::TextSerializer().Serialize(shown);
  }

 private:
  [[nodiscard]] std::vector<prometheus::MetricFamily> families() const {
    const engine::JobStats stats = stats_();
    const std::lock_guard lock(mutex_);
    return metrics::families(stats, rates_.per_second(Steady::now(), volumes_of(stats)));
  }
  void sample() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      lock.unlock();
      Volumes volumes = volumes_of(stats_());
      lock.lock();
      rates_.add(Steady::now(), std::move(volumes));
      changed_.wait_for(lock, kSampleEvery, [this] { return ending_; });
    }
  }

  const std::function<engine::JobStats()> stats_;
  const SecretMask& mask_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Rates rates_;          // guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  std::thread sampler_;  // last: it uses all of the above
};

class PrometheusServer final : public Server {
 public:
  PrometheusServer(std::string host, const std::string& port, std::function<engine::JobStats()> stats,
                   const SecretMask& mask)
      : host_(std::move(host)),
        figures_(std::move(stats), mask),
        pages_(host_, port,
               {"/metrics", "text/plain; version=0.0.4; charset=utf-8", [this] { return figures_.page(); }}) {}

  [[nodiscard]] std::string url() const override { return fmt::format("http://{}:{}/metrics", host_, pages_.port()); }

 private:
  std::string host_;
  Figures figures_;
  PageServer pages_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const std::string& address, std::function<engine::JobStats()> stats,
                                             const SecretMask& mask) {
  const auto refused = [&](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("--metrics {}: {}", address, why));
  };
  const std::size_t colon = address.rfind(':');
  const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
  const bool number = !port.empty() && port.size() <= 5 &&
                      std::all_of(port.begin(), port.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (colon == std::string::npos || colon == 0 || !number || std::stoi(port) > 65535) {
    return refused("write HOST:PORT, such as 127.0.0.1:9249; port 0 is one that is free");
  }
  try {
    return std::unique_ptr<Server>(new PrometheusServer(address.substr(0, colon), port, std::move(stats), mask));
  } catch (const std::exception& error) {
    return refused(
        fmt::format("cannot listen there ({}); is the port taken, and the address this machine's?", error.what()));
  }
}

}  // namespace rocketlink::metrics
