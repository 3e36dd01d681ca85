/// The broker's limit: pulls a topic's queues 8 deep over plain sockets and throws the bodies away. What it reads in a
/// second no client can surpass by much on this machine.
///   bare_reader HOST PORT BROKER_NAME TOPIC QUEUES
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t kPull = 32;  // what a broker gives at most
constexpr int kDepth = 8;
constexpr int kPullMessage = 11;
constexpr int kGetMaxOffset = 30;
constexpr int kGetMinOffset = 31;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint32_t get_u32(const char* at) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(at);
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string request(int code, std::int32_t opaque, const Fields& fields) {
  std::string ext;
  for (const auto& [name, value] : fields) {
    put(ext, name.size(), 2);
    ext += name;
    put(ext, value.size(), 4);
    ext += value;
  }
  std::string header;
  put(header, static_cast<std::uint64_t>(code), 2);
  put(header, 1, 1);    // CPP
  put(header, 513, 2);  // 5.5.0
  put(header, static_cast<std::uint64_t>(opaque), 4);
  put(header, 0, 4);
  put(header, 0, 4);
  put(header, ext.size(), 4);
  header += ext;
  std::string frame;
  put(frame, 4 + header.size(), 4);
  put(frame, std::uint64_t{1} << 24 | header.size(), 4);
  return frame + header;
}

/// A number out of a JSON header, quoted or not.
std::int64_t number(std::string_view header, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":";
  std::size_t at = header.find(key);
  if (at == std::string_view::npos) throw std::runtime_error("no " + key + " in " + std::string(header));
  at += key.size();
  if (header[at] == '"') ++at;
  return std::strtoll(header.data() + at, nullptr, 10);
}

/// One queue on a connection of its own.
class Queue {
 public:
  Queue(const char* host, const char* port, std::string broker, std::string topic, int id)
      : broker_(std::move(broker)), topic_(std::move(topic)), id_(std::to_string(id)), buffer_(1 << 20) {
    addrinfo* found = nullptr;
    if (getaddrinfo(host, port, nullptr, &found) != 0) throw std::runtime_error("address");
    socket_ = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(socket_, found->ai_addr, found->ai_addrlen) != 0) throw std::runtime_error("connect");
    freeaddrinfo(found);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    begin_ = offset(kGetMinOffset);
    end_ = offset(kGetMaxOffset);
  }

  int descriptor() const { return socket_; }
  bool done() const { return begin_ == end_ && in_flight_.empty(); }
  std::int64_t messages() const { return messages_; }

  void fill() {
    std::string out;
    while (begin_ < end_ && in_flight_.size() < kDepth) {
      const std::int64_t stop = std::min(begin_ + kPull, end_);
      pull(out, begin_, stop);
      begin_ = stop;
    }
    write(out);
  }

  /// Takes what the socket has.
  void take() {
    const ssize_t got = ::read(socket_, buffer_.data() + filled_, buffer_.size() - filled_);
    if (got <= 0) throw std::runtime_error("the broker closed the connection");
    filled_ += static_cast<std::size_t>(got);
    std::size_t at = 0;
    while (filled_ - at >= 8) {
      const std::size_t length = 4 + get_u32(&buffer_[at]);
      if (filled_ - at < length) {
        if (length > buffer_.size()) buffer_.resize(length);
        break;
      }
      const std::size_t header = get_u32(&buffer_[at + 4]) & 0xFFFFFF;
      handle({&buffer_[at + 8], header});
      at += length;
    }
    filled_ -= at;
    std::memmove(buffer_.data(), buffer_.data() + at, filled_);
  }

 private:
  struct Range {
    std::int64_t begin, end;
  };

  /// A range is its own affair: what an answer leaves over is asked for again.
  void handle(std::string_view header) {
    const auto opaque = static_cast<std::int32_t>(number(header, "opaque"));
    const Range range = in_flight_.at(opaque);
    in_flight_.erase(opaque);
    if (number(header, "code") != 0) throw std::runtime_error(std::string(header));
    const std::int64_t next = std::min(number(header, "nextBeginOffset"), range.end);
    messages_ += next - range.begin;
    if (next < range.end) {
      std::string out;
      pull(out, next, range.end);
      write(out);
    }
  }

  void pull(std::string& out, std::int64_t begin, std::int64_t end) {
    in_flight_[++opaque_] = {begin, end};
    out += request(kPullMessage, opaque_,
                   {{"consumerGroup", "bare-reader"},
                    {"topic", topic_},
                    {"queueId", id_},
                    {"queueOffset", std::to_string(begin)},
                    {"maxMsgNums", std::to_string(end - begin)},
                    {"sysFlag", "4"},
                    {"commitOffset", "0"},
                    {"suspendTimeoutMillis", "0"},
                    {"subscription", "*"},
                    {"subVersion", "0"},
                    {"expressionType", "TAG"},
                    {"bname", broker_}});
  }

  std::int64_t offset(int code) {
    write(request(code, 0, {{"topic", topic_}, {"queueId", id_}, {"bname", broker_}}));
    std::string frame(8, 0);
    if (recv(socket_, frame.data(), 8, MSG_WAITALL) != 8) throw std::runtime_error("read");
    std::string rest(get_u32(frame.data()) - 4, 0);
    if (recv(socket_, rest.data(), rest.size(), MSG_WAITALL) != static_cast<ssize_t>(rest.size())) {
      throw std::runtime_error("read");
    }
    return number(rest, "offset");
  }

  void write(std::string_view data) const {
    while (!data.empty()) {
      const ssize_t sent = ::write(socket_, data.data(), data.size());
      if (sent <= 0) throw std::runtime_error("write");
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  int socket_ = -1;
  std::string broker_, topic_, id_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::map<std::int32_t, Range> in_flight_;
  std::int32_t opaque_ = 0;
  std::int64_t begin_ = 0, end_ = 0, messages_ = 0;
};

int run(char** arguments) {
  std::vector<Queue> queues;
  for (int id = 0; id < std::atoi(arguments[5]); ++id) {
    queues.emplace_back(arguments[1], arguments[2], arguments[3], arguments[4], id);
  }
  std::vector<pollfd> sockets;
  for (Queue& queue : queues) sockets.push_back({queue.descriptor(), POLLIN, 0});
  while (!std::all_of(queues.begin(), queues.end(), [](const Queue& queue) { return queue.done(); })) {
    for (Queue& queue : queues) queue.fill();
    if (poll(sockets.data(), sockets.size(), 10'000) == 0) throw std::runtime_error("no answer for 10 s");
    for (std::size_t i = 0; i < queues.size(); ++i) {
      if (sockets[i].revents != 0) queues[i].take();
    }
  }
  std::int64_t messages = 0;
  for (const Queue& queue : queues) messages += queue.messages();
  std::printf("{\"messages\": %lld}\n", static_cast<long long>(messages));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: bare_reader HOST PORT BROKER_NAME TOPIC QUEUES\n");
    return 2;
  }
  try {
    return run(arguments);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "bare_reader: %s\n", problem.what());
    return 1;
  }
}
