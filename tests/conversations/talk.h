#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/rpc_client.h"
#include "rocketlink/runtime.h"

/// Conversations with a cluster, written down so that those with a real one and with the mock can be compared.
namespace rocketlink::conversations {

using Milliseconds = std::chrono::milliseconds;
using wire::RequestCode;

/// Whom to talk to.
struct Cluster {
  std::string name_server;
  std::string broker;
  std::string suffix;  ///< of the names of topics and groups: new ones for each conversation
};

/// A message as a pull gave it out.
struct Message {
  std::int64_t offset = 0;
  std::int64_t store_timestamp_ms = 0;
  std::string text;  ///< all of it that is to be compared
};

struct Answer {
  std::int32_t code = -1;  ///< -1: none came
  std::string remark;
  wire::ExtFields ext;
  std::string body;
  Milliseconds took{0};

  [[nodiscard]] bool came() const { return code >= 0; }
  [[nodiscard]] std::int64_t number(std::string_view name) const { return ext.find_int(name).value_or(-1); }
  [[nodiscard]] std::vector<Message> messages() const;
};

/// Fields of a request.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Asks, one after the other, and writes down what is to be compared.
class Talk {
 public:
  Talk(Runtime& runtime, Cluster cluster);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  // ---- asking
  [[nodiscard]] Answer ask_broker(RequestCode code, const Fields& fields, std::string body = {},
                                  Milliseconds patience = Milliseconds(20'000));
  [[nodiscard]] Answer ask_name_server(RequestCode code, const Fields& fields, Milliseconds patience);
  /// A question whose answer is taken later.
  [[nodiscard]] std::function<Answer()> begin(RequestCode code, const Fields& fields);
  void wait(Milliseconds time);
  [[nodiscard]] std::int64_t wall_clock_ms() const { return runtime_.wall_clock_ms(); }

  // ---- what most scripts begin with
  /// The name itself, as this conversation has it.
  [[nodiscard]] std::string named(std::string_view name) const { return std::string(name) + cluster_.suffix; }
  /// And it waits until the name server knows it.
  std::string create_topic(std::string_view name, int read_queues, int write_queues, int perm = 6);
  [[nodiscard]] Answer send(const std::string& topic, int queue, std::string_view body,
                            std::string_view properties = {}, const Fields& more = {});
  /// Each member: body and properties.
  [[nodiscard]] Answer send_batch(const std::string& topic, int queue,
                                  const std::vector<std::pair<std::string, std::string>>& members);
  /// Until the queue shows so many offsets: dispatching may trail behind acknowledging.
  void wait_for_max_offset(const std::string& topic, int queue, std::int64_t offset);
  [[nodiscard]] static Fields pull_fields(const std::string& group, const std::string& topic, int queue,
                                          std::int64_t offset, const Fields& changed = {});
  [[nodiscard]] static Fields queue_fields(const std::string& topic, int queue, const Fields& more = {});

  // ---- writing down
  void line(std::string_view text);
  /// Without this conversation's suffix.
  [[nodiscard]] std::string plain(std::string text) const;
  [[nodiscard]] const std::string& written() const { return written_; }

  /// `code=0 next=5 min=0 max=5 broker=0 FOUND` and a line for each message.
  void line_of_pull(std::string_view what, const Answer& answer);
  /// The code and the named fields.
  void line_of(std::string_view what, const Answer& answer, const std::vector<std::string_view>& fields = {});

 private:
  [[nodiscard]] std::function<Answer()> begin_at(const std::string& address, RequestCode code, const Fields& fields,
                                                 std::string body, Milliseconds patience);

  Runtime& runtime_;
  const Cluster cluster_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::RpcClient> client_;
  std::uint32_t next_stream_ = 1;
  std::string written_;
};

}  // namespace rocketlink::conversations
