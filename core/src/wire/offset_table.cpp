#include "wire/offset_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rocketlink::wire {

namespace {

constexpr std::string_view kAroundNumbers = " \t\r\n\"{,";

}  // namespace

std::set<std::int32_t> queues_with_offset(std::string_view table, std::string_view topic, std::string_view group) {
  std::set<std::int32_t> queues;
  const std::string key = fmt::format("\"{}@{}\"", topic, group);  // neither name can hold what JSON would escape
  const auto found = table.find(key);
  if (found == std::string_view::npos) return queues;
  std::string_view rest = table.substr(found + key.size());
  const auto begin = rest.find('{');
  if (begin == std::string_view::npos) return queues;
  rest = rest.substr(begin, rest.find('}') - begin);
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kAroundNumbers), rest.size()));
    std::int32_t queue = 0;
    if (std::from_chars(rest.data(), rest.data() + rest.size(), queue).ec == std::errc{}) queues.insert(queue);
    rest.remove_prefix(std::min(rest.find(','), rest.size()));
  }
  return queues;
}

}  // namespace rocketlink::wire
