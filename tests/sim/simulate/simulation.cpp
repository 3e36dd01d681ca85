#include "sim/simulate/simulation.h"

#include <fmt/format.h>

#include <deque>
#include <memory>

#include "sim/chaos.h"
#include "sim/simulate/checkpointed_job.h"
#include "sim/simulate/runner.h"
#include "sim/simulate/troubles.h"

namespace rocketlink::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kStep{50};
constexpr std::chrono::seconds kStartPatience{21};  ///< what has never worked may give up by then
constexpr std::uint64_t kEventsPerSecond = 200'000;
constexpr std::size_t kBurstBytes = 14 * 1024 * 1024;
constexpr std::chrono::seconds kDrainPatience{30};  ///< for acknowledgements, as the program has it
constexpr std::chrono::seconds kEndPatience{15};    ///< for the rest
const std::string kInput = "input";
const std::string kOutput = "output";
const std::string kSecret = "hTb5x-secret-kQ9";

mock::MockSetup setup_of(const Plan& plan, Judges& judges) {
  mock::MockSetup setup;
  setup.name_servers = plan.name_servers;
  setup.brokers = plan.brokers;
  setup.version = plan.version;
  setup.keeps_seen = false;
  setup.hold_check = 5s;
  setup.max_message_bytes = plan.max_message_bytes;
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
    mock::PullLimits limits;
    limits.messages = plan.messages_per_pull;
    cluster_.set_limits(limits);
    // By a name, so that names can be slow, unknown, or lead nowhere at first.
    world.network().name("name-servers", {asio::ip::address_v4::loopback()});
    for (const std::string& endpoint : cluster_.endpoints())
      settings_.endpoints.push_back("name-servers" + endpoint.substr(endpoint.rfind(':')));
  }

  std::map<std::string, std::uint64_t> run() {
    Troubles troubles(world_, cluster_, plan_, judges_, kInput, kOutput, workload());
    Chaos chaos(world_, plan_.faults);
    chaos.add({"runner", true, true, [this](Death death) { kill_runner(death); }});
    chaos.add({"job", true, true, [this](Death death) { kill_job(death); }});
    chaos.add({"servers", true, true, {}});
    chaos.begin();
    start_runner();
    if (plan_.checkpointed_job) start_job();
    const SteadyTime calm = world_.now() + plan_.troubled;
    while (world_.now() < calm) {
      append_some();
      troubles.step();
      look_after_jobs(false);
      world_.run_for(kStep);
    }
    troubles.heal();
    chaos.end();
    world_.trace().note(world_.now(), "world", "everything heals");
    wait_for_everything();
    append_to_all();  // reading goes on in every queue, by every connection
    wait_for_everything();
    end_in_good_order();
    auto happened = troubles.happened();
    for (const auto& [name, count] : world_.mishaps()) happened[name] += count;
    return happened;
  }

  [[nodiscard]] std::uint64_t messages() const { return judges_.appended_count(); }

 private:
  static std::string or_nothing(const std::string& text) { return text.empty() ? "nothing" : text; }

  Troubles::Workload workload() {
    return {[this](std::chrono::nanoseconds slowness) {
              slowness_ = slowness;
              if (runner_) runner_->set_slowness(slowness);
            },
            [this] { append_burst(); },
            [this] {
              if (runner_ && !told_to_stop_) tell_runner_to_stop();
            },
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
      append(any_queue(), messages_.below(plan_.longest_body));
    }
  }
  void append_burst() {
    const QueueId queue = any_queue();
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
    const std::int64_t offset = cluster_.max_offset(queue);
    message.body = Identity{queue.broker, queue.id, offset}.text() + std::string(bytes, 'x');
    message.keys = "key" + std::to_string(messages_.below(5));
    const bool wanted = !plan_.filters || messages_.chance(0.6);
    message.tags = wanted ? kWantedTag : messages_.chance(0.5) ? kTwinTag : "other";
    judges_.appended(queue, offset, wanted);
    (void)cluster_.append(queue, message);
  }

  // ---- lives
  void start_runner() {
    const std::string life = fmt::format("runner.{}", ++lives_begun_);
    judges_.starts(life, "runner");
    told_to_stop_.reset();
    runner_ = std::make_unique<Runner>(world_.process("runner"), settings_, "runner", life);
    runner_->set_slowness(slowness_);
    runner_since_ = world_.now();
    runner_->start();
  }
  void start_job() {
    const std::string life = fmt::format("job.{}", ++lives_begun_);
    judges_.starts(life, "job");
    job_ = std::make_unique<CheckpointedJob>(world_.process("job"), settings_, "job", life, checkpoint_);
    job_since_ = world_.now();
    job_->start();
  }
  void kill_runner(Death death) {
    if (!runner_) return;
    world_.process("runner").kill(death);
    runner_->abandon();
    bury(std::move(runner_));
    runner_due_ = world_.now() + lives_.skewed(10ms, 5s);
  }
  void tell_runner_to_stop() {
    runner_->stop();
    told_to_stop_ = world_.now();
    given_up_ = false;
  }
  /// As the program does once it is told to stop; fails when the end does not come.
  void look_after_end() {
    if (world_.process("runner").group().held) *told_to_stop_ += kStep;  // it does nothing while it is paused
    const auto since = world_.now() - *told_to_stop_;
    if (since >= kDrainPatience && !std::exchange(given_up_, true)) runner_->abandon();
    if (since >= kDrainPatience + kEndPatience) world_.fail("life: the runner does not end though it was told to");
  }
  void kill_job(Death death) {
    if (!job_) return;
    world_.process("job").kill(death);
    job_->abandon();
    bury(std::move(job_));
    job_due_ = world_.now() + lives_.skewed(10ms, 5s);
  }
  /// The ghost's threads are waited for on the side.
  template <class Job>
  void bury(std::unique_ptr<Job> ghost) {
    const std::shared_ptr<Job> shared = std::move(ghost);
    graves_.push_back(
        world_.process("graves").spawn("grave", [shared = std::shared_ptr<Job>(shared)]() mutable { shared.reset(); }));
  }

  /// Starts anew what was killed, and what gave up at its start as it may.
  void look_after_jobs(bool healed) {
    if (runner_ && !runner_->ended() && told_to_stop_) look_after_end();
    if (runner_ && runner_->ended() && told_to_stop_) {
      runner_.reset();
      runner_due_ = world_.now() + lives_.skewed(10ms, 5s);
    } else if (runner_ && runner_->ended()) {
      judge_end(
          "runner", runner_->error(), runner_since_, [this] { runner_.reset(); }, runner_due_);
    }
    if (job_ && job_->error())
      judge_end(
          "job", job_->error(), job_since_, [this] { job_.reset(); }, job_due_);
    if (!runner_ && (healed || world_.now() >= runner_due_)) start_runner();
    if (!job_ && plan_.checkpointed_job && (healed || world_.now() >= job_due_)) start_job();
    if (runner_) runner_->look_at_memory();
    if (job_) job_->look_at_memory();
  }
  template <class End>
  void judge_end(const char* who, const std::optional<Error>& error, SteadyTime since, End end, SteadyTime& due) {
    const std::string why = error ? error->text : "no error";
    const bool may = error && error->retriable && world_.now() - since <= kStartPatience;
    if (!may) world_.fail(fmt::format("life: the {} ended by itself: {}", who, why));
    end();
    due = world_.now() + 1s;
  }

  [[nodiscard]] bool everything_arrived() const {
    return judges_.all_arrived("runner") && (!plan_.checkpointed_job || judges_.all_arrived("job"));
  }

  void wait_for_everything() {
    const SteadyTime deadline = world_.now() + plan_.healed;
    while (!everything_arrived()) {
      if (world_.now() >= deadline) {
        world_.fail(fmt::format("everything: {} s after all healed the runner's output lacks {}; the job's {}",
                                plan_.healed.count(), or_nothing(judges_.missing("runner")),
                                plan_.checkpointed_job ? or_nothing(judges_.missing("job")) : "nothing"));
      }
      look_after_jobs(true);
      world_.run_for(kStep);
    }
  }

  void end_in_good_order() {
    // At any moment between two commits, or while one is on its way; not at the end that it was told to before.
    append_to_all();
    for (const SteadyTime until = world_.now() + lives_.skewed(1ms, 4s); world_.now() < until || told_to_stop_;) {
      look_after_jobs(true);
      world_.run_for(kStep);
    }
    if (runner_) {
      tell_runner_to_stop();
      for (; !runner_->ended(); world_.run_for(1ms)) {
        if (world_.now() >= *told_to_stop_ + kEndPatience)
          world_.fail("life: the runner does not end though it was told to");
      }
      if (const auto error = runner_->error()) world_.fail("life: the runner ended with: " + error->text);
      judges_.ended_well("runner");
    }
    runner_.reset();
    job_.reset();
    graves_.clear();
  }

  World& world_;
  const Plan& plan_;
  Judges judges_;
  mock::MockCluster cluster_;
  JobSettings settings_{plan_, judges_, {}, kInput, kOutput, kSecret, false};
  Random messages_;
  Random lives_;
  double due_ = 0;
  std::chrono::nanoseconds slowness_{0};
  std::optional<Checkpoint> checkpoint_;
  std::uint64_t lives_begun_ = 0;
  std::optional<SteadyTime> told_to_stop_;
  bool given_up_ = false;
  std::unique_ptr<Runner> runner_;
  std::unique_ptr<CheckpointedJob> job_;
  SteadyTime runner_since_{};
  SteadyTime job_since_{};
  SteadyTime runner_due_{};
  SteadyTime job_due_{};
  std::vector<std::unique_ptr<Process::Running>> graves_;
};

}  // namespace

Outcome simulate(std::uint64_t seed, const Trace::Sink& trace, const Failed& failed) {
  Options options;
  options.trace = trace;
  options.events_per_second = kEventsPerSecond;
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
