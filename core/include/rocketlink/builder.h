#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rocketlink/client.h"
#include "rocketlink/log.h"
#include "rocketlink/options.h"

namespace rocketlink {

/// What the builders of sources and sinks have in common. Each setter is short for the option of that name, and `set`
/// takes all the others of docs/options.md; what is wrong with any of them is said by `build`, all at once.
template <class Self>
class OptionsBuilder {
 public:
  /// Sets an option by its name, as the WITH clause of a table does; case does not count. The last value of a name
  /// wins.
  Self& set(std::string_view name, std::string_view value) {
    set_option(entries_, name, value);
    return self();
  }
  /// kMq5 unless set.
  Self& set_connector(Connector connector) { return set("connector", connector == Connector::kMq ? "mq" : "mq5"); }
  /// `host:port`, several separated by `;`.
  Self& set_endpoint(std::string_view endpoint) { return set("endpoint", endpoint); }
  Self& set_access_id(std::string_view id) { return set("accessId", id); }
  Self& set_access_key(std::string_view key) { return set("accessKey", key); }
  /// kMq only.
  Self& set_instance_id(std::string_view id) { return set("instanceID", id); }
  Self& set_topic(std::string_view topic) { return set("topic", topic); }
  /// A source's filter (`TagA||TagB`); in a sink, for kMq only, the tag of every message.
  Self& set_tag(std::string_view tag) { return set("tag", tag); }
  /// The connections to use, shared with other sources and sinks; else they are opened for this one alone.
  Self& set_client(std::shared_ptr<Client> client) {
    client_ = std::move(client);
    return self();
  }
  /// Where to write what is worth knowing, when there is no client yet.
  Self& set_log(LogFunction log) {
    log_ = std::move(log);
    return self();
  }

 protected:
  OptionsBuilder() { set_connector(Connector::kMq5); }
  ~OptionsBuilder() = default;
  OptionsBuilder(const OptionsBuilder&) = default;
  OptionsBuilder& operator=(const OptionsBuilder&) = default;
  OptionsBuilder(OptionsBuilder&&) noexcept = default;
  OptionsBuilder& operator=(OptionsBuilder&&) noexcept = default;

  Self& set_number(std::string_view name, std::int64_t value) { return set(name, std::to_string(value)); }
  [[nodiscard]] Result<std::shared_ptr<Client>> client(const ConnectionOptions& options) const {
    if (client_) return client_;
    return Client::create(options, log_);
  }

  OptionEntries entries_;
  std::shared_ptr<Client> client_;
  LogFunction log_;

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace rocketlink
