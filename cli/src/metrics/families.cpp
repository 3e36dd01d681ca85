#include "metrics/families.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace rocketlink::metrics {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Collector {
 public:
  void counter(std::string_view name, std::string_view help, const Labels& labels, std::uint64_t value) {
    metric(name, help, MetricType::Counter, labels).counter.value = static_cast<double>(value);
  }
  void gauge(std::string_view name, std::string_view help, const Labels& labels, double value) {
    metric(name, help, MetricType::Gauge, labels).gauge.value = value;
  }
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  ClientMetric& metric(std::string_view name, std::string_view help, MetricType type, const Labels& labels) {
    const std::string whole = "rocketlink_" + std::string(name);
    auto family =
        std::find_if(families_.begin(), families_.end(), [&](const auto& each) { return each.name == whole; });
    if (family == families_.end()) {
      family = families_.insert(families_.end(), MetricFamily{whole, std::string(help), type, {}});
    }
    ClientMetric& added = family->metric.emplace_back();
    added.label = labels;
    return added;
  }

  std::vector<MetricFamily> families_;
};

void add_calls(Collector& to, const Labels& labels, std::uint64_t calls, std::uint64_t retries,
               std::uint64_t throttled) {
  to.counter("numApiCalls", "Calls to brokers.", labels, calls);
  to.counter("numRetries", "Calls that failed and were tried again.", labels, retries);
  to.counter("numThrottled", "Calls that a broker refused because it was busy or throttles.", labels, throttled);
}

void add_queue(Collector& to, const std::string& table, const QueueStats& queue) {
  const Labels labels = {{"role", "source"},
                         {"table", table},
                         {"topic", queue.queue.topic},
                         {"broker", queue.queue.broker},
                         {"queue", std::to_string(queue.queue.id)}};
  to.gauge("currentOffset", "The next offset to be read.", labels, static_cast<double>(queue.position));
  to.gauge("committedOffset", "The offset last committed to the group by this run; -1: none.", labels,
           static_cast<double>(queue.committed));
  to.gauge("pendingRecords", "Messages of the queue that are not read yet.", labels,
           static_cast<double>(std::max<std::int64_t>(0, queue.max_offset - queue.position)));
}

void add_source(Collector& to, const engine::JobStats::Source& source, const Volume& per_second) {
  const Labels labels = {{"role", "source"}, {"table", source.table}};
  const engine::InputStats& in = source.in;
  to.counter("numRecordsIn", "Rows read.", labels, in.rows);
  to.counter("numBytesIn", "Bytes of message bodies read.", labels, in.bytes);
  to.counter("numRecordsInErrors", "Records skipped because they do not fit the table.", labels, in.records_skipped);
  to.gauge("numRecordsInPerSecond", "Rows read a second, over the last minute.", labels, per_second.records);
  to.gauge("numBytesInPerSecond", "Bytes read a second, over the last minute.", labels, per_second.bytes);
  if (in.fetch_lag_ms) {
    to.gauge("currentFetchEventTimeLag", "ms from the storing of the last message to its fetching.", labels,
             static_cast<double>(*in.fetch_lag_ms));
  }
  if (in.emit_lag_ms) {
    to.gauge("currentEmitEventTimeLag", "ms from the storing of the last message to when its rows were handed on.",
             labels, static_cast<double>(*in.emit_lag_ms));
  }
  to.gauge("sourceIdleTime", "ms since there was something to read.", labels, static_cast<double>(in.idle_ms));
  add_calls(to, labels, in.reader.api_calls, in.reader.retries, in.reader.throttled);
  for (const QueueStats& queue : in.reader.queues) add_queue(to, source.table, queue);
}

void add_sink(Collector& to, const std::string& table, const engine::OutputStats& out, const Volume& per_second) {
  const Labels labels = {{"role", "sink"}, {"table", table}};
  const Volume volume = volume_of(out);
  to.counter("numRecordsOut", "Rows written: of a topic, what is acknowledged.", labels,
             static_cast<std::uint64_t>(volume.records));
  to.gauge("numRecordsOutPerSecond", "Rows written a second, over the last minute.", labels, per_second.records);
  if (!out.sink) return;
  to.counter("numBytesOut", "Bytes of message bodies that are acknowledged.", labels, out.sink->bytes_acknowledged);
  to.gauge("numBytesOutPerSecond", "Bytes written a second, over the last minute.", labels, per_second.bytes);
  to.counter("numRecordsOutErrors", "Messages that could not be written.", labels, out.sink->messages_failed);
  to.gauge("currentSendTime", "ms that the last acknowledged send took.", labels,
           static_cast<double>(out.sink->last_send_ms));
  to.counter("numSendsDegraded", "Messages that were stored, but flushed or replicated late.", labels,
             out.sink->degraded);
  to.counter("numDelimiterConflicts", "Fields that hold the delimiter.", labels, out.delimiter_conflicts);
  add_calls(to, labels, out.sink->api_calls, out.sink->retries, out.sink->throttled);
}

}  // namespace

std::vector<MetricFamily> families(const engine::JobStats& stats, const Volumes& per_second) {
  Collector to;
  for (std::size_t i = 0; i < stats.sources.size(); ++i) add_source(to, stats.sources[i], per_second.sources[i]);
  std::vector<std::pair<std::string, std::pair<engine::OutputStats, Volume>>> tables;  // several INSERTs may share one
  for (std::size_t i = 0; i < stats.sinks.size(); ++i) {
    const auto& sink = stats.sinks[i];
    auto table = std::find_if(tables.begin(), tables.end(), [&](const auto& each) { return each.first == sink.table; });
    if (table == tables.end()) table = tables.insert(tables.end(), {sink.table, {}});
    auto& [out, rate] = table->second;
    out += sink.out;
    rate.records += per_second.sinks[i].records;
    rate.bytes += per_second.sinks[i].bytes;
  }
  for (const auto& [table, figures] : tables) add_sink(to, table, figures.first, figures.second);
  return to.take();
}

}  // namespace rocketlink::metrics
