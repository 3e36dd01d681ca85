#include "net/name_lookups.h"

#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/post.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

namespace rocketlink::net {

namespace {

/// Each takes a thread; more fail at once, as no cluster has so many names.
constexpr std::size_t kMostLookupsAtOnce = 64;
constexpr std::chrono::seconds kSlowLookup{1};      ///< one that takes as long may outlast the patience of who asked
constexpr std::chrono::seconds kKeepsSlowName{60};  ///< so its answer serves who asks again, every 30 s at least

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

std::optional<Endpoint> without_lookup(const std::string& host, const std::string& port) {
  asio::error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  std::uint16_t number = 0;
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (no_address || code != std::errc() || end != port.data() + port.size()) return std::nullopt;
  return Endpoint(address, number);
}

/// What the machine says when it has no thread for a lookup.
class NoThread final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "lookup"; }
  [[nodiscard]] std::string message(int value) const override {
    return "no thread can be started for it: " + std::generic_category().message(value);
  }
};

const std::error_category& no_thread() {
  static const NoThread category;
  return category;
}

}  // namespace

NameLookups::~NameLookups() {
  for (auto& [name, lookup] : under_way_) lookup.end();
}

void NameLookups::Lookup::end() {
  if (thread.joinable()) thread.join();
}

void NameLookups::ask(const std::string& host, const std::string& port, EventLoop::Resolved resolved) {
  if (const auto known = without_lookup(host, port)) {
    asio::post(loop_, [resolved = std::move(resolved), known] { resolved({}, {*known}); });
    return;
  }
  const Name name(host, port);
  if (const auto kept = kept_.find(name); kept != kept_.end() && now() < kept->second.until) {
    asio::post(loop_, [resolved = std::move(resolved), found = kept->second.found] { resolved({}, found); });
    return;
  }
  const auto found = under_way_.find(name);
  if (found != under_way_.end()) {
    found->second.waiting.push_back(std::move(resolved));
  } else if (under_way_.size() < kMostLookupsAtOnce) {
    Lookup& lookup = under_way_[name];
    lookup.begun = now();
    lookup.waiting.push_back(std::move(resolved));
    look_up(name);
  } else {
    asio::post(loop_, [resolved = std::move(resolved)] { resolved(asio::error::host_not_found_try_again, {}); });
  }
}

void NameLookups::look_up(const Name& name) {
  try {
    under_way_.at(name).thread = std::thread([this, name] {
      asio::error_code error;
      std::vector<Endpoint> endpoints;
      asio::ip::tcp::resolver resolver(loop_);
      for (const auto& entry : resolver.resolve(name.first, name.second, error)) endpoints.push_back(entry.endpoint());
      asio::post(loop_, [=, this, endpoints = std::move(endpoints)] { answered(name, error, endpoints); });
    });
  } catch (const std::system_error& failed) {
    asio::post(loop_,
               [=, this, error = std::error_code(failed.code().value(), no_thread())] { answered(name, error, {}); });
  }
}

void NameLookups::answered(const Name& name, const std::error_code& error, const std::vector<Endpoint>& found) {
  Lookup done = std::move(under_way_.at(name));
  under_way_.erase(name);
  done.end();
  std::erase_if(kept_, [](const auto& kept) { return now() >= kept.second.until; });
  if (!error && now() - done.begun >= kSlowLookup) kept_[name] = {found, now() + kKeepsSlowName};
  for (const EventLoop::Resolved& resolved : done.waiting) resolved(error, found);
}

}  // namespace rocketlink::net
