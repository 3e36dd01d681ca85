#include "engine/job.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace rocketlink::engine {

namespace {

DiscoverySettings discovery_settings(const JobSpec& job, const ScanSpec& scan) {
  DiscoverySettings settings;
  settings.table = scan.table;
  settings.bounded = scan.options.bounded_mode != BoundedMode::kUnbounded;
  settings.interval = std::chrono::milliseconds(scan.options.discovery_interval_ms);
  settings.patience = job.connect_patience;
  settings.log = job.log;
  return settings;
}

}  // namespace

Result<std::unique_ptr<Job>> Job::prepare(JobSpec spec, duck::Database& database) {
  std::unique_ptr<Job> job(new Job(std::move(spec)));
  if (job->spec_.on_stop) job->control_.on_stop(job->spec_.on_stop);
  for (std::size_t scan = 0; scan < job->spec_.scans.size(); ++scan) {
    auto& pipelines = job->pipelines_.emplace_back();
    std::vector<Discovery::Reader> readers;
    for (std::size_t i = 0; i < job->spec_.scans[scan].readers; ++i) {
      auto pipeline = Pipeline::prepare(job->spec_, scan, i, database, job->control_);
      if (!pipeline) return std::move(pipeline).error();
      readers.push_back({[target = pipeline->get()](std::span<const Split> splits) { target->add_splits(splits); },
                         [target = pipeline->get()] { target->no_more_splits(); }});
      pipelines.push_back(*std::move(pipeline));
    }
    const ScanSpec& table = job->spec_.scans[scan];
    auto enumerator = SourceEnumerator::create(table.client, table.options, static_cast<std::int32_t>(readers.size()));
    if (!enumerator) return std::move(enumerator).error();
    job->discoveries_.push_back(std::make_unique<Discovery>(discovery_settings(job->spec_, table),
                                                            *std::move(enumerator), std::move(readers), job->control_));
  }
  for (const InsertSpec& insert : job->spec_.inserts) {
    if (insert.scan) continue;
    auto run = SingleRun::prepare(job->spec_, insert, database, job->control_);
    if (!run) return std::move(run).error();
    job->single_runs_.push_back(*std::move(run));
  }
  return job;
}

Job::~Job() {
  control_.stop();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

Status Job::run() {
  for (const auto& discovery : discoveries_) {
    start([work = discovery.get()] { return work->run(); }, false);
  }
  for (const auto& pipelines : pipelines_) {
    for (const auto& pipeline : pipelines) start([work = pipeline.get()] { return work->run(); }, true);
  }
  for (const auto& single : single_runs_) {
    start([work = single.get()] { return work->run(); }, true);
  }
  wait();
  control_.stop();  // discoveries of scans that are read to their ends
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (auto error = control_.error()) return *std::move(error);
  return {};
}

void Job::start(std::function<Status()> work, bool counts) {
  if (counts) {
    const std::lock_guard lock(mutex_);
    ++working_;
  }
  const auto end = [this, counts](Status done) {
    if (!done) control_.fail(std::move(done).error());
    if (!counts) return;
    const std::lock_guard lock(mutex_);
    --working_;
    ended_->notify_all();
  };
  try {
    threads_.emplace_back([end, work = std::move(work)] { end(work()); });
  } catch (const std::system_error& none) {
    end(Error(ErrorCode::kIo, fmt::format("the machine has no thread for the job: {}", none.what()), true));
  }
}

/// Until all work has ended. When the run shall end and acknowledgements do not come, they are given up.
void Job::wait() {
  control_.on_stop([this] {
    const std::lock_guard lock(mutex_);
    ended_->notify_all();
  });
  std::unique_lock lock(mutex_);
  ended_->wait(lock, [&] { return working_ == 0 || control_.stopping(); });
  if (ended_->wait_until(lock, control_.runtime().now() + spec_.drain_patience, [&] { return working_ == 0; })) return;
  lock.unlock();
  control_.fail(Error(ErrorCode::kTimeout,
                      fmt::format("not everything was acknowledged within {} s after the run was to end; what is "
                                  "missing is not committed and will be read again",
                                  std::chrono::duration_cast<std::chrono::seconds>(spec_.drain_patience).count())));
  for (const auto& pipelines : pipelines_) {
    for (const auto& pipeline : pipelines) pipeline->abort();
  }
  for (const auto& single : single_runs_) single->abort();
  lock.lock();
  ended_->wait(lock, [&] { return working_ == 0; });
}

JobStats Job::stats() const {
  JobStats stats;
  for (const InsertSpec& insert : spec_.inserts) stats.sinks.push_back({insert.target, insert.scan, {}});
  const auto add_outputs = [&](const std::vector<const InsertSpec*>& inserts, const Outputs& outputs) {
    const auto out = outputs.stats();
    for (std::size_t i = 0; i < out.size(); ++i) {
      stats.sinks[static_cast<std::size_t>(inserts[i] - spec_.inserts.data())].out += out[i];
    }
  };
  for (std::size_t scan = 0; scan < pipelines_.size(); ++scan) {
    std::optional<InputStats> in;
    for (const auto& pipeline : pipelines_[scan]) {
      if (in) {
        *in += pipeline->stats();
      } else {
        in = pipeline->stats();
      }
      add_outputs(spec_.inserts_of(scan), pipeline->outputs());
    }
    stats.sources.push_back({spec_.scans[scan].table, std::move(in).value_or(InputStats{})});
  }
  for (const auto& single : single_runs_) add_outputs({&single->spec()}, single->outputs());
  return stats;
}

}  // namespace rocketlink::engine
