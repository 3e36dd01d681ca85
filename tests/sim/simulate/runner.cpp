#include "sim/simulate/runner.h"

#include <fmt/format.h>

#include "cluster/cluster.h"

namespace rocketlink::sim {

SourceOptions source_options(const JobSettings& settings, const std::string& group) {
  const Plan& plan = settings.plan;
  SourceOptions options;
  options.connection.endpoints = settings.endpoints;
  options.connection.access_id = "account";
  options.connection.access_key = settings.access_key;
  options.connection.max_api_calls_per_second = plan.max_api_calls_per_second;
  options.topic = settings.input;
  options.consumer_group = group;
  options.pull_batch_size = plan.pull_batch_size;
  if (!plan.long_polling) options.pull_interval_ms = 200;
  options.discovery_interval_ms = plan.discovery_interval_ms;
  options.out_of_range = OutOfRangePolicy::kEarliest;
  if (plan.filters) options.tags = {std::string(kWantedTag)};
  switch (settings.kind) {
    case JobKind::kPlain:
    case JobKind::kDropping:
    case JobKind::kGivingUp:
      break;
    case JobKind::kBounded:
      options.bounded_mode = BoundedMode::kLatest;
      break;
    case JobKind::kTail:
      options.start_fallback = StartMode::kLatest;
      break;
    case JobKind::kSince:
      options.start_mode = StartMode::kTimestamp;
      options.start_timestamp_ms = settings.start_time_ms;
      break;
  }
  return options;
}

SinkOptions sink_options(const JobSettings& settings) {
  SinkOptions options;
  options.connection.endpoints = settings.endpoints;
  options.connection.access_id = "account";
  options.connection.access_key = settings.access_key;
  options.topic = settings.output;
  options.producer_group = "copier";
  options.sleep_time_ms = settings.plan.sleep_time_ms;
  options.retry_times = 1'000'000;
  options.batch_max_messages = settings.plan.batch_max_messages;
  if (settings.kind == JobKind::kDropping) options.guarantee = DeliveryGuarantee::kNone;
  if (settings.kind == JobKind::kDropping || settings.kind == JobKind::kGivingUp) options.retry_times = 1;
  if (const auto delivery = delivery_of(settings.plan)) {
    options.delivery.mode = DeliveryMode::kField;
    options.delivery.encoding = *delivery;
  }
  return options;
}

std::optional<DeliveryEncoding> delivery_of(const Plan& plan) {
  if (!plan.delays) return std::nullopt;
  return plan.version >= 413 ? DeliveryEncoding::kTimer : DeliveryEncoding::kDelayLevel;
}

LogFunction log_of(Process& process, Judges& judges, const std::string& life) {
  return [&process, &judges, life](LogLevel level, std::string_view text) {
    process.log(text);
    judges.logged(life, level, text);
  };
}

std::shared_ptr<Client> make_client(Process& process, const JobSettings& settings, LogFunction log,
                                    std::shared_ptr<CallBudget> budget) {
  const ConnectionOptions connection = sink_options(settings).connection;
  return std::make_shared<Client>(std::make_unique<cluster::Cluster>(connection, std::move(log), cluster::Timing{},
                                                                     std::move(budget), nullptr, process));
}

Runner::Runner(Process& process, const JobSettings& settings, const std::string& group, const std::string& life,
               Begins begins)
    : process_(process),
      settings_(settings),
      group_(group),
      life_(life),
      begins_(std::move(begins)),
      control_(process, log_of(process, settings.judges, life)) {
  const auto budget = std::make_shared<CallBudget>(settings.plan.max_api_calls_per_second);
  const std::size_t clients = settings.plan.client_for_each ? settings.readers : 1;
  const LogFunction log = log_of(process, settings.judges, life);
  while (clients_.size() < clients) clients_.push_back(make_client(process, settings, log, budget));
  const SourceOptions options = source_options(settings, group);
  std::vector<engine::Discovery::Reader> readers;
  for (std::size_t i = 0; i < settings.readers; ++i) {
    names_.push_back(fmt::format("{}.{}", life, i));
    const Life named{process,
                     settings.judges,
                     group,
                     names_.back(),
                     settings.plan.keyed,
                     delivery_of(settings.plan),
                     settings.kind == JobKind::kDropping};
    const auto& client = clients_[i % clients_.size()];
    auto open = [this, client] { return Sink::open(client, sink_options(settings_)); };
    works_.push_back(std::make_unique<CopyWork>(named, open, control_));
    engine::ReadLoopSettings loop;
    loop.table = "input";
    loop.commit_interval = settings.plan.commit_interval;
    loop.commits_start = options.start_is_passing();
    loops_.push_back(
        std::make_unique<engine::ReadLoop>(loop, *SourceReader::create(client, options), *works_.back(), control_));
    readers.push_back({[this, i](std::span<const Split> splits) {
                         for (const Split& split : splits) begins_(names_[i], split);
                         loops_[i]->add_splits(splits);
                       },
                       [this, i] { loops_[i]->no_more_splits(); }});
  }
  engine::DiscoverySettings discovery;
  discovery.table = "input";
  discovery.bounded = settings.kind == JobKind::kBounded;
  discovery.interval = std::chrono::milliseconds(options.discovery_interval_ms);
  discovery.patience = std::chrono::milliseconds(10'000);
  discovery.log = log;
  auto enumerator = SourceEnumerator::create(clients_.front(), options, static_cast<std::int32_t>(settings.readers));
  discovery_ = std::make_unique<engine::Discovery>(discovery, *std::move(enumerator), std::move(readers), control_);
}

Runner::~Runner() {
  control_.stop();
  if (!process_.alive()) abandon();
  for (const auto& thread : threads_) thread->join();
}

void Runner::abandon() {
  control_.stop();
  for (const auto& work : works_) work->abort();
}

void Runner::start() {
  run("discovery", [this] { return discovery_->run(); });
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    run(fmt::format("reader {}", i), [this, i] { return loops_[i]->run(); });
  }
}

void Runner::run(const std::string& thread, std::function<Status()> work) {
  ++working_;
  threads_.push_back(process_.spawn(thread, [this, work = std::move(work)] {
    if (auto done = work(); !done) control_.fail(std::move(done).error());
    --working_;
  }));
}

void Runner::set_slowness(std::chrono::nanoseconds slowness) {
  for (const auto& work : works_) work->slowness = slowness;
}

void Runner::look() {
  std::uint64_t calls = 0;
  std::uint64_t of_readers = 0;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const ReaderStats reader = loops_[i]->reader_stats();
    const SinkStats sink = works_[i]->sink_stats();
    settings_.judges.buffered(names_[i], reader.bytes_buffered);
    settings_.judges.sent(names_[i], sink);
    settings_.judges.retried(names_[i], reader.retries);
    calls += reader.api_calls + sink.api_calls;
    of_readers += reader.api_calls;
  }
  // A start by time may be searched by pulls, which are none of the reader's.
  if (settings_.kind != JobKind::kSince && settings_.kind != JobKind::kTail)
    settings_.judges.told_of_calls(group_, life_, of_readers);
  if (settings_.plan.max_api_calls_per_second > 0)
    settings_.judges.called(life_, calls, settings_.plan.max_api_calls_per_second);
}

}  // namespace rocketlink::sim
