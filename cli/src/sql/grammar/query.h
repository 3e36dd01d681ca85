#pragma once

#include <cstddef>
#include <string_view>

#include "sql/grammar/lexical.h"

/// Queries are not read here, only where they end.
namespace rocketlink::sql::grammar {

/// Where the query that `text` begins with ends: before its `;`, or inside a statement set before an END that closes no
/// CASE. Blanks at the end are no part of it.
[[nodiscard]] std::size_t query_length(std::string_view text, bool inside_set);

enum class Place { kAlone, kInSet };

template <Place Where>
struct QueryText {
  using rule_t = QueryText;
  using subs_t = p::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    in.bump(query_length({in.current(), in.size(1)}, Where == Place::kInSet));
    return true;
  }
};

struct QueryStart : p::at<p::sor<Keyword<"SELECT", "VALUES", "WITH">, p::one<'('>>> {};

template <Place Where>
struct Query
    : p::seq<Must<QueryStart, "SELECT, VALUES or WITH", "SELECT", "VALUES", "WITH">, QueryText<Where>, Blanks> {};

}  // namespace rocketlink::sql::grammar
