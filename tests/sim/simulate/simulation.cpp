#include "sim/simulate/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sim/chaos.h"
#include "sim/simulate/checkpointed_job.h"
#include "sim/simulate/native_job.h"
#include "sim/simulate/troubles.h"

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kStep{50};
constexpr std::uint64_t kLooksApart = 20;  ///< steps between two looks at connections
constexpr std::uint64_t kEventsPerSecond = 1'000'000;
constexpr std::chrono::minutes kLongest = 20min;
/// For everything, where nothing is wrong: what sleeps in the core for longer only renews what was done. The longest
/// that a message waits for is a pause before a pull (5 s), or before the next life of a bounded job, and a commit.
constexpr std::chrono::seconds kCalmPatience = 20s;
constexpr std::chrono::seconds kProgress = 20s;  ///< within which something must arrive while not all is there
constexpr std::size_t kBurstBytes = 14 * 1024 * 1024;
const std::string kInput = "input";
const std::string kOutput = "output";
constexpr std::chrono::seconds kTogether = 10s;  ///< before a broker leaves
constexpr std::chrono::seconds kBehind = 35s;    ///< that a job may be without it: a send to it fails after ten
constexpr std::size_t kMostConnections = 120;    ///< of a client
const std::string kAway = "broker-b";
const std::string kSecret = "hTb5x-secret-kQ9";

mock::MockSetup setup_of(const Plan& plan, Judges& judges) {
  mock::MockSetup setup;
  setup.name_servers = plan.name_servers;
  setup.brokers = plan.brokers;
  setup.version = plan.version;
  setup.keeps_seen = false;
  setup.hold_check = 5s;
  setup.max_message_bytes = plan.max_message_bytes;
  const mock::MockSetup real = mock::MockSetup::like_real();
  if (plan.registers) setup.register_every = real.register_every;
  if (plan.persists_later) setup.persist_offsets_every = real.persist_offsets_every;
  if (plan.busy_brokers) setup.queue_limits = real.queue_limits;
  if (plan.slaves) setup.sync_slaves_every = real.sync_slaves_every;
  setup.sync_flush = plan.sync_flush;
  setup.sync_replication = plan.sync_replication;
  setup.acting_master = plan.acting_master;
  setup.observer = &judges;
  return setup;
}

/// One world with its workload, from the first message to the last judgement.
class Simulation {
 public:
  Simulation(World& world, const Plan& plan)
      : world_(world),
        plan_(plan),
        judges_(world, kInput, kOutput, kSecret, plan.without_trouble()),
        cluster_(setup_of(plan, judges_), world.process("servers"), &world.network()),
        messages_(world.random("messages")),
        lives_(world.random("lives")) {
    for (std::size_t i = 0; i < plan.brokers.size(); ++i) {
      cluster_.create_topic(kInput, plan.queues[i], {plan.brokers[i]});
      cluster_.create_topic(kOutput, plan.queues[i], {plan.brokers[i]});
    }
    if (plan.routes_are_whole() && plan.read_only + plan.fewer_queues == 0) judges_.routes_stay();
    for (const std::string& broker : plan.brokers) {
      if (plan.slaves) cluster_.add_slave(broker, 1);
    }
    mock::PullLimits limits;
    limits.messages = plan.messages_per_pull;
    cluster_.set_limits(limits);
    // By a name, so that names can be slow, unknown, or lead nowhere at first.
    world.network().name("name-servers", {asio::ip::address_v4::loopback()});
    for (const std::string& endpoint : cluster_.endpoints())
      settings_.endpoints.push_back("name-servers" + endpoint.substr(endpoint.rfind(':')));
    add_job("runner", JobKind::kPlain, plan.runner_readers, 0s);
    if (plan.bounded) add_job("bounded", JobKind::kBounded, 2, lives_.skewed(1s, 30s));
    if (plan.tail) add_job("tail", JobKind::kTail, 1, lives_.skewed(1s, 30s));
    if (plan.since) add_job("since", JobKind::kSince, 1, lives_.skewed(1s, 60s));
    if (plan.dropping) add_job("dropping", JobKind::kDropping, 1, 0s);
    if (plan.gives_up) {
      add_job("giving-up", JobKind::kGivingUp, 2, 0s);
      settings_.kind = JobKind::kGivingUp;  // the checkpointed job, from now on
    }
    judges_.tries("job", sink_options(settings_));
  }

  std::map<std::string, std::uint64_t> run() {
    Troubles troubles(world_, cluster_, plan_, judges_, kInput, kOutput, groups(), workload());
    is_up_ = [&troubles](const std::string& broker) { return troubles.is_up(broker); };
    Chaos chaos(world_, plan_.faults);
    for (const auto& job : jobs_) {
      chaos.add({job->name(), true, true, [this, job = job.get()](Death death) {
                   if (job->kill(death)) count_kill(job->name(), death);
                 }});
    }
    chaos.add({"job", true, true, [this](Death death) {
                 if (kill_job(death)) count_kill("job", death);
               }});
    chaos.add({"servers", true, true, {}});
    chaos.begin();
    const SteadyTime calm = world_.now() + plan_.troubled;
    SteadyTime leaves = plan_.away ? world_.now() + kTogether : SteadyTime::max();
    while (world_.now() < calm) {
      append_some();
      troubles.step();
      look_after_jobs();
      world_.run_for(kStep);
      if (world_.now() < leaves) continue;
      leaves = SteadyTime::max();
      troubles.leave(kAway, lives_.chance(0.5));
    }
    if (plan_.away) must_have_kept_up();
    troubles.heal();
    chaos.end();
    world_.trace().note(world_.now(), "world", "everything heals");
    healed_at_ = world_.now();
    wait_for_everything(plan_.without_trouble() ? kCalmPatience : plan_.healed);
    while (!plan_.without_trouble() && world_.now() < *healed_at_ + kSettling) step();
    append_to_all();  // reading goes on in every queue, by every connection
    wait_for_everything(kCalmPatience);
    end_in_good_order();
    auto happened = troubles.happened();
    for (const auto& [name, count] : happened_) happened[name] += count;
    if (const std::size_t calls = cluster_.throttled_calls(); calls > 0) happened["calls throttled"] = calls;
    if (const std::uint64_t requests = cluster_.unanswered(); requests > 0)
      happened["requests to a silent server"] = requests;
    if (const std::uint64_t jobs = judges_.gave_up(); jobs > 0) happened["job gave up"] = jobs;
    for (const auto& [name, count] : cluster_.faults_met()) {
      happened[name] += count;
      happened["odd answers"] += count;
    }
    for (const auto& [name, count] : world_.mishaps()) happened[name] += count;
    return happened;
  }

  [[nodiscard]] std::uint64_t messages() const { return judges_.appended_count(); }

 private:
  Troubles::Workload workload() {
    return {[this](std::chrono::nanoseconds slowness) { jobs_.front()->set_slowness(slowness); },
            [this] { append_burst(); }, [this] { jobs_[lives_.below(jobs_.size())]->stop(); },
            [this] {
              if (job_) job_->hand_back(lives_);
            },
            [this](bool rests) {
              if (job_) job_->rest(lives_, rests);
            }};
  }

  void append_some() {
    due_ += plan_.messages_per_second * std::chrono::duration<double>(kStep).count();
    while (due_ >= 1) {
      due_ -= 1;
      if (const QueueId queue = any_queue(); is_up_(queue.broker)) append(queue, messages_.below(plan_.longest_body));
    }
  }
  void append_burst() {
    const QueueId queue = any_queue();
    if (!is_up_(queue.broker)) return;
    for (std::size_t bytes = 0; bytes < kBurstBytes; bytes += plan_.burst_body) append(queue, plan_.burst_body);
  }
  void append_to_all() {
    for (const QueueId& queue : cluster_.queues_of(kInput)) append(queue, 1);
  }
  QueueId any_queue() {
    const auto queues = cluster_.queues_of(kInput);
    return queues[messages_.below(queues.size())];
  }
  void append(const QueueId& queue, std::size_t bytes) {
    mock::MockMessage message;
    const std::int64_t offset = cluster_.next_offset(queue);
    message.body = body_of({queue.broker, queue.id, offset}, bytes);
    message.store_timestamp_ms = world_.wall_clock_ms();
    message.keys = "key" + std::to_string(messages_.below(5));
    const bool wanted = !plan_.filters || messages_.chance(0.6);
    message.tags = wanted ? kWantedTag : messages_.chance(0.5) ? kTwinTag : "other";
    judges_.appended(queue, offset, wanted, message.store_timestamp_ms);
    (void)cluster_.append(queue, message);
  }

  // ---- jobs
  void add_job(const char* name, JobKind kind, std::size_t readers, std::chrono::nanoseconds delay) {
    JobSettings settings = settings_;
    settings.kind = kind;
    settings.readers = readers;
    settings.start_time_ms = world_.wall_clock_ms() + lives_.between(0, 50'000);
    judges_.tries(name, sink_options(settings));
    if (kind == JobKind::kTail) judges_.commits_start(name);
    if (kind == JobKind::kSince) judges_.begins_anew(name);
    jobs_.push_back(std::make_unique<NativeJob>(world_, cluster_, settings, name, delay));
  }
  void start_job() {
    const std::string life = fmt::format("job.{}", ++lives_begun_);
    judges_.starts(life, "job", false);  // it goes by its checkpoint
    job_ = std::make_unique<CheckpointedJob>(world_.process("job"), settings_, "job", life, checkpoint_,
                                             lives_.stream(life));
    job_lived_ = 0ns;
    job_started_ = world_.now();
    job_->start();
  }
  bool kill_job(Death death) {
    if (!job_) return false;
    world_.process("job").kill(death);
    judges_.dies("job");
    job_->abandon();
    // The ghost's threads are waited for on the side.
    graves_.push_back(world_.process("graves").spawn(
        "grave", [ghost = std::shared_ptr<CheckpointedJob>(std::move(job_))]() mutable { ghost.reset(); }));
    job_due_ = world_.now() + lives_.skewed(10ms, 5s);
    return true;
  }
  void count_kill(const std::string& job, Death death) {
    ++happened_[job + " killed"];
    if (death == Death::kMachine) ++happened_["machine died"];
  }
  [[nodiscard]] std::vector<std::string> groups() const {
    std::vector<std::string> names;
    for (const auto& job : jobs_) names.push_back(job->name());
    if (plan_.checkpointed_job) names.emplace_back("job");
    return names;
  }

  /// Starts anew what was killed, and what gave up at its start as it may.
  void look_after_jobs() {
    const bool healed = healed_at_.has_value();
    const auto since = healed ? std::optional(world_.now() - *healed_at_) : std::nullopt;
    for (const auto& job : jobs_) job->step(kStep, since);
    if (++looks_ % kLooksApart == 0) look_at_connections();
    if (!plan_.checkpointed_job) return;
    if (job_ && job_->error()) {
      judges_.ended_by_itself("job", job_->error(), job_lived_, world_.now() - job_started_);
      job_.reset();
      job_due_ = world_.now() + 1s;
    }
    if (!job_ && (healed || world_.now() >= job_due_)) start_job();
    if (!job_) return;
    job_->look_at_readers();
    if (!world_.process("job").group().held) job_lived_ += kStep;
  }

  void must_have_kept_up() const {
    const std::int64_t by = world_.wall_clock_ms() - kBehind / 1ms;
    judges_.must_have_kept_up("runner", kAway, by);
    if (plan_.checkpointed_job) judges_.must_have_kept_up("job", kAway, by);
  }

  void look_at_connections() {
    std::map<std::string, std::size_t> held;
    for (const auto& connection : world_.network().connections()) ++held[connection->machine(Connection::kClient)];
    for (const auto& job : jobs_) {
      if (job->clients() > 0) judges_.connected(job->name(), held[job->name()], kMostConnections * job->clients());
    }
  }

  [[nodiscard]] bool everything_arrived() const {
    return std::all_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return job->has_arrived(); }) &&
           (!plan_.checkpointed_job || judges_.all_arrived("job"));
  }
  void step() {
    look_after_jobs();
    world_.run_for(kStep);
  }
  void wait_for_everything(std::chrono::seconds patience) {
    SteadyTime deadline = world_.now() + patience;
    for (std::uint64_t stored = 0; !everything_arrived();) {
      // Where calls are few, catching up takes long: something must happen all the time.
      const bool progress = std::exchange(stored, judges_.stored_count()) != judges_.stored_count();
      if (plan_.max_api_calls_per_second > 0 && progress) deadline = std::max(deadline, world_.now() + kProgress);
      if (world_.now() >= deadline) {
        for (const auto& job : jobs_) job->must_have_arrived(patience);
        if (plan_.checkpointed_job) judges_.must_have_arrived("job", patience);
      }
      step();
    }
  }

  void end_in_good_order() {
    // At any moment between two commits, or while one is on its way; not at the end that it was told to before.
    append_to_all();
    const auto is_stopping = [](const auto& job) { return job->is_stopping(); };
    const SteadyTime begin = world_.now();
    const std::uint64_t events = world_.scheduler().events();
    for (const auto time = lives_.skewed(1ms, 4s);
         world_.now() - begin < time || std::any_of(jobs_.begin(), jobs_.end(), is_stopping);) {
      step();
    }
    // A bounded job begins again and again, which is work.
    if (!plan_.bounded && world_.now() - begin >= 1s)
      judges_.idled(world_.scheduler().events() - events, world_.now() - begin);
    for (const auto& job : jobs_) job->end_well();
    jobs_.clear();
    job_.reset();
    graves_.clear();
  }

  World& world_;
  const Plan& plan_;
  Judges judges_;
  mock::MockCluster cluster_;
  JobSettings settings_{plan_, judges_, {}, kInput, kOutput, kSecret};
  Random messages_;
  Random lives_;
  double due_ = 0;
  std::uint64_t looks_ = 0;
  std::optional<SteadyTime> healed_at_;
  std::function<bool(const std::string& broker)> is_up_;
  std::map<std::string, std::uint64_t> happened_;
  std::vector<std::unique_ptr<NativeJob>> jobs_;  ///< the runner first
  std::optional<Checkpoint> checkpoint_;
  std::uint64_t lives_begun_ = 0;  ///< of the checkpointed job
  std::unique_ptr<CheckpointedJob> job_;
  SteadyTime job_due_{};
  SteadyTime job_started_{};
  std::chrono::nanoseconds job_lived_{0};  ///< while it was not paused
  std::vector<std::unique_ptr<Process::Running>> graves_;
};

}  // namespace

Outcome simulate(std::uint64_t seed, const Trace::Sink& trace, const Failed& failed) {
  Options options;
  options.trace = trace;
  options.events_per_second = kEventsPerSecond;
  options.longest = kLongest;
  World* here = nullptr;
  options.on_failure = [&](const std::string& what) { failed(what, here->trace().newest(), here->trace().hash()); };
  World world(seed, options);
  here = &world;
  Outcome outcome;
  const SteadyTime begin = world.now();
  {
    const Plan plan = make_plan(world.random("plan"));
    Simulation simulation(world, plan);
    outcome.happened = simulation.run();
    outcome.messages = simulation.messages();
  }
  outcome.hash = world.trace().hash();
  outcome.lasted = world.now() - begin;
  outcome.events = world.scheduler().events();
  return outcome;
}

}  // namespace rocketlink::sim
