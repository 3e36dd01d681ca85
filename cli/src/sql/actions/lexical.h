#pragma once

#include "sql/builder.h"
#include "sql/failure.h"
#include "sql/grammar/table.h"

/// Keeps the last name, string and number.
namespace rocketlink::sql::grammar {

template <class Rule>
struct Action : p::nothing<Rule> {};

template <>
struct Action<PlainName> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.name = {in.string(), b.offset(in.begin())};
  }
};

template <>
struct Action<BackquotedName> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.name = {unquoted(in.string_view()), b.offset(in.begin())};
    if (b.name.text.empty()) throw Failure{b.name.offset, "a name between backquotes cannot be empty"};
  }
};

template <>
struct Action<StringContent> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.string = {unquoted(in.string_view()), b.offset(in.begin())};
  }
};

template <>
struct Action<Digits> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.number = {in.string(), b.offset(in.begin())};
  }
};

}  // namespace rocketlink::sql::grammar
